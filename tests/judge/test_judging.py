"""The flow of a submission: what is run when, what is told, and that nothing is left open."""

from __future__ import annotations

import gc
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, cast

import pytest

from codetrack.judge import judging
from codetrack.judge.client import Judge
from codetrack.judge.errors import BadProblem, Fault, UnknownLanguage
from codetrack.judge.languages import CompileError
from codetrack.judge.values import (
    MIB,
    CheckerSpec,
    Data,
    Group,
    Judgement,
    Limits,
    Output,
    Problem,
    Result,
    Scoring,
    Spec,
    Submission,
    Test,
    TestResult,
    Verdict,
    in_memory,
)

AC, WA, TLE, RE, IE, CE, SK, OK = (
    Verdict.AC, Verdict.WA, Verdict.TLE, Verdict.RE, Verdict.IE, Verdict.CE, Verdict.SKIPPED,
    Verdict.OK,
)  # fmt: skip


# --- with a sandbox that only pretends


@dataclass
class Prepared:
    sandbox: Sandbox
    spec: Spec

    def close(self) -> None:
        self.sandbox.did.append(f"close {name(self.spec)}")


@dataclass
class Sandbox:
    """A program of its own sort: it prints its input, unless `says` has something else."""

    says: dict[str, Verdict | Exception | bytes] = field(default_factory=dict)
    broken: set[str] = field(default_factory=set)  # cannot be prepared
    did: list[str] = field(default_factory=list)

    def prepare(self, spec: Spec) -> Prepared:
        self.did.append(f"prepare {name(spec)}")
        if name(spec) in self.broken:
            raise Fault("No sandbox could be made.")
        return Prepared(self, spec)

    def run(self, work: Prepared) -> Result:
        key = name(work.spec)
        self.did.append(f"run {key}")
        said = self.says.get(key, key.encode())
        if isinstance(said, Exception):
            raise said
        printed = said if isinstance(said, bytes) else b""
        return Result(
            verdict=said if isinstance(said, Verdict) else OK,
            idle=said is TLE,
            cpu=len(self.did) / 100,
            memory=MIB,
            message="Told by the sandbox." if isinstance(said, Verdict) else "",
            stdout=Output(in_memory(printed)),
            stderr=Output(in_memory(b"\xffwarning")),
        )


def name(spec: Spec) -> str:
    return spec.stdin.read().decode()


@dataclass
class Compiled:
    text: str = "a warning"

    def spec(self, *, limits: Limits, stdin: Data) -> Spec:
        return Spec(argv=("/box/a",), limits=limits, stdin=stdin)


class Compiler:
    """Compiles all but what is called `bad`, and does not know every language."""

    def compile(self, submission: Submission) -> Compiled:
        if submission.language == "latin":
            raise UnknownLanguage("There is no Latin here.")
        if submission.language == "broken":
            raise Fault("The disk is full.")
        if b"bad" in submission.files.values():
            raise CompileError("line 1: bad")
        return Compiled()


def made(names: str, **more: Any) -> tuple[Test, ...]:
    """Each reads its own name and has to print it."""
    return tuple(
        Test(name=name, input=Data(name.encode()), answer=Data(name.encode()), **more)
        for name in names
    )


def judged(problem: Problem, sandbox: Sandbox | None = None, source: bytes = b"") -> Judgement:
    """Also sees to it that every test is told once, in order."""
    told: list[TestResult] = []
    judgement = judging.judge(
        problem,
        Submission("tongue", {"main": source}),
        sandbox=cast(Any, sandbox or Sandbox()),
        compiler=cast(Any, Compiler()),
        on_test=told.append,
    )
    assert tuple(told) == judgement.tests
    return judgement


def one(names: str = "abc", **more: Any) -> Problem:
    return Problem(groups=(Group(name="all", tests=made(names), **more),))


def verdicts(judgement: Judgement) -> list[Verdict]:
    return [told.verdict for told in judgement.tests]


def test_the_next_sandbox_is_made_ready_before_a_test_runs() -> None:
    sandbox = Sandbox()
    assert judged(one(), sandbox).verdict is AC
    assert sandbox.did == [
        "prepare a", "prepare b", "run a", "prepare c", "run b", "run c",
    ]  # fmt: skip


def test_what_was_made_ready_for_nothing_is_closed() -> None:
    sandbox = Sandbox({"a": b"something else"})
    judgement = judged(one(), sandbox)
    assert (judgement.verdict, verdicts(judgement)) == (WA, [WA, SK, SK])
    assert sandbox.did == ["prepare a", "prepare b", "run a", "close b"]


