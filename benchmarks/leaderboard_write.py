"""How soon are 10,000 changed ratings on a board, written by four at once, and is it exact then?

On a board of 50,000, in batches of 500 as jobs read them; any writer may have any member. Against
the same changes one by one: a transaction for each that moves the row and its two counts.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time

from benchmarks import common

MEMBERS, CHANGES, NAIVE, WRITERS = 50_000, 10_000, 400, 4
SOONER = 3
PART = [sys.executable, "-m", "benchmarks.parts.board_writes"]


def main() -> int:
    figures, baselines, met = [], [], []
    for kind, name in (("sqlite", "SQLite"), ("postgresql", "PG")):
        with (
            tempfile.TemporaryDirectory(prefix="codetrack-bench-") as folder,
            common.database(kind) as url,
        ):
            own = {"CODETRACK_DATA": folder, "DATABASE_URL": url}
            environment = os.environ | own
            part(environment, "prepare", MEMBERS)
            theirs = NAIVE / write(environment, "one-by-one", NAIVE)
            ours = CHANGES / write(environment, "batches", CHANGES)
            wrong = part(environment, "check")
        figures.append(f"{name} {ours:,.0f} ratings/s, {wrong} ranks wrong")
        baselines.append(f"{name} {theirs:,.0f}/s")
        met.append(wrong == 0 and ours >= SOONER * theirs)
    return common.last_line(
        "leaderboard-write",
        f"{'; '.join(figures)} with {WRITERS} writers",
        f"one by one: {'; '.join(baselines)}",
        f">= {SOONER} x, 0 wrong",
        met=all(met),
    )


def part(environment: dict[str, str], *arguments: object) -> int:
    command = [*PART, *map(str, arguments)]
    done = subprocess.run(
        command, cwd=common.ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True
    )
    return int(json.loads(done.stdout.splitlines()[-1]))


def write(environment: dict[str, str], how: str, changes: int) -> float:
    """The seconds in which all writers together write so many changes."""
    writers = [
        subprocess.Popen(
            [*PART, how, str(seed), str(changes // WRITERS)],
            cwd=common.ROOT,
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        for seed in range(WRITERS)
    ]
    for writer in writers:
        assert writer.stdout
        writer.stdout.readline()  # it is ready
    began = time.monotonic()
    for writer in writers:
        assert writer.stdin
        print(file=writer.stdin, flush=True)
    codes = [writer.wait() for writer in writers]
    took = time.monotonic() - began
    if any(codes):
        raise SystemExit(f"A writer failed: {codes}.")
    return took


if __name__ == "__main__":
    sys.exit(main())
