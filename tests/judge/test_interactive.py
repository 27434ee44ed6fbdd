"""A program and the problem's interactor: whose word counts, and who has failed."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pytest

from codetrack.judge.checkers import Checked, interact
from codetrack.judge.errors import BadProblem, Fault
from codetrack.judge.sandbox import Conversation
from codetrack.judge.values import (
    CheckerSpec,
    Data,
    Limits,
    Output,
    Result,
    Spec,
    Test,
    Verdict,
)
from tests.judge.fakes import FakeProgram, FakeSandbox, ran

type Side = Literal["program", "interactor"]

TEST = Test(name="1", input=Data(b"in"), answer=Data(b"out"))
PROGRAM = Spec(argv=("/box/p",), limits=Limits(cpu=1.0, output=1000))
KATTIS = CheckerSpec(kind="custom", style="kattis", arguments=("--fair",))
TESTLIB = CheckerSpec(kind="custom", style="testlib")
P: Side = "program"
I: Side = "interactor"  # noqa: E741
WELL = ran()


def talk(
    program: Result,
    interactor: Result,
    first: Side,
    *,
    hung_up: Side | None = None,
    flooded: Side | None = None,
) -> Conversation:
    return Conversation(program, interactor, first, hung_up or first, flooded)


def verdict(folder: Path, conversation: Conversation, spec: CheckerSpec = KATTIS) -> Checked:
    return interact(FakeSandbox(folder, conversation), PROGRAM, FakeProgram(), spec, TEST)[1]


def fallen(*, idle: bool = False, cpu: float = 0.01) -> Result:
    told = "It took too long."
    return ran(code=None, verdict=Verdict.TLE, wall=3.0, message=told, idle=idle, cpu=cpu)


def test_kattis_interactor_is_called_with_a_feedback_folder(tmp_path: Path) -> None:
    sandbox = FakeSandbox(tmp_path, talk(WELL, ran(code=42), P))
    interact(sandbox, PROGRAM, FakeProgram(), KATTIS, TEST)
    program, call = sandbox.specs
    assert program is PROGRAM
    assert call.argv == ("/box/a", "/data/input", "/data/answer", "/out/", "--fair")
    assert call.files["/data/input"].read() == b"in"
    assert call.limits.wall_clock > PROGRAM.limits.wall_clock


def test_testlib_interactor_is_called_with_a_place_for_its_record(tmp_path: Path) -> None:
    sandbox = FakeSandbox(tmp_path, talk(WELL, ran(), P))
    interact(sandbox, PROGRAM, FakeProgram(), TESTLIB, TEST)
    assert sandbox.specs[1].argv == ("/box/a", "/data/input", "/out/record", "/data/answer")


def test_words_and_points_of_the_interactor(tmp_path: Path) -> None:
    leaves = {"teammessage.txt": b"12 guesses", "score_multiplier.txt": b"0.5"}
    sandbox = FakeSandbox(tmp_path, talk(WELL, ran(code=42), P), leaves)
    result, said = interact(sandbox, PROGRAM, FakeProgram(), KATTIS, TEST)
    assert result == WELL
    assert said == Checked(Verdict.PARTIAL, 0.5, "12 guesses")


@pytest.mark.parametrize(
    ("conversation", "expected"),
    [
        (talk(WELL, ran(code=42), P), Verdict.AC),
        (talk(WELL, ran(code=42), I), Verdict.AC),
        (talk(WELL, ran(code=43), P), Verdict.WA),
        (talk(WELL, ran(code=43), I), Verdict.WA),
        # it was told off first, and whatever came then, came of that
        (talk(ran(code=1), ran(code=43), I), Verdict.WA),
        (talk(ran(signal=13), ran(code=43), I), Verdict.WA),
        (talk(ran(signal=13), ran(code=43), P, hung_up="interactor"), Verdict.WA),
        (talk(fallen(), ran(code=43), I), Verdict.WA),
        # it closed its pipes and slept on
        (talk(fallen(idle=True), ran(code=43), I, hung_up="program"), Verdict.WA),
        # it failed by itself, and the interactor only found it gone
        (talk(ran(signal=11), ran(code=43), P), Verdict.RE),
        (talk(ran(signal=11), ran(code=43), I, hung_up="program"), Verdict.RE),
        (talk(fallen(idle=True), ran(code=43), P), Verdict.TLE),
        (talk(ran(verdict=Verdict.MLE), ran(code=43), P), Verdict.MLE),
        (talk(ran(code=1), ran(signal=13), P), Verdict.RE),
        (talk(ran(code=1), ran(code=1, err=b"EOFError"), P), Verdict.RE),
        (talk(fallen(), ran(code=1), P), Verdict.TLE),
        # an accepted one has to end well, too
        (talk(ran(code=1), ran(code=42), I), Verdict.RE),
        (talk(fallen(), ran(code=42), I), Verdict.TLE),
        # it left in the middle, and said nothing was wrong
        (talk(WELL, ran(signal=13), P), Verdict.WA),
        (talk(WELL, ran(code=1, err=b"Traceback ...\nBrokenPipeError: ..."), P), Verdict.WA),
        (talk(WELL, ran(code=1, err=b"EOFError: EOF when reading a line"), P), Verdict.WA),
        # it said too much and saw its pipe break, or did not look
        (talk(ran(signal=13), ran(code=43), P, flooded="program"), Verdict.OLE),
        (talk(WELL, ran(code=42), P, flooded="program"), Verdict.OLE),
    ],
)
def test_whose_word_counts(tmp_path: Path, conversation: Conversation, expected: Verdict) -> None:
    said = verdict(tmp_path, conversation)
    assert (said.verdict, said.score) == (expected, float(expected is Verdict.AC))


@pytest.mark.parametrize(
    "conversation",
    [
        talk(WELL, ran(code=1), P),
        talk(WELL, ran(signal=11), P),
        talk(WELL, ran(code=0), P),
        talk(WELL, ran(signal=13), I),
        talk(WELL, ran(code=42, verdict=Verdict.TLE), P),
        talk(ran(code=1), ran(signal=11), I),
        talk(fallen(idle=True), ran(code=1), I),
        talk(ran(signal=13), ran(signal=13), I, flooded="interactor"),
        # the program waited for an interactor that worked
        talk(fallen(cpu=0.1), ran(code=43, cpu=2.5), P),
    ],
)
def test_interactor_that_fails_by_itself_is_a_fault(
    tmp_path: Path, conversation: Conversation
) -> None:
    with pytest.raises(Fault, match="interactor"):
        verdict(tmp_path, conversation)


@pytest.mark.parametrize(("code", "expected"), [(0, "AC"), (1, "WA"), (2, "WA"), (8, "WA")])
def test_testlib_interactor_ends_in_right_or_wrong(
    tmp_path: Path, code: int, expected: str
) -> None:
    """Unexpected ends are PE for testlib; of a conversation there is no presentation."""
    conversation = talk(WELL, ran(code=code, err=b"wrong answer 7 > 5"), P)
    said = verdict(tmp_path, conversation, TESTLIB)
    assert said == Checked(Verdict(expected), float(code == 0), "", "wrong answer 7 > 5")


def test_program_that_is_wrong_is_not_called_idle(tmp_path: Path) -> None:
    conversation = talk(fallen(idle=True), ran(code=43), I)
    sandbox = FakeSandbox(tmp_path, conversation)
    assert not interact(sandbox, PROGRAM, FakeProgram(), KATTIS, TEST)[0].idle


@dataclass
class Checker:
    """Says `answer` of every record, and keeps them."""

    answer: Checked
    records: list[bytes] = field(default_factory=list)

    def __call__(self, test: Test, output: Output) -> Checked:
        self.records.append(output.read())
        return self.answer


@pytest.mark.parametrize("leaves", [{"record": b"3 guesses"}, {}])
def test_record_of_a_testlib_interactor_is_checked(
    tmp_path: Path, leaves: dict[str, bytes]
) -> None:
    checker = Checker(Checked(Verdict.PARTIAL, 0.5))
    sandbox = FakeSandbox(tmp_path, talk(WELL, ran(), P), leaves)
    said = interact(sandbox, PROGRAM, FakeProgram(), TESTLIB, TEST, check=checker)[1]
    assert said == checker.answer
    assert checker.records == [leaves.get("record", b"")]


@pytest.mark.parametrize(
    ("spec", "conversation"),
    [
        (TESTLIB, talk(WELL, ran(code=1), P)),
        (TESTLIB, talk(ran(code=1), ran(), P)),
        (KATTIS, talk(WELL, ran(code=42), P)),
    ],
)
def test_nothing_else_is_checked(
    tmp_path: Path, spec: CheckerSpec, conversation: Conversation
) -> None:
    checker = Checker(Checked(Verdict.AC, 1.0))
    interact(FakeSandbox(tmp_path, conversation), PROGRAM, FakeProgram(), spec, TEST, check=checker)
    assert not checker.records


def test_style_of_an_interactor_is_named_when_it_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(BadProblem, match="kattis, testlib"):
        verdict(tmp_path, talk(WELL, WELL, P), CheckerSpec(kind="custom"))
