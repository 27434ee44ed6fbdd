"""The flow of one submission: compile, run each test, compare what came out, grade."""

from __future__ import annotations

from codecs import getincrementaldecoder
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, replace

from codetrack.judge import checkers
from codetrack.judge.checkers import Checked
from codetrack.judge.errors import BadProblem, Fault, JudgeError, UnknownLanguage
from codetrack.judge.grading import Grading
from codetrack.judge.languages import Compiled, CompileError, Compiler
from codetrack.judge.sandbox import Prepared, Sandbox
from codetrack.judge.values import (
    KIB,
    CheckerSpec,
    Group,
    Judgement,
    Output,
    Problem,
    Result,
    Spec,
    Submission,
    Test,
    TestResult,
    Verdict,
)

SHOWN = 64 * KIB
BROKEN = (
    "The judge failed here, not your program. Send it again; if it stays so, tell an organiser."
)
NO_COMPILE = "The program does not compile."

type Check = Callable[[Test, Output], Checked | None]
"""What is said of an output; nothing where nobody can say whether it is right."""

type Talk = Callable[[Spec, Test], tuple[Result, Checked]]
"""Lets a program talk with the problem's interactor."""


def judge(
    problem: Problem,
    submission: Submission,
    *,
    sandbox: Sandbox,
    compiler: Compiler,
    on_test: Callable[[TestResult], None],
) -> Judgement:
    """Judge a submission; `on_test` hears of each test in order, also of those that are skipped.

    A fault is the verdict IE. Raises BadProblem, UnknownLanguage and Refused.
    """
    grading = Grading(problem)
    try:
        referee = _referee(problem, sandbox, compiler)
        compiled = compiler.compile(submission)
    except CompileError as error:
        return grading.unjudged(Verdict.CE, NO_COMPILE, compiler=error.text)
    except (Fault, OSError) as error:
        return grading.unjudged(Verdict.IE, BROKEN, judge_message=str(error))
    with closing(Bench(problem, sandbox, compiled, referee)) as bench:
        for place, (group, test) in enumerate(grading.steps):
            if why := grading.why_not(group):
                told = TestResult(
                    name=test.name, group=group.name, verdict=Verdict.SKIPPED, message=why
                )
            else:
                told = _tried(bench, group, test, grading.following(place))
            grading.add(group, told)
            on_test(told)
    return grading.judgement(compiled.text)


@dataclass(frozen=True, slots=True)
class Referee:
    """Who looks at outputs, or talks with the program."""

    check: Check
    talk: Talk | None


class Bench:
    """Where one program is tried; the next test's sandbox is made ready while a test runs."""

    def __init__(
        self, problem: Problem, sandbox: Sandbox, compiled: Compiled, referee: Referee
    ) -> None:
        self._problem, self._sandbox = problem, sandbox
        self._compiled, self._referee = compiled, referee
        self._ready: dict[int, Prepared] = {}  # by the id of the test

    def run(self, test: Test, following: Test | None) -> tuple[Result, Checked | None]:
        """What came of it, and what is said of the output if the program ended well."""
        if self._referee.talk is not None:
            return self._referee.talk(self._spec(test), test)
        self._prepare(test, following)
        result = self._sandbox.run(self._ready.pop(id(test)))
        well = result.verdict is Verdict.OK
        return result, self._referee.check(test, result.stdout) if well else None

    def close(self) -> None:
        """Let go of what was made ready for nothing."""
        while self._ready:
            self._ready.popitem()[1].close()

    def _prepare(self, *tests: Test | None) -> None:
        """These, and no others."""
        wanted = {id(test): test for test in tests if test is not None}
        for key in self._ready.keys() - wanted.keys():
            self._ready.pop(key).close()
        for key, test in wanted.items():
            if key not in self._ready:
                self._ready[key] = self._sandbox.prepare(self._spec(test))

    def _spec(self, test: Test) -> Spec:
        return self._compiled.spec(limits=self._problem.limits, stdin=test.input)


def _referee(problem: Problem, sandbox: Sandbox, compiler: Compiler) -> Referee:
    """The problem's own programs, compiled. Raises BadProblem and Fault."""
    talks, spec = problem.interactor, problem.checker
    own = None
    if spec.program is not None:
        own = checkers.Custom(sandbox, _built(spec, compiler, "checker"), spec).check
    talk = None
    if talks is not None:
        interactor = _built(talks, compiler, "interactor")

        def talk(program: Spec, test: Test) -> tuple[Result, Checked]:
            return checkers.interact(sandbox, program, interactor, talks, test, check=own)

    return Referee(own or _native(spec), talk)


def _native(spec: CheckerSpec) -> Check:
    compare = checkers.native(spec)

    def check(test: Test, output: Output) -> Checked | None:
        return None if test.answer is None else compare(output.read(), test.answer.read())

    return check


def _built(spec: CheckerSpec, compiler: Compiler, what: str) -> Compiled:
    """What is wrong with a program of the problem is no fault of the submission."""
    if spec.program is None:
        raise BadProblem(f"The {what} has no program. Give it one.")
    try:
        return compiler.compile(spec.program)
    except CompileError as error:
        raise BadProblem(f"The {what} does not compile. Mend it: {error}") from error
    except UnknownLanguage as error:
        raise Fault(f"The {what} cannot be built here. {error}") from error


def _tried(bench: Bench, group: Group, test: Test, following: Test | None) -> TestResult:
    """What came of a test; IE where it was the judge that failed."""
    named = TestResult(name=test.name, group=group.name, verdict=Verdict.IE, message=BROKEN)
    try:
        result, checked = bench.run(test, following)
    except (JudgeError, OSError) as error:
        return replace(named, judge_message=str(error))
    told = replace(
        named,
        verdict=result.verdict,
        idle=result.idle,
        cpu=result.cpu,
        wall=result.wall,
        memory=result.memory,
        exit_code=result.exit_code,
        signal=result.signal,
        message=result.message,
    )
    if result.verdict is Verdict.IE:
        told = replace(told, message=BROKEN, judge_message=result.message)
    if checked is not None:
        told = replace(
            told,
            verdict=checked.verdict,
            score=checked.score,
            message=checked.message,
            judge_message=checked.judge_message,
        )
    if test.shown:
        told = replace(told, output=_text(result.stdout), errors=_text(result.stderr))
    return told


def _text(output: Output) -> str:
    """Its beginning, without half a character at the cut."""
    whole = output.size <= SHOWN
    return getincrementaldecoder("utf-8")("replace").decode(output.read(SHOWN), whole)
