"""How long does it take to read a club after a rated round, on each platform and on all at once?

2,000 members of whom 300 played on Codeforces, 300 of whom 45 played on the others, which give one
account a request. Against the bound that the platform's limit sets, scaled 100 times on both sides;
all at once against the bound of the slowest. For Codeforces also in requests, against asking for
everything of everybody.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from typing import NamedTuple

from benchmarks import common
from benchmarks.parts.clubs import CLUBS

NAIVE = 3 * CLUBS["codeforces"].members  # user.info, user.rating and user.status of each member
GOAL = 1.2
CHOICES = [*([key] for key in CLUBS), list(CLUBS)]


class Measured(NamedTuple):
    seconds: float
    #: By platform.
    requests: dict[str, int]

    @property
    def bound(self) -> float:
        """The seconds that the limit of the slowest platform allows."""
        return max(count * CLUBS[key].interval for key, count in self.requests.items())

    @property
    def ratio(self) -> float:
        return self.seconds / self.bound


def main() -> int:
    figures, met = [], []
    for kind, name in [("sqlite", "SQLite"), ("postgresql", "PostgreSQL")]:
        found = {" + ".join(keys): measure(kind, keys) for keys in CHOICES}
        for keys, one in found.items():
            asked = sum(one.requests.values())
            print(f"{name}, {keys}: {asked} requests in {one.seconds:.2f} s, bound {one.bound:.2f}")
        figures.append(f"{name} " + " ".join(f"{one.ratio:.2f}" for one in found.values()))
        met += [one.ratio <= GOAL for one in found.values()]
    return common.last_line(
        "sync",
        f"{', '.join(figures)} x the bound ({', '.join(CLUBS)}, all at once)",
        f"the limit of the slowest platform; naive {NAIVE} requests for Codeforces",
        f"<= {GOAL} x",
        met=all(met),
    )


def measure(kind: str, keys: Sequence[str]) -> Measured:
    """On one kind of database, in a process of its own."""
    with common.database(kind) as url:
        command = [sys.executable, "-m", "benchmarks.parts.club", *keys]
        environment = os.environ | {"DATABASE_URL": url}
        done = subprocess.run(command, env=environment, check=True, stdout=subprocess.PIPE)
    return Measured(**json.loads(done.stdout.splitlines()[-1]))


if __name__ == "__main__":
    sys.exit(main())
