"""What does a sandbox cost a single test?

One run of a program that does nothing in `Sandbox` against plain `subprocess.run` of the same
program by the same user, interleaved, the median of 60: Python's `print(1)` and an empty C
program. "Ready" is timed from the release of a sandbox that was spawned while the test before it
ran, as the judge does it; what that spawning takes of the CPU is `judge_throughput`'s business.
"Fresh" is timed from nothing.
"""

from __future__ import annotations

import json
import subprocess
import sys

from benchmarks import common

NAMES = {"python3": "Python print(1)", "c17": "empty C"}
GOALS = {"python3": 1.6, "c17": 3.0}


def main() -> int:
    if why := common.no_judge():
        return common.skipped("judge-overhead", why)
    command = [sys.executable, "-m", "benchmarks.parts.judge_runs"]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True)
    found = json.loads(done.stdout)
    ratios = {key: found[key]["ready"] / found[key]["bare"] for key in NAMES}
    for key, name in NAMES.items():
        times = found[key]
        print(
            f"{name}: bare {times['bare']:.2f} ms, in a ready sandbox {times['ready']:.2f} "
            f"({ratios[key]:.2f} x), in a fresh one {times['fresh']:.2f} "
            f"({times['fresh'] / times['bare']:.2f} x)"
        )
    return common.last_line(
        "judge-overhead",
        ", ".join(f"{NAMES[key]} {ratio:.2f} x" for key, ratio in ratios.items()),
        "subprocess.run",
        ", ".join(f"<= {goal} x" for goal in GOALS.values()),
        met=all(ratios[key] <= goal for key, goal in GOALS.items()),
    )


if __name__ == "__main__":
    sys.exit(main())
