"""How long does it take to read 2,000 members after a rated round in which 300 took part?

Against the bound that the platform's limit sets, scaled 100 times on both sides (a request every
20 ms), and in requests against asking for everything of everybody.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys

from benchmarks import common
from benchmarks.parts.club import INTERVAL, MEMBERS

NAIVE = 3 * MEMBERS  # user.info, user.rating and user.status of each member
GOAL = 1.2


def main() -> int:
    figures, baseline, met = [], [], []
    for kind, name in [("sqlite", "SQLite"), ("postgresql", "PostgreSQL")]:
        seconds, requests = measure(kind)
        bound = requests * INTERVAL
        print(f"{name}: {requests} requests in {seconds:.2f} s, the limit allows {bound:.2f} s")
        figures.append(f"{name} {seconds:.2f} s {requests} requests")
        baseline.append(f"{bound:.2f} s")
        met.append(seconds <= GOAL * bound)
    return common.last_line(
        "sync",
        ", ".join(figures),
        f"limit {' and '.join(baseline)}, naive {NAIVE} requests {NAIVE * INTERVAL:.0f} s",
        f"<= {GOAL} x limit",
        met=all(met),
    )


def measure(kind: str) -> tuple[float, int]:
    """Seconds and requests on one kind of database, in a process of its own."""
    with common.database(kind) as url:
        command = [sys.executable, "-m", "benchmarks.parts.club"]
        environment = os.environ | {"DATABASE_URL": url}
        done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE)
    found = json.loads(done.stdout.splitlines()[-1])
    return found["seconds"], found["requests"]


if __name__ == "__main__":
    sys.exit(main())
