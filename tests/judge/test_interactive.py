"""A program and the problem's interactor: whose word counts, and who has failed."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import pytest

from codetrack.judge.checkers import Checked, interact
from codetrack.judge.client import Judge
from codetrack.judge.errors import BadProblem, Fault
from codetrack.judge.sandbox import Conversation
from codetrack.judge.values import (
    MIB,
    CheckerSpec,
    Data,
    Group,
    Limits,
    Output,
    Problem,
    Result,
    Spec,
    Submission,
    Test,
    TestResult,
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
        (talk(ran(signal=13), ran(code=43), I, hung_up="program", flooded="program"), Verdict.OLE),
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


# --- with real sandboxes

GUESS = """
import sys
secret, answer, folder = int(open(sys.argv[1]).read()), sys.argv[2], sys.argv[3]
print("ready", flush=True)
for _ in range(20):
    said = input()
    guess = int(said) if said.isdecimal() else -1
    if guess == secret:
        print("right", flush=True)
        sys.exit(42)
    print("more" if guess < secret else "less", flush=True)
open(folder + "teammessage.txt", "w").write("20 guesses are enough.")
sys.exit(43)
"""
TEACHER = """
import sys
record = open(sys.argv[2], "w")
for line in sys.stdin:
    record.write(line)
    print("heard", flush=True)
    if line == "end\\n":
        sys.exit(0)
sys.exit(2)
"""
HALVING = """
input()
low, high = 0, 1000
while True:
    middle = (low + high) // 2
    print(middle, flush=True)
    told = input()
    if told == "right":
        break
    low, high = (middle + 1, high) if told == "more" else (low, middle - 1)
"""


def played(
    judge: Judge,
    program: str,
    interactor: str = GUESS,
    *,
    style: str = "kattis",
    wall: float = 10.0,
    **more: Any,
) -> TestResult:
    spec = CheckerSpec(kind="custom", style=style, program=source(interactor))
    tests = (Test(name="1", input=Data(b"617\n"), answer=Data(b"617\n")),)
    limits = Limits(cpu=0.5, wall=wall, memory=128 * MIB, output=100_000)
    groups = (Group(name="all", tests=tests),)
    problem = Problem(groups=groups, interactor=spec, limits=limits, **more)
    return judge.judge(problem, source(program)).tests[0]


def source(code: str) -> Submission:
    return Submission("python3", {"main.py": code.encode()})


@pytest.mark.parametrize(
    ("program", "expected"),
    [
        pytest.param(HALVING, Verdict.AC, id="right"),
        pytest.param("import sys; print(1); sys.stdin.read()", Verdict.TLE, id="never flushes"),
        pytest.param("input()\nwhile True: print(1, flush=True); input()", Verdict.WA, id="lost"),
        pytest.param("import os; os.close(0); os.close(1)", Verdict.WA, id="closes its pipes"),
        pytest.param(
            "import os, time; os.close(0); os.close(1); time.sleep(9)",
            Verdict.TLE,
            id="closes its pipes and sleeps",
        ),
        pytest.param("", Verdict.WA, id="says nothing"),
        pytest.param("input(); input()", Verdict.TLE, id="waits for ever"),
        pytest.param("raise SystemExit(7)", Verdict.RE, id="fails at once"),
        pytest.param("print(1, flush=True); input(); input(); 1 / 0", Verdict.RE, id="fails later"),
        pytest.param("while True: pass", Verdict.TLE, id="works for ever"),
        pytest.param(HALVING + "1 / 0", Verdict.RE, id="fails after it was right"),
        pytest.param(HALVING + "while True: pass", Verdict.TLE, id="right and never ends"),
        pytest.param(
            "while True: print('1 ' * 999, end='')", Verdict.OLE, id="does not stop talking"
        ),
        pytest.param("print('x' * 99_000, flush=True); input()", Verdict.WA, id="babbles"),
    ],
)
def test_conversation(judge: Judge, program: str, expected: Verdict) -> None:
    wall = 1.0 if expected is Verdict.TLE else 10.0
    assert played(judge, program, wall=wall).verdict == expected


def test_deadlock_is_called_idle(judge: Judge) -> None:
    """Row 54 of the catalogue: nothing was flushed, and both wait."""
    result = played(judge, "import sys; print(1); sys.stdin.readline()", "input()", wall=1.0)
    assert (result.verdict, result.idle) == (Verdict.TLE, True)
    assert result.cpu < 0.5


def test_whoever_is_told_off_first_is_wrong_however_it_then_ends(judge: Judge) -> None:
    """The program sees the end of its input at the same time as the judge sees the verdict."""
    lost = "input()\nwhile True: print(1, flush=True); input()"
    verdicts = {played(judge, lost).verdict for _ in range(10)}
    assert verdicts == {Verdict.WA}


def test_message_of_the_interactor_reaches_the_member(judge: Judge) -> None:
    lost = "input()\nwhile True: print(1, flush=True); input()"
    assert played(judge, lost).message == "20 guesses are enough."


@pytest.mark.parametrize(
    "interactor",
    [
        pytest.param("raise SystemExit(1)", id="fails at once"),
        pytest.param("print('ready'); input(); 1 / 0", id="fails at the first word"),
        pytest.param("import os; os.abort()", id="aborts"),
        pytest.param("while True: print('1 ' * 1_000)", id="does not stop talking"),
    ],
)
def test_interactor_that_fails_is_nobodys_wrong_answer(judge: Judge, interactor: str) -> None:
    result = played(judge, HALVING, interactor)
    assert result.verdict == Verdict.IE
    assert "interactor failed" in result.judge_message


def test_program_that_leaves_while_it_is_spoken_to_is_wrong(judge: Judge) -> None:
    """Row 53: the pipe of the interactor breaks, the judge's does not."""
    speaker = "for _ in range(100_000): print('more')"
    result = played(judge, "input()", speaker)
    assert result.verdict == Verdict.WA and "middle of the conversation" in result.message


def test_record_is_given_to_the_problems_checker(judge: Judge) -> None:
    check = "import sys; sys.exit('six' not in open(sys.argv[2]).read())"
    checker = CheckerSpec(kind="custom", style="testlib", program=source(check))
    for word, expected in (("six", Verdict.AC), ("seven", Verdict.WA)):
        program = f"print('{word}', flush=True); input(); print('end', flush=True)"
        result = played(judge, program, TEACHER, style="testlib", checker=checker)
        assert result.verdict == expected


def test_time_of_the_interactor_is_not_the_programs(judge: Judge) -> None:
    slow = "import time\nwhile time.process_time() < 0.6: pass\n" + GUESS
    result = played(judge, HALVING, slow)
    assert (result.verdict, result.judge_message) == (Verdict.AC, "") and result.cpu < 0.4


def test_long_conversation_is_carried_without_delay(judge: Judge) -> None:
    """5,000 turns take 0.4 s; with a look at every word they took 4."""
    asks = "import sys\nfor _ in range(5000): print(1, flush=True); input()\nsys.exit(42)"
    answers = "for _ in range(5000): print(input(), flush=True)"
    walls: list[float] = []
    while not walls or (walls[-1] >= 3 and len(walls) < 5):  # this machine may be busy now
        result = played(judge, answers, asks)
        assert result.verdict == Verdict.AC
        walls.append(result.wall)
    assert min(walls) < 3
