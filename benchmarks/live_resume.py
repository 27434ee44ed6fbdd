"""Is anything lost or doubled when clients are cut off and come back, all the time?

1,000 clients on 100 topics for a minute, while four writers write 200 events a second.
"""

from __future__ import annotations

import atexit
import json
import os
import shutil
import subprocess
import sys
import tempfile
from typing import TypedDict

from benchmarks import common
from benchmarks.live import wait_for
from codetrack.config import machine
from tests.postgres import free_port

CLIENTS, TOPICS, WRITERS = 1_000, 100, 4
SECONDS, RATE = 60, 200
CLUB = [sys.executable, "-m", "benchmarks.parts.live_club"]


class Told(TypedDict):
    """What a client says of its minute."""

    topic: str
    heard: list[int]
    cuts: int
    resyncs: int


def main() -> int:
    machine.allow_open_files(2 * CLIENTS)
    found = {name: measure(kind) for name, kind in (("SQLite", "sqlite"), ("PG", "postgresql"))}
    figures = [
        f"{name}: {seen['told']:,} told of {seen['events']:,} events, {seen['cuts']:,} cuts, "
        f"lost {seen['lost']}, doubled {seen['doubled']}, resync {seen['resyncs']}"
        for name, seen in found.items()
    ]
    met = all(
        seen["lost"] == seen["doubled"] == seen["resyncs"] == 0 and seen["cuts"] > CLIENTS
        for seen in found.values()
    )
    baseline = "what the log says of each topic"
    return common.last_line(
        "live-resume", "; ".join(figures), baseline, "lost 0, doubled 0", met=met
    )


def measure(kind: str) -> dict[str, int]:
    folder = tempfile.mkdtemp(prefix="codetrack-bench-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    with common.database(kind) as url:
        environment = os.environ | {"CODETRACK_DATA": folder, "DATABASE_URL": url}
        audience = json.loads(club(environment, "prepare", CLIENTS, TOPICS).splitlines()[-1])
        port = free_port()
        server = subprocess.Popen([*CLUB, "serve", str(port)], env=environment)
        try:
            wait_for(port)
            told = follow(environment, port, audience)
        finally:
            server.terminate()
            server.wait()
        written = json.loads(club(environment, "written").splitlines()[-1])
    return compared(told, written)


def follow(environment: dict[str, str], port: int, audience: dict[str, list[str]]) -> list[Told]:
    """What each client was told while the writers wrote."""
    command = [sys.executable, "-m", "benchmarks.parts.restless", str(port)]
    lines = [
        {"token": audience["tokens"][it // 30], "topic": audience["topics"][it % TOPICS]}
        for it in range(CLIENTS)
    ]
    clients = subprocess.Popen(
        command, cwd=common.ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert clients.stdin and clients.stdout
    clients.stdin.write(json.dumps(lines) + "\n")
    clients.stdin.flush()
    assert clients.stdout.readline() == "ready\n"
    first = audience["topics"][0].partition(":")[2]
    share = [str(SECONDS), str(RATE / WRITERS), first, str(TOPICS)]
    writers = [subprocess.Popen([*CLUB, "write", *share], env=environment) for _ in range(WRITERS)]
    assert [writer.wait() for writer in writers] == [0] * WRITERS
    clients.stdin.close()  # the clients stay on for a moment, and then tell
    told: list[Told] = json.loads(clients.stdout.readline())
    clients.wait()
    return told


def club(environment: dict[str, str], *arguments: object) -> str:
    done = subprocess.run(
        [*CLUB, *map(str, arguments)],
        cwd=common.ROOT,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return done.stdout


def compared(told: list[Told], written: dict[str, list[int]]) -> dict[str, int]:
    """How much of what was written on its topic each client was told, and how often."""
    lost = doubled = 0
    for client in told:
        heard = client["heard"]
        lost += len(set(written.get(client["topic"], [])) - set(heard))
        doubled += len(heard) - len(set(heard))
    return {
        "told": sum(len(client["heard"]) for client in told),
        "events": sum(map(len, written.values())),
        "cuts": sum(client["cuts"] for client in told),
        "resyncs": sum(client["resyncs"] for client in told),
        "lost": lost,
        "doubled": doubled,
    }


if __name__ == "__main__":
    sys.exit(main())
