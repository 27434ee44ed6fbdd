"""How long does a request take that tells somebody something, and how soon is everybody told?

10,000 changes, each a line of an inbox and a mail to a real mail server; against a request that
sends the mail itself.
"""

from __future__ import annotations

import atexit
import json
import os
import shutil
import subprocess
import sys
import tempfile
from typing import Any

from benchmarks import common
from tests.postgres import free_port

NOTICES, NAIVE = 10_000, 500
SOONER = 2
CLUB = [sys.executable, "-m", "benchmarks.parts.telling_club"]
OFFICE = [sys.executable, "-m", "benchmarks.parts.post_office"]


def main() -> int:
    figures, baselines, met = [], [], []
    for kind, name in (("sqlite", "SQLite"), ("postgresql", "PG")):
        took, seconds, lost, doubled = measure(kind)
        figures.append(
            f"{name}: {took['ours']:.1f} ms a request, {NOTICES / seconds:,.0f} told a second, "
            f"lost {lost}, doubled {doubled}"
        )
        baselines.append(f"{name}: {took['theirs']:.1f} ms a request")
        met.append(lost == doubled == 0 and SOONER * took["ours"] <= took["theirs"])
    goal = f"request <= 1/{SOONER}, lost 0, doubled 0"
    rival = f"sending in the request: {'; '.join(baselines)}"
    return common.last_line("notify", "; ".join(figures), rival, goal, met=all(met))


def measure(kind: str) -> tuple[dict[str, float], float, int, int]:
    """Milliseconds of our requests and of naive ones, seconds until all were told, and what was
    lost and doubled.
    """
    folder = tempfile.mkdtemp(prefix="codetrack-bench-")
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    port = free_port()
    office = subprocess.Popen(
        [*OFFICE, str(port)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    assert office.stdin and office.stdout
    try:
        office.stdout.readline()
        with common.database(kind) as url:
            own = {"CODETRACK_DATA": folder, "CODETRACK_MAIL_URL": f"smtp://127.0.0.1:{port}"}
            environment = os.environ | own | {"DATABASE_URL": url}
            club(environment, "prepare", NOTICES)
            club(environment, "change")
            seconds = club(environment, "work")
            told = club(environment, "count")
            print(file=office.stdin, flush=True)
            taken = json.loads(office.stdout.readline())
            took = club(environment, "send", NAIVE)
    finally:
        office.stdin.close()
        office.wait()
    lost = 2 * NOTICES - told - len(set(taken))
    return took, seconds, lost, len(taken) - len(set(taken))


def club(environment: dict[str, str], *arguments: object) -> Any:
    done = subprocess.run(
        [*CLUB, *map(str, arguments)],
        cwd=common.ROOT,
        env=environment,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    return json.loads(done.stdout.splitlines()[-1]) if done.stdout.strip() else None


if __name__ == "__main__":
    sys.exit(main())