def test_the_next_group_is_made_ready_where_this_one_is_at_its_end() -> None:
    sandbox = Sandbox({"a": RE})
    groups = (
        Group(name="one", tests=made("ab"), points=1),
        Group(name="two", tests=made("cd"), points=1, depends=("one",)),
        Group(name="three", tests=made("e"), points=1),
    )
    judgement = judged(Problem(groups=groups), sandbox)
    assert verdicts(judgement) == [RE, SK, SK, SK, AC]
    assert sandbox.did == ["prepare a", "prepare b", "run a", "close b", "prepare e", "run e"]


def test_the_verdict_of_the_run_comes_before_the_comparison() -> None:
    judgement = judged(one("a"), Sandbox({"a": TLE}))
    (told,) = judgement.tests
    assert (told.verdict, told.idle, told.message) == (TLE, True, "Told by the sandbox.")
    assert judgement.idle and judgement.cpu == told.cpu and judgement.memory == MIB


def test_without_an_answer_a_run_that_ends_well_is_ok() -> None:
    problem = Problem(groups=(Group(name="all", tests=(Test(name="a", input=Data(b"a")),)),))
    assert judged(problem).verdict is OK


def test_a_compile_error_ends_it_with_its_text() -> None:
    sandbox = Sandbox()
    judgement = judged(one(points=5), sandbox, b"bad")
    assert (judgement.verdict, judgement.compiler, judgement.of) == (CE, "line 1: bad", 5)
    assert judgement.tests == () and sandbox.did == []


def test_what_the_compiler_says_is_told_also_where_it_compiles() -> None:
    assert judged(one()).compiler == "a warning"


def test_a_fault_in_a_test_is_nobodys_and_ends_it() -> None:
    sandbox = Sandbox({"b": Fault("The sandbox is gone.")})
    judgement = judged(one(points=3, scoring=Scoring.SUM), sandbox)
    assert (judgement.verdict, judgement.points, verdicts(judgement)) == (IE, 0, [AC, IE, SK])
    assert judgement.judge_message == "The sandbox is gone." and judgement.message == judging.BROKEN
    assert sandbox.did[-1] == "close c"


@pytest.mark.parametrize("problem", [OSError(5, "Input/output error"), IE])
def test_other_ways_to_fail_are_nobodys_either(problem: Exception | Verdict) -> None:
    judgement = judged(one("a"), Sandbox({"a": problem}))
    assert (judgement.verdict, judgement.message) == (IE, judging.BROKEN)
    assert judgement.judge_message


def test_a_sandbox_that_cannot_be_made_leaves_no_other_open() -> None:
    sandbox = Sandbox(broken={"b"})
    assert verdicts(judged(one(), sandbox)) == [IE, SK, SK]
    assert sandbox.did == ["prepare a", "prepare b", "close a"]


def test_a_fault_of_the_compiler_is_nobodys() -> None:
    told = judging.judge(
        one(), Submission("broken", {"a": b""}), sandbox=cast(Any, Sandbox()),
        compiler=cast(Any, Compiler()), on_test=print,
    )  # fmt: skip
    assert (told.verdict, told.judge_message) == (IE, "The disk is full.")


def test_an_unknown_language_is_said_to_who_asked() -> None:
    with pytest.raises(UnknownLanguage, match="Latin"):
        judging.judge(
            one(), Submission("latin", {"a": b""}), sandbox=cast(Any, Sandbox()),
            compiler=cast(Any, Compiler()), on_test=print,
        )  # fmt: skip


@pytest.mark.parametrize("part", ["checker", "interactor"])
def test_a_program_of_the_problem_that_does_not_compile_is_no_compile_error(part: str) -> None:
    own = CheckerSpec(kind="custom", style="kattis", program=Submission("x", {"a": b"bad"}))
    with pytest.raises(BadProblem, match=f"The {part} does not compile. Mend it: line 1: bad"):
        judged(replace(one(), **{part: own}))  # type: ignore[arg-type]


def test_a_checker_in_a_language_that_is_not_here_is_a_fault() -> None:
    own = CheckerSpec(kind="custom", style="kattis", program=Submission("latin", {"a": b""}))
    judgement = judged(replace(one(), checker=own))
    assert (judgement.verdict, judgement.judge_message) == (
        IE,
        "The checker cannot be built here. There is no Latin here.",
    )


def test_wrong_options_of_a_checker_are_said_before_anything_is_run() -> None:
    with pytest.raises(BadProblem, match="no option"):
        judged(replace(one(), checker=CheckerSpec(kind="exact", options={"close": 1})))


def test_output_is_told_of_shown_tests_alone() -> None:
    groups = (
        Group(name="one", tests=made("a", shown=True)),
        Group(name="two", tests=made("b")),
    )
    shown, hidden = judged(Problem(groups=groups)).tests
    assert (shown.output, shown.errors) == ("a", "�warning")
    assert (hidden.output, hidden.errors) == ("", "")


