"""What does it cost to tell many open pages at once? CPU a broadcast, delay, memory a connection.

1,000 sockets of one process, against Channels with Redis in the same run; then 5,000 of ours.
"""

from __future__ import annotations

import atexit
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from benchmarks import common
from codetrack.config import machine
from tests.postgres import free_port

MANY, MOST = 1_000, 5_000
BROADCASTS, ROUNDS = 15, 3
CHEAPER = 6
#: Seconds between two broadcasts: 5,000 times 25 µs of CPU have to fit in between.
PAUSE = {MANY: 0.4, MOST: 1.0}
CHANNELS = common.ROOT / "benchmarks" / "parts" / "channels" / "channels_live.py"


@dataclass(frozen=True)
class Seen:
    """One run: CPU a broadcast and delays in ms, memory in KiB a connection, and what arrived."""

    cpu: float
    p50: float
    p99: float
    memory: float
    delivered: float

    def __str__(self) -> str:
        delays = f"p50 {self.p50:.0f}, p99 {self.p99:.0f} ms"
        return f"{self.cpu:.1f} ms CPU, {delays}, {self.memory:.0f} KiB, {self.delivered:.1%}"


@dataclass
class Side:
    """A server, whoever writes what it tells, and what each listener sends first."""

    serve: list[str]
    publish: list[str]
    lines: list[str]
    environment: dict[str, str]

    def run(self, count: int) -> Seen:
        port = free_port()
        server = subprocess.Popen([*self.serve, str(port)], env=self.environment)
        try:
            wait_for(port)
            return self._measure(count, port, server.pid)
        finally:
            server.terminate()
            server.wait()

    def _measure(self, count: int, port: int, pid: int) -> Seen:
        with crowd(port, self.lines[:1], 0) as first:  # it loads what all of them share
            first.wait()
        before = memory_of(pid)
        with crowd(port, self.lines[:count], BROADCASTS) as listeners:
            assert listeners.stdout
            assert listeners.stdout.readline() == "ready\n"
            time.sleep(1)
            memory, cpu = memory_of(pid) - before, cpu_of(pid)
            pace = [str(BROADCASTS), str(PAUSE[count])]
            subprocess.run([*self.publish, *pace], env=self.environment, check=True)
            told: dict[str, float] = json.loads(listeners.stdout.readline())
            spent = cpu_of(pid) - cpu
        delivered = told["delivered"] / told["expected"]
        return Seen(1000 * spent / BROADCASTS, told["p50"], told["p99"], memory / count, delivered)


@contextmanager
def crowd(port: int, lines: list[str], broadcasts: int) -> Iterator[subprocess.Popen[str]]:
    command = [sys.executable, "-m", "benchmarks.parts.crowd", str(port), str(len(lines))]
    with subprocess.Popen(
        [*command, str(broadcasts)],
        cwd=common.ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stdin
        process.stdin.write("".join(f"{line}\n" for line in lines))
        process.stdin.flush()
        yield process


def main() -> int:
    machine.allow_open_files(2 * MOST)  # the servers and the listeners inherit it
    with common.database("sqlite") as sqlite, common.database("postgresql") as postgresql:
        ours = {name: our_side(url) for name, url in (("SQLite", sqlite), ("PG", postgresql))}
        with redis_server() as redis:
            rival = channels(redis) if redis else None
            at_many = rounds({**ours, **({"Channels": rival} if rival else {})}, MANY, ROUNDS)
        at_most = rounds(ours, MOST, 1)
    return report(at_many, at_most)


def rounds(sides: dict[str, Side], count: int, times: int) -> dict[str, Seen]:
    """The median run of each, by CPU; they take turns."""
    seen: dict[str, list[Seen]] = {name: [] for name in sides}
    for _ in range(times):
        for name, side in sides.items():
            seen[name].append(side.run(count))
            print(f"{count:,} {name}: {seen[name][-1]}", flush=True)
    return {
        name: sorted(runs, key=lambda run: run.cpu)[len(runs) // 2] for name, runs in seen.items()
    }


def report(at_many: dict[str, Seen], at_most: dict[str, Seen]) -> int:
    rival = at_many.pop("Channels", None)
    figures = [f"{MANY:,} on {name}: {seen}" for name, seen in at_many.items()]
    figures += [f"{MOST:,} on {name}: {seen}" for name, seen in at_most.items()]
    met = all(seen.delivered == 1 for seen in (*at_many.values(), *at_most.values()))
    baseline, goal = "nothing (no redis-server, no Channels)", "all delivered"
    if rival:
        ratios = {name: rival.cpu / seen.cpu for name, seen in at_many.items()}
        told = ", ".join(f"{ratio:.1f} x on {name}" for name, ratio in ratios.items())
        baseline = f"Channels {rival} ({told})"
        goal = f">= {CHEAPER} x less CPU, all delivered"
        met = met and min(ratios.values()) >= CHEAPER
    return common.last_line("live", "; ".join(figures), baseline, goal, met=met)


def our_side(url: str) -> Side:
    """A club with enough members for all connections, who listen to what its admins hear."""
    folder = tempfile.mkdtemp(prefix="codetrack-bench-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    environment = os.environ | {"CODETRACK_DATA": folder, "DATABASE_URL": url}
    club = [sys.executable, "-m", "benchmarks.parts.live_club"]
    made = subprocess.run(
        [*club, "prepare", str(MOST + 1), "1"],
        cwd=common.ROOT,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    audience = json.loads(made.stdout.splitlines()[-1])
    [topic] = audience["topics"]
    wish = json.dumps({"listen": [topic]})
    lines = [f"Authorization: Bearer {token}\t{wish}" for token in audience["tokens"] * 30]
    return Side([*club, "serve"], [*club, "publish", topic], lines, environment)


def channels(redis: str) -> Side | None:
    names = ("channels==4.3.2", "channels_redis==4.3.0", "redis<8")
    same = [f"{name}=={version(name)}" for name in ("django", "uvicorn", "uvloop", "websockets")]
    python = common.rival_python("channels", *names, *same)
    if python is None:
        return None
    rival = [str(python), str(CHANNELS)]
    lines = ["X-Nothing: at-all"] * MANY
    return Side([*rival, "serve", redis], [*rival, "publish", redis], lines, dict(os.environ))


@contextmanager
def redis_server() -> Iterator[str]:
    """The address of a Redis that keeps nothing; "" where none is installed."""
    program = shutil.which("redis-server")
    if program is None:
        print("No redis-server here: `apt install redis-server` to measure Channels, too.")
        yield ""
        return
    port = free_port()
    options = ["--port", str(port), "--save", "", "--appendonly", "no", "--loglevel", "warning"]
    with subprocess.Popen([program, *options], stdout=subprocess.DEVNULL) as server:
        try:
            wait_for(port)
            yield f"redis://127.0.0.1:{port}"
        finally:
            server.terminate()


def wait_for(port: int) -> None:
    for _ in range(600):
        with suppress(OSError), socket.create_connection(("127.0.0.1", port)):
            return
        time.sleep(0.1)
    raise TimeoutError(f"Nobody listens at {port}.")


def cpu_of(pid: int) -> float:
    """Seconds that a process has used."""
    fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def memory_of(pid: int) -> float:
    """KiB that a process holds."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1024


if __name__ == "__main__":
    sys.exit(main())
