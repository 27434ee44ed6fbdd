"""Judges one share of many submissions in one of three ways, and says what it took of the CPU.

The part of `judge_throughput` that is a worker's work: `python -m benchmarks.parts.judge_crowd
WAY SUBMISSIONS [NSJAIL]`, where WAY is judge, fresh or nsjail.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator

from benchmarks.parts.judge_worker import become_worker
from codetrack.judge import checkers
from codetrack.judge.client import Judge
from codetrack.judge.languages import Compiled
from codetrack.judge.values import (
    CheckerSpec,
    Data,
    Group,
    Limits,
    Problem,
    Spec,
    Submission,
    Test,
    Verdict,
)

TESTS = 10
CPU_SECONDS = 0.1
BARE_RUNS = 20
LIMITS = Limits(cpu=1.0, wall=20.0)  # a busy machine is no reason to fail
SOURCE = """\
import time
number = int(input())
while time.process_time() < {seconds}:
    pass
print(number + 1)  # submission {name}
"""
PROBLEM = Problem(
    groups=(
        Group(
            name="all",
            tests=tuple(
                Test(
                    name=str(number),
                    input=Data(b"%d" % number),
                    answer=Data(b"%d\n" % (number + 1)),
                )
                for number in range(TESTS)
            ),
        ),
    ),
    limits=LIMITS,
)
JAIL = [
    *("-Mo", "--really_quiet", "--user", "65534", "--group", "65534", "--hostname", "box"),
    *("--bindmount_ro", "/usr", "--symlink", "usr/bin:/bin", "--symlink", "usr/lib:/lib"),
    *("--symlink", "usr/lib64:/lib64", "--mount", "none:/tmp:tmpfs:size=67108864"),
    *("--rlimit_as", "288", "--rlimit_cpu", "3", "--rlimit_nproc", "16", "--rlimit_nofile", "64"),
]


def main(way: str, count: str, nsjail: str = "") -> None:
    submissions = [submission(number) for number in range(int(count))]
    begun = time.perf_counter()
    if way == "judge":
        judge_all(submissions)
    else:
        run_all(submissions, nsjail)
    seconds = time.perf_counter() - begun
    print(json.dumps({"cpu": cpu(), "seconds": seconds, "bare": bare_cpu()}), flush=True)


def submission(number: int) -> Submission:
    """Each is another text, so that each is compiled."""
    name = f"{time.time_ns()}-{number}"
    source = SOURCE.format(seconds=CPU_SECONDS, name=name)
    return Submission("python3", {"main.py": source.encode()})


def judge_all(submissions: list[Submission]) -> None:
    """As the site does it; the worker's CPU is ours once it has ended."""
    with Judge() as judge:
        for one in submissions:
            expect(judge.judge(PROBLEM, one).verdict)


def run_all(submissions: list[Submission], nsjail: str) -> None:
    """One sandbox after the other, each made when its turn has come; by nsjail if there is one."""
    worker = become_worker()
    compare = checkers.native(CheckerSpec())
    for one in submissions:
        compiled = worker.compiler.compile(one)
        for test, spec in specs(compiled):
            output = jailed(nsjail, spec) if nsjail else worker.sandbox.run(spec).stdout.read()
            assert test.answer is not None
            expect(compare(output, test.answer.read()).verdict)


def specs(compiled: Compiled) -> Iterator[tuple[Test, Spec]]:
    for test in PROBLEM.groups[0].tests:
        yield test, compiled.spec(limits=LIMITS, stdin=test.input)


def jailed(nsjail: str, spec: Spec) -> bytes:
    """The same namespaces, folders and limits, but no filter of system calls."""
    command = [nsjail, *JAIL, "--bindmount_ro", f"{spec.box}:/box", "--cwd", "/box", "--"]
    done = subprocess.run(
        [*command, *spec.argv], input=spec.stdin.read(), capture_output=True, env={}, check=True
    )
    return done.stdout


def bare_cpu() -> float:
    """What the program takes of the CPU without a sandbox: the mean of some runs, in seconds."""
    before = cpu()
    for _ in range(BARE_RUNS):
        command = ["/usr/bin/python3", "-I", "-c", SOURCE.format(seconds=CPU_SECONDS, name="bare")]
        subprocess.run(command, input=b"1", capture_output=True, env={}, check=True)
    return (cpu() - before) / BARE_RUNS


def expect(verdict: Verdict) -> None:
    if verdict is not Verdict.AC:
        raise RuntimeError(f"The verdict is {verdict}, not AC.")


def cpu() -> float:
    """Seconds that this process and all that it has waited for have used."""
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return sum(one.ru_utime + one.ru_stime for one in used)


if __name__ == "__main__":
    main(*sys.argv[1:])
