"""A program and the problem's interactor, who talk to each other, each in its own sandbox."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

from codetrack.judge.checkers.checked import Checked
from codetrack.judge.checkers.custom import ANSWER, INPUT, LIMITS, Program, Runs
from codetrack.judge.checkers.feedback import FOLDER, crash, opened, style
from codetrack.judge.errors import Fault
from codetrack.judge.values import (
    CheckerSpec,
    Data,
    Limits,
    Output,
    Result,
    Spec,
    Test,
    Verdict,
    in_memory,
)

if TYPE_CHECKING:
    from codetrack.judge.sandbox import Conversation

RECORD = "record"  # what a testlib interactor writes for the checker
LONGER = 10.0  # seconds that an interactor may outlive the program
BROKEN_PIPE = 13  # the signal's number, which not every system has
ENDS = (b"BrokenPipeError", b"EOFError")  # what Python says of a partner who is gone
LEFT = "The program ended in the middle of the conversation."


class Talks(Runs, Protocol):
    """What is needed of a sandbox."""

    def converse(self, program: Spec, interactor: Spec, /) -> Conversation: ...


type Check = Callable[[Test, Output], Checked]


def interact(
    sandbox: Talks,
    program: Spec,
    interactor: Program,
    spec: CheckerSpec,
    test: Test,
    *,
    check: Check | None = None,
) -> tuple[Result, Checked]:
    """Let them talk. Gives the program's run, and the verdict, which is that run's own where it
    failed before the interactor said anything.

    Style kattis: `prog input answer feedback_dir/ [arguments]`, exit 42 or 43. Style testlib:
    `prog input record answer [arguments]`, exit 0, 1, 2, 4, 7 or 8; what it has accepted, `check`
    is then asked about, with the record for an output. Raises Fault when the interactor fails.
    """
    how = style(spec)
    with sandbox.folder("interactor") as folder:
        talk = sandbox.converse(
            program, replace(_call(interactor, spec, test, program), out=folder)
        )
        said = how.read(talk.interactor, folder)
        checked = _judged(talk, said, program.limits)
        if checked.verdict is Verdict.AC and check is not None and spec.style == "testlib":
            checked = check(test, opened(folder, RECORD) or Output(in_memory(b"")))
    idle = talk.program.idle and checked.verdict is Verdict.TLE
    return replace(talk.program, idle=idle), checked


def _call(interactor: Program, spec: CheckerSpec, test: Test, program: Spec) -> Spec:
    """How the interactor is run; it has all the time that the program has, and some more."""
    record = FOLDER if spec.style == "kattis" else FOLDER + RECORD
    files = (INPUT, ANSWER, record) if spec.style == "kattis" else (INPUT, record, ANSWER)
    return interactor.spec(
        limits=replace(LIMITS, wall=program.limits.wall_clock + LONGER),
        arguments=(*files, *spec.arguments, *test.arguments),
        files={INPUT: test.input, ANSWER: test.answer or Data(b"")},
    )


def _judged(talk: Conversation, said: Checked | None, limits: Limits) -> Checked:
    """Whose word counts. Raises Fault when it is the interactor that failed."""
    result = _own(talk, limits)
    gone_first = (talk.hung_up or talk.first) == "program"
    if said is None and gone_first and _missed_its_partner(talk.interactor):
        said = Checked(Verdict.WA, 0.0, LEFT, crash("interactor", talk.interactor))
    if said is not None and said.verdict in (Verdict.WA, Verdict.PE):
        said = replace(said, verdict=Verdict.WA)  # of white space nothing can be said here
        if not gone_first or (talk.first == "interactor" and result.verdict is Verdict.TLE):
            return said
    if said is None and (not gone_first or result.verdict is Verdict.OK):
        raise Fault(crash("interactor", talk.interactor))
    if said is not None and result.verdict is Verdict.OK:
        return said
    _blame_the_slow(talk, limits)
    return Checked(result.verdict, 0.0, result.message, said.judge_message if said else "")


def _own(talk: Conversation, limits: Limits) -> Result:
    """The program's run; one that said too much has only seen its pipe break."""
    if talk.flooded != "program":
        return talk.program
    told = f"It said more than {limits.output:,} bytes."
    return replace(talk.program, verdict=Verdict.OLE, message=told)


def _blame_the_slow(talk: Conversation, limits: Limits) -> None:
    """A program that waited for its interactor's work has not used the time itself."""
    late = talk.program.verdict is Verdict.TLE and talk.program.cpu <= limits.cpu
    if late and talk.interactor.cpu > talk.program.wall / 2:
        raise Fault(
            f"The interactor worked for {talk.interactor.cpu:.1f} s, and all waited for it."
        )


def _missed_its_partner(interactor: Result) -> bool:
    """Whether it failed because nobody spoke or listened any more; then it is not its own fault."""
    said = interactor.stderr.read()
    return interactor.signal == BROKEN_PIPE or any(word in said for word in ENDS)