def test_the_beginning_of_a_long_output_is_shown_without_half_a_letter() -> None:
    problem = Problem(groups=(Group(name="all", tests=made("a", shown=True)),))
    told = judged(problem, Sandbox({"a": b"x" + "é".encode() * 64 * 1024})).tests[0]
    assert told.output == "x" + "é" * (32 * 1024 - 1)
    assert judged(problem, Sandbox({"a": "é".encode()[:1]})).tests[0].output == "�"


def test_nobody_who_listens_can_leave_a_sandbox_open() -> None:
    sandbox = Sandbox()

    def leave(told: TestResult) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        judging.judge(
            one(), Submission("x", {"a": b""}), sandbox=cast(Any, sandbox),
            compiler=cast(Any, Compiler()), on_test=leave,
        )  # fmt: skip
    assert sandbox.did == ["prepare a", "prepare b", "run a", "close b"]


def open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))


def test_no_file_stays_open() -> None:
    judged(one())
    gc.collect()  # what the tests before this one dropped is closed whenever it likes
    before = open_files()
    judged(one(), Sandbox({"b": RE}))
    gc.collect()
    assert open_files() == before


# --- with real sandboxes

ECHO = Submission("python3", {"echo.py": b"print(input())"})


def own(source: str, style: str = "kattis") -> CheckerSpec:
    program = Submission("python3", {"own.py": source.encode()})
    return CheckerSpec(kind="custom", style=style, program=program)


@pytest.mark.parametrize(
    "source", ["raise SystemExit(0)", "1 / 0", "import os; os.abort()", "x = bytearray(1 << 31)"]
)
def test_a_checker_that_crashes_is_the_judges_error(judge: Judge, source: str) -> None:
    judgement = judge.judge(replace(one("ab"), checker=own(source)), ECHO)
    assert (judgement.verdict, verdicts(judgement)) == (IE, [IE, SK])
    assert judgement.message == judging.BROKEN and "checker" in judgement.judge_message


def test_an_interactor_that_crashes_is_the_judges_error(judge: Judge) -> None:
    judgement = judge.judge(replace(one("a"), interactor=own("print(1); 1 / 0")), ECHO)
    assert (judgement.verdict, judgement.message) == (IE, judging.BROKEN)
    assert "ZeroDivisionError" in judgement.judge_message


@pytest.mark.parametrize("part", ["checker", "interactor"])
def test_who_asked_learns_that_the_problem_is_bad(judge: Judge, part: str) -> None:
    broken = replace(one("a"), **{part: own("print(")})  # type: ignore[arg-type]
    with pytest.raises(BadProblem, match=f"The {part} does not compile[.] Mend it: .*own[.]py"):
        judge.judge(broken, ECHO)
    assert judge.judge(one("a"), ECHO).verdict is AC


def test_a_checker_gives_parts_of_the_points(judge: Judge) -> None:
    half = own(
        "import sys; open(sys.argv[3] + 'score_multiplier.txt', 'w').write('0.5'); sys.exit(42)"
    )
    problem = replace(one("ab", points=30, scoring=Scoring.MIN), checker=half)
    judgement = judge.judge(problem, ECHO)
    assert (judgement.verdict, judgement.points, judgement.of) == (Verdict.PARTIAL, 15, 30)


def test_tests_are_told_while_others_are_still_to_come(judge: Judge) -> None:
    told: list[str] = []
    judgement = judge.judge(one("abc", points=1), ECHO, lambda test: told.append(test.name))
    assert told == ["a", "b", "c"] and judgement.verdict is AC


def test_the_worker_keeps_no_file_open_and_no_program_alive(judge: Judge) -> None:
    judge.judge(one("a"), ECHO)
    fails = Submission("python3", {"fails.py": b"1 / 0"})
    worker = Path(f"/proc/{judge.pid}")

    def open_files() -> int:
        return len(list((worker / "fd").iterdir()))

    before = open_files()
    for _ in range(3):
        assert verdicts(judge.judge(one("abc"), fails)) == [RE, SK, SK]
    assert open_files() == before
    assert (worker / f"task/{judge.pid}/children").read_text().split() == []


def test_answers_of_any_bytes_are_compared_as_they_are(judge: Judge) -> None:
    raw = bytes(range(256))
    test = Test(name="raw", input=Data(raw), answer=Data(raw), shown=True)
    problem = Problem(groups=(Group(name="all", tests=(test,)),), checker=CheckerSpec(kind="exact"))
    copies = b"import sys; sys.stdout.buffer.write(sys.stdin.buffer.read())"
    judgement = judge.judge(problem, Submission("python3", {"copies.py": copies}))
    assert judgement.verdict is AC
    assert judgement.tests[0].output == raw.decode(errors="replace")
