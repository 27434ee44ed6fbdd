"""How long does it take to find out where somebody stands, among 10,000 and among 1,000,000?

On three boards of platforms: the rank of one, page k, the board of an institute of 5,000, that of
300 whom one follows, the page around oneself; each with ranks and arrows, as pages show it. Against
ranking the board by a window function and cutting out what is asked for, in the same run.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import NamedTuple

from benchmarks import common
from benchmarks.parts import boards

SMALL, LARGE = 10_000, 1_000_000
SLOWER, FASTER = 5, 50
READS = [sys.executable, "-m", "benchmarks.parts.board_reads"]


class Measured(NamedTuple):
    """Median milliseconds of one way to read a board, ours and by the window function."""

    ours: float
    window: float


def main() -> int:
    figures, worst, least = [], 0.0, float("inf")
    for kind, name in (("sqlite", "SQLite"), ("postgresql", "PostgreSQL")):
        small, large = measure(kind, SMALL), measure(kind, LARGE)
        shown = []
        for read, one in large.items():
            slower, faster = one.ours / small[read].ours, one.window / one.ours
            worst, least = max(worst, slower), min(least, faster)
            shown.append(f"{read} {one.ours:.2f} ms")
            print(
                f"{name}, {read}: {small[read].ours:.2f} ms at {SMALL:,}, {one.ours:.2f} ms at "
                f"{LARGE:,} ({slower:.1f} x); window function {one.window:.0f} ms ({faster:.0f} x)",
                flush=True,
            )
        figures.append(f"{name} {', '.join(shown)}")
    return common.last_line(
        "leaderboard",
        f"{'; '.join(figures)}; {LARGE:,} take <= {worst:.1f} x as long as {SMALL:,}",
        f"a window function, >= {least:.0f} x as long",
        f"<= {SLOWER} x, >= {FASTER} x",
        met=worst <= SLOWER and least >= FASTER,
    )


def measure(kind: str, members: int) -> dict[str, Measured]:
    """On one kept database, in a process of its own."""
    with boards.made(kind, members) as url:
        environment = os.environ | {"DATABASE_URL": url}
        done = subprocess.run(
            READS, cwd=common.ROOT, env=environment, check=True, stdout=subprocess.PIPE, text=True
        )
    found = json.loads(done.stdout.splitlines()[-1])
    return {read: Measured(*medians) for read, medians in found.items()}


if __name__ == "__main__":
    sys.exit(main())
