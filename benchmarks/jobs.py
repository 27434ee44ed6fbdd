"""How fast is the queue? No-op jobs a second and time from enqueue to start, one worker.

Against django-tasks-db with its default interval, in a venv of its own, on both databases.
"""

from __future__ import annotations

import os
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

from benchmarks import common

JOBS, ROUNDS, SAMPLES = 2000, 3, 60
FASTER, SOONER = 5, 5

UNFINISHED = {
    "ours": "SELECT count(*) FROM {table} WHERE status < 2",
    "rival": "SELECT count(*) FROM {table} WHERE status IN ('READY', 'RUNNING')",
}
SPAN = "SELECT count(*), min(started_at), max(finished_at) FROM {table}"
TABLES = {"ours": "core_job", "rival": "django_tasks_database_dbtaskresult"}


@dataclass
class Side:
    """One of the two queues on one database."""

    name: str
    python: Path
    url: str

    def rate(self) -> float:
        """Jobs a second, by the times that the queue itself writes down."""
        self._ask("DELETE FROM {table}")
        self._run("fill", str(JOBS))
        with self._worker():
            self._wait_until_done()
        [(count, first, last)] = self._ask(SPAN)
        assert count == JOBS
        return float(count / (_time(last) - _time(first)).total_seconds())

    def latencies(self) -> list[float]:
        """Milliseconds from enqueue to start, with a worker that has nothing else to do."""
        with tempfile.NamedTemporaryFile("r") as out, self._worker(OUT=out.name):
            time.sleep(3)
            self._run("trickle", str(SAMPLES))
            self._wait_until_done()
            return sorted(float(line) for line in out)

    def prepare(self) -> None:
        self._run("prepare")

    def _wait_until_done(self) -> None:
        while self._ask(UNFINISHED[self.name])[0][0]:
            time.sleep(0.2)

    def _command(self, *arguments: str) -> list[str]:
        return [str(self.python), "-c", "import noop; noop.main()", *arguments]

    def _environment(self, **more: str) -> dict[str, str]:
        own = {"SIDE": self.name, "DATABASE": self.url, "PYTHONPATH": str(NOOP), **more}
        return os.environ | own

    def _run(self, *arguments: str) -> None:
        subprocess.run(self._command(*arguments), env=self._environment(), check=True)

    @contextmanager
    def _worker(self, **more: str) -> Iterator[None]:
        worker = subprocess.Popen(self._command("work"), env=self._environment(**more))
        try:
            yield
        finally:
            worker.send_signal(signal.SIGTERM)
            worker.wait()

    def _ask(self, statement: str) -> list[tuple[Any, ...]]:
        if self.url.startswith("sqlite"):
            connection: Any = sqlite3.connect(self.url.removeprefix("sqlite://"), timeout=20)
        else:
            import psycopg

            connection = psycopg.connect(self.url)
        cursor = connection.execute(statement.format(table=TABLES[self.name]))
        rows = cursor.fetchall() if cursor.description else []
        connection.commit()
        connection.close()
        return list(rows)


NOOP = common.ROOT / "benchmarks" / "parts" / "noop"


def main() -> int:
    wanted = [f"django=={version('django')}", "django-tasks-db", "psycopg[binary]"]
    rival = common.rival_python("tasks-db", *wanted)
    if rival is None:
        return common.skipped("jobs", "django-tasks-db could not be installed: is there a network?")
    figures, baseline, met = [], [], []
    for kind, name in [("sqlite", "SQLite"), ("postgresql", "PostgreSQL")]:
        ours, theirs = measure(kind, rival)
        figures.append(f"{ours[0]:,.0f}/s, {ours[1]:.1f} ms on {name}")
        baseline.append(f"{theirs[0]:,.0f}/s, {theirs[1]:.0f} ms on {name}")
        met.append(ours[0] >= FASTER * theirs[0] and ours[1] * SOONER <= theirs[1])
        print(
            f"{name}: {ours[0] / theirs[0]:.1f} x throughput, 1/{theirs[1] / ours[1]:.0f} latency"
        )
    goal = f">= {FASTER} x throughput, <= 1/{SOONER} latency"
    rivals = f"django-tasks-db {'; '.join(baseline)}"
    return common.last_line("jobs", "; ".join(figures), rivals, goal, met=all(met))


def measure(kind: str, rival: Path) -> tuple[tuple[float, float], tuple[float, float]]:
    """(jobs a second, latency in ms) of ours and of the rival, taking turns: medians."""
    with common.database(kind) as url:
        sides = [Side("ours", Path(sys.executable), url), Side("rival", rival, url)]
        for side in sides:
            side.prepare()
        rates: list[list[float]] = [[], []]
        for _ in range(ROUNDS):
            for number, side in enumerate(sides):
                rates[number].append(side.rate())
        results = []
        for side, seen in zip(sides, rates, strict=True):
            late = side.latencies()
            spread = f"latency {late[len(late) // 2]:.1f}, p95 {late[int(len(late) * 0.95)]:.1f} ms"
            print(f"{kind} {side.name}: {[round(rate) for rate in seen]} jobs/s, {spread}")
            results.append((statistics.median(seen), statistics.median(late)))
    return results[0], results[1]


def _time(value: str | datetime) -> datetime:
    return value if isinstance(value, datetime) else datetime.fromisoformat(value)


if __name__ == "__main__":
    sys.exit(main())
