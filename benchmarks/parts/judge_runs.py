"""Times single runs, in a sandbox and bare, in a process that is a judge's worker.

The part of `judge_overhead` that must not be root.
"""

from __future__ import annotations

import json
import random
import statistics
import subprocess
import time
from collections.abc import Callable

from benchmarks.parts.judge_worker import NOTHING, become_worker
from codetrack.judge.sandbox import Prepared, Sandbox
from codetrack.judge.values import Limits, Spec, Verdict

TIMES = 60
WARM_UP = 5
SETTLE_SECONDS = 0.03  # a sandbox made while the test before it runs is long ready


def main() -> None:
    worker = become_worker()
    found = {}
    for language, submission in NOTHING.items():
        compiled = worker.compiler.compile(submission)
        found[language] = medians(worker.sandbox, compiled.spec(limits=Limits()))
    print(json.dumps(found), flush=True)


def medians(sandbox: Sandbox, spec: Spec) -> dict[str, float]:
    """Milliseconds of each way of running it, in turns and in an order left to chance."""
    ways: dict[str, Callable[[], float]] = {
        "bare": lambda: bare(spec),
        "ready": lambda: boxed(sandbox, ready(sandbox, spec)),
        "fresh": lambda: boxed(sandbox, spec),
    }
    taken: dict[str, list[float]] = {name: [] for name in ways}
    for turn in range(WARM_UP + TIMES):
        for name in random.sample(list(ways), len(ways)):
            seconds = ways[name]()
            if turn >= WARM_UP:
                taken[name].append(1000 * seconds)
    return {name: statistics.median(times) for name, times in taken.items()}


def bare(spec: Spec) -> float:
    """The same program without a sandbox, as anybody would run it."""
    command = [part.replace("/box", str(spec.box), 1) for part in spec.argv]
    begun = time.perf_counter()
    subprocess.run(command, input=b"", capture_output=True, env={}, check=True)
    return time.perf_counter() - begun


def ready(sandbox: Sandbox, spec: Spec) -> Prepared:
    prepared = sandbox.prepare(spec)
    time.sleep(SETTLE_SECONDS)
    return prepared


def boxed(sandbox: Sandbox, work: Spec | Prepared) -> float:
    begun = time.perf_counter()
    result = sandbox.run(work)
    taken = time.perf_counter() - begun
    if result.verdict is not Verdict.OK:
        raise RuntimeError(f"{result.verdict}: {result.message}")
    return taken


if __name__ == "__main__":
    main()
