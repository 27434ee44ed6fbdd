"""How long does a member wait after "Run on samples"?

A small Python program, each time another text that has to be compiled, against two samples,
through the front that the site uses: the median of 30 in milliseconds, on a worker that is there
already. The ratio is to a bare start of Python that does nothing.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import time

from benchmarks import common
from codetrack.judge.client import Judge
from codetrack.judge.values import Data, Group, Problem, Submission, Test, Verdict

TIMES, WARM_UP = 30, 3
GOAL = 150.0
SOURCE = "a, b = map(int, input().split())\nprint(a + b)  # {}\n"
SAMPLES = tuple(
    Test(name=str(a), input=Data(b"%d 2\n" % a), answer=Data(b"%d\n" % (a + 2)), shown=True)
    for a in (1, 40)
)
PROBLEM = Problem(groups=(Group(name="samples", tests=SAMPLES, run_all=True),))


def main() -> int:
    if why := common.no_judge():
        return common.skipped("judge-samples", why)
    asked, bare = [], []
    with Judge() as judge:
        for _ in range(WARM_UP + TIMES):
            asked.append(milliseconds(judge))
            bare.append(bare_start())
    median, start = (statistics.median(times[WARM_UP:]) for times in (asked, bare))
    return common.last_line(
        "judge-samples",
        f"{median:.0f} ms, {median / start:.1f} x",
        f"bare start of Python {start:.0f} ms",
        f"<= {GOAL:.0f} ms",
        met=median <= GOAL,
    )


def milliseconds(judge: Judge) -> float:
    source = SOURCE.format(time.time_ns())
    begun = time.perf_counter()
    judgement = judge.judge(PROBLEM, Submission("python3", {"main.py": source.encode()}))
    taken = time.perf_counter() - begun
    if judgement.verdict is not Verdict.AC:
        raise RuntimeError(f"The verdict is {judgement.verdict}, not AC.")
    return 1000 * taken


def bare_start() -> float:
    begun = time.perf_counter()
    subprocess.run(["/usr/bin/python3", "-I", "-c", "pass"], env={}, check=True)
    return 1000 * (time.perf_counter() - begun)


if __name__ == "__main__":
    sys.exit(main())
