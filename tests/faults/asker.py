"""Has submissions judged without end, until somebody ends it: `python -m tests.faults.asker KIND`.

It says who its worker is in a line of JSON, then a verdict a line, and `Fault` when its worker
was taken away from it.
"""

from __future__ import annotations

import json
import sys
import time

from codetrack.judge.client import Judge
from codetrack.judge.errors import Fault
from codetrack.judge.values import (
    MIB,
    CheckerSpec,
    Data,
    Group,
    Limits,
    Problem,
    Submission,
    Test,
    Verdict,
)

BUSY = "import time\nend = time.monotonic() + {}\nwhile time.monotonic() < end: pass\n"
ECHO = Submission("python3", {"main.py": b"print(input())\n"})
SLOW_ECHO = Submission("python3", {"main.py": f"{BUSY.format(0.2)}print(input())\n".encode()})
#: Takes a compiler about a second, and a moment's text in it makes each another one.
TEMPLATES = '#include <regex>\n#include <map>\nint main() {{ std::regex word("[a-z]+{}"); }}\n'
SLOW_CHECKER = f"{BUSY.format(0.2)}raise SystemExit(42)\n".encode()
TALKER = b"for _ in range(40): print(input(), flush=True)\n"
INTERACTOR = b"""\
import time
for number in range(40):
    print(number, flush=True)
    assert int(input()) == number
    time.sleep(0.005)
raise SystemExit(42)
"""
LIMITS = Limits(cpu=5, wall=20, memory=256 * MIB)
KINDS = ("compile", "run", "checker", "interactive")


def custom(program: bytes) -> CheckerSpec:
    submission = Submission("python3", {"main.py": program})
    return CheckerSpec(kind="custom", style="kattis", program=submission)


def problem(kind: str) -> Problem:
    tests = tuple(
        Test(name=str(number), input=Data(b"%d\n" % number), answer=Data(b"%d\n" % number))
        for number in range(3)
    )
    group = Group(name="all", tests=tests)
    if kind == "checker":
        return Problem(groups=(group,), limits=LIMITS, checker=custom(SLOW_CHECKER))
    if kind == "interactive":
        return Problem(groups=(group,), limits=LIMITS, interactor=custom(INTERACTOR))
    if kind == "compile":
        nothing = Group(name="all", tests=(Test(name="1", input=Data(b"")),))
        return Problem(groups=(nothing,), limits=LIMITS)
    return Problem(groups=(group,), limits=LIMITS)


def submission(kind: str) -> Submission:
    if kind == "compile":
        return Submission("cpp20", {"main.cpp": TEMPLATES.format(time.time_ns()).encode()})
    if kind == "interactive":
        return Submission("python3", {"main.py": TALKER})
    return SLOW_ECHO if kind == "run" else ECHO


def main(kind: str) -> int:
    with Judge() as judge:
        folder = judge.ready().folder
        print(json.dumps({"worker": judge.pid, "folder": folder}), flush=True)  # noqa: T201
        while True:
            try:
                judgement = judge.judge(problem(kind), submission(kind))
            except Fault:
                print("Fault", flush=True)  # noqa: T201
                return 0
            print(judgement.verdict, flush=True)  # noqa: T201
            if judgement.verdict not in {Verdict.AC, Verdict.OK}:
                return 1


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
