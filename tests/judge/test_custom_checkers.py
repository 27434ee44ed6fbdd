"""A problem's own checker: how it is called, what it says, and that its failure is nobody's."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codetrack.judge.checkers import Checked, Custom
from codetrack.judge.checkers.feedback import MOST, fraction
from codetrack.judge.client import Judge
from codetrack.judge.errors import BadProblem, Fault
from codetrack.judge.values import (
    CheckerSpec,
    Data,
    Group,
    Output,
    Problem,
    Result,
    Submission,
    Test,
    TestResult,
    Verdict,
    in_memory,
)
from tests.judge.fakes import FakeProgram, FakeSandbox, ran

TEST = Test(name="1", input=Data(b"in"), answer=Data(b"out"), arguments=("--of-test",))
THEIRS = Output(in_memory(b"theirs"))
AC, WA, PE, PARTIAL = Verdict.AC, Verdict.WA, Verdict.PE, Verdict.PARTIAL


def spec(style: str, **options: float) -> CheckerSpec:
    return CheckerSpec(kind="custom", style=style, options=options, arguments=("--of-all",))


def asked(sandbox: FakeSandbox, checker: CheckerSpec) -> Checked:
    return Custom(sandbox, FakeProgram(), checker).check(TEST, THEIRS)


def by_kattis(
    folder: Path, code: int, leaves: Mapping[str, bytes] | None = None, **options: float
) -> Checked:
    return asked(FakeSandbox(folder, ran(code=code), leaves), spec("kattis", **options))


def by_testlib(folder: Path, code: int, err: bytes, **options: float) -> Checked:
    return asked(FakeSandbox(folder, ran(code=code, err=err)), spec("testlib", **options))


def test_kattis_checker_reads_the_output_from_stdin(tmp_path: Path) -> None:
    sandbox = FakeSandbox(tmp_path, ran(code=42))
    asked(sandbox, spec("kattis"))
    (call,) = sandbox.specs
    places = ("/data/input", "/data/answer", "/out/")
    assert call.argv == ("/box/a", *places, "--of-all", "--of-test")
    assert call.stdin.read() == b"theirs"
    assert {name: data.read() for name, data in call.files.items()} == {
        "/data/input": b"in",
        "/data/answer": b"out",
    }


def test_testlib_checker_gets_the_output_as_a_file(tmp_path: Path) -> None:
    sandbox = FakeSandbox(tmp_path, ran())
    asked(sandbox, spec("testlib"))
    (call,) = sandbox.specs
    places = ("/data/input", "/data/output", "/data/answer")
    assert call.argv == ("/box/a", *places, "--of-all", "--of-test")
    assert call.files["/data/output"].read() == b"theirs"


@pytest.mark.parametrize(("code", "verdict", "score"), [(42, AC, 1.0), (43, WA, 0.0)])
def test_kattis_exit_codes(tmp_path: Path, code: int, verdict: Verdict, score: float) -> None:
    assert by_kattis(tmp_path, code) == Checked(verdict, score)


@pytest.mark.parametrize(("code", "verdict"), [(0, AC), (1, WA), (2, PE), (4, PE), (8, PE)])
def test_testlib_exit_codes(tmp_path: Path, code: int, verdict: Verdict) -> None:
    said = by_testlib(tmp_path, code, b"wrong answer expected 1, found 2\n")
    assert (said.verdict, said.score) == (verdict, 1.0 if verdict is AC else 0.0)
    assert said.judge_message == "wrong answer expected 1, found 2"
    assert said.message == ""  # it quotes what was expected


@pytest.mark.parametrize("code", [0, 1, 2, 3, 41, 44, 255])
def test_other_exit_codes_of_a_kattis_checker_are_its_failure(tmp_path: Path, code: int) -> None:
    with pytest.raises(Fault, match="checker failed"):
        by_kattis(tmp_path, code)


@pytest.mark.parametrize("code", [3, 5, 6, 9, 16, 42, 255])
def test_other_exit_codes_of_a_testlib_checker_are_its_failure(tmp_path: Path, code: int) -> None:
    with pytest.raises(Fault, match=r"checker failed.*answer file is broken"):
        by_testlib(tmp_path, code, b"FAIL answer file is broken")


@pytest.mark.parametrize("style", ["kattis", "testlib"])
@pytest.mark.parametrize(
    "result",
    [
        ran(signal=11),
        ran(code=42, verdict=Verdict.TLE),
        ran(code=0, verdict=Verdict.TLE),
        ran(code=43, verdict=Verdict.MLE),
        ran(code=1, verdict=Verdict.OLE),
        ran(code=None, verdict=Verdict.IE),
    ],
)
def test_checker_over_a_limit_is_a_fault_and_never_a_wrong_answer(
    tmp_path: Path, style: str, result: Result
) -> None:
    with pytest.raises(Fault):
        asked(FakeSandbox(tmp_path, result), spec(style))


def test_kattis_messages_go_to_the_member_and_to_the_author(tmp_path: Path) -> None:
    leaves = {"teammessage.txt": b"Too long a way.\n", "judgemessage.txt": b"3 > 2\n\x1b[31m"}
    said = by_kattis(tmp_path, 43, leaves)
    assert said.message == "Too long a way."
    assert said.judge_message == "3 > 2\n\\x1b[31m"


def test_long_message_is_cut(tmp_path: Path) -> None:
    said = by_kattis(tmp_path, 43, {"teammessage.txt": b"z" * (2 * MOST)})
    assert len(said.message) < 5000 and said.message.endswith("…")


@pytest.mark.parametrize(
    ("leaves", "options", "expected"),
    [
        ({"score_multiplier.txt": b"0.25\n"}, {}, Checked(PARTIAL, 0.25)),
        ({"score_multiplier.txt": b"1"}, {}, Checked(AC, 1.0)),
        ({"score_multiplier.txt": b"0"}, {}, Checked(WA, 0.0)),
        ({"score.txt": b"30"}, {"full_points": 40}, Checked(PARTIAL, 0.75)),
        ({"score.txt": b"0.5"}, {}, Checked(PARTIAL, 0.5)),
    ],
)
def test_kattis_scores(
    tmp_path: Path, leaves: dict[str, bytes], options: dict[str, float], expected: Checked
) -> None:
    assert by_kattis(tmp_path, 42, leaves, **options) == expected


def test_score_of_a_rejected_output_is_nothing(tmp_path: Path) -> None:
    assert by_kattis(tmp_path, 43, {"score_multiplier.txt": b"0.5"}) == Checked(WA, 0.0)


@pytest.mark.parametrize(
    "leaves",
    [
        {"score.txt": b"much"},
        {"score.txt": b""},
        {"score.txt": b"nan"},
        {"score.txt": b"-1"},
        {"score.txt": b"1.5"},
        {"score_multiplier.txt": b"2"},
        {"score.txt": b"1", "score_multiplier.txt": b"1"},
        {"nextpass.in": b""},
    ],
)
def test_score_that_makes_no_sense_is_a_fault(tmp_path: Path, leaves: dict[str, bytes]) -> None:
    with pytest.raises(Fault):
        by_kattis(tmp_path, 42, leaves)


@pytest.mark.parametrize(
    ("err", "options", "score"),
    [
        (b"points 0.25 nearly\n", {}, 0.25),
        (b"points 1", {}, 1.0),
        (b"points 30.0000000000 of 40", {"full_points": 40}, 0.75),
        (b"points 0", {}, 0.0),
    ],
)
def test_testlib_points(
    tmp_path: Path, err: bytes, options: dict[str, float], score: float
) -> None:
    said = by_testlib(tmp_path, 7, err, **options)
    assert said.score == score
    assert said.verdict == (AC if score == 1 else PARTIAL if score else WA)


def test_words_after_testlib_points_are_for_the_author(tmp_path: Path) -> None:
    assert by_testlib(tmp_path, 7, b"points 0.25 nearly\n").judge_message == "nearly"


@pytest.mark.parametrize(
    "err", [b"", b"points", b"points info=3", b"points 2", b"points -1", b"0.5"]
)
def test_testlib_points_that_make_no_sense_are_a_fault(tmp_path: Path, err: bytes) -> None:
    with pytest.raises(Fault):
        by_testlib(tmp_path, 7, err)


@given(st.floats(min_value=1e-3, max_value=1e6), st.floats(0, 1))
def test_fraction_of_full_points(full: float, share: float) -> None:
    assert 0 <= fraction(repr(share * full).encode(), full) <= 1


def link(place: Path) -> None:
    place.symlink_to("/etc/passwd")


def fifo(place: Path) -> None:
    os.mkfifo(place)


def folder(place: Path) -> None:
    place.mkdir()


def device(place: Path) -> None:
    place.symlink_to("/dev/zero")


def unreadable_link(place: Path) -> None:
    place.symlink_to(place.name)


@pytest.mark.parametrize("make", [link, fifo, folder, device, unreadable_link])
@pytest.mark.parametrize("name", ["teammessage.txt", "judgemessage.txt", "score.txt"])
def test_feedback_that_is_not_a_regular_file_is_a_fault(
    tmp_path: Path, name: str, make: Callable[[Path], None]
) -> None:
    make(tmp_path / name)
    with pytest.raises(Fault, match=name):
        by_kattis(tmp_path, 42)


def test_huge_feedback_is_not_read_to_its_end(tmp_path: Path) -> None:
    with (tmp_path / "judgemessage.txt").open("wb") as file:
        file.truncate(1 << 40)  # a sparse file
    assert len(by_kattis(tmp_path, 42).judge_message) < 5000
    assert stat.S_ISREG((tmp_path / "judgemessage.txt").stat().st_mode)


@pytest.mark.parametrize(
    ("checker", "named"),
    [
        (CheckerSpec(kind="custom"), "style “”.*kattis, testlib"),
        (spec("kattis", points=3), "“points”.*full_points"),
        (spec("kattis", full_points=0), "full_points"),
    ],
)
def test_wrong_style_or_option_is_named(tmp_path: Path, checker: CheckerSpec, named: str) -> None:
    with pytest.raises(BadProblem, match=named):
        Custom(FakeSandbox(tmp_path, ran()), FakeProgram(), checker)


# --- with real sandboxes

NEAR = """
import sys
wanted, folder = float(open(sys.argv[2]).read()), sys.argv[3]
bound = float(sys.argv[4])
try:
    off = abs(float(sys.stdin.read()) - wanted)
except ValueError:
    open(folder + "teammessage.txt", "w").write("That is no number.")
    sys.exit(43)
with open(folder + "judgemessage.txt", "w") as said:
    said.write(f"off by {off:.3f} of input " + open(sys.argv[1]).read())
open(folder + "score_multiplier.txt", "w").write(str(max(0.0, 1 - off / bound)))
sys.exit(42)
"""
POINTS = """
import sys
given, wanted = (set(open(name).read().split()) for name in sys.argv[2:4])
if not given:
    print("wrong output format nothing there", file=sys.stderr)
    sys.exit(2)
print("points", len(given & wanted) / len(wanted), "found", file=sys.stderr)
sys.exit(7)
"""


def judged(judge: Judge, printed: str, checker: str, style: str, *arguments: str) -> TestResult:
    program = source(checker)
    spec = CheckerSpec(kind="custom", style=style, program=program, arguments=arguments)
    tests = (Test(name="1", input=Data(b"the input"), answer=Data(b"5")),)
    problem = Problem(groups=(Group(name="all", tests=tests),), checker=spec)
    return judge.judge(problem, source(f"print({printed!r}, end='')")).tests[0]


def source(code: str) -> Submission:
    return Submission("python3", {"main.py": code.encode()})


@pytest.mark.parametrize(
    ("printed", "verdict", "score", "message"),
    [
        ("5", AC, 1.0, ""),
        ("4.5", PARTIAL, 0.75, ""),
        ("9", WA, 0.0, ""),
        ("many\0", WA, 0.0, "That is no number."),
    ],
)
def test_checker_in_the_style_of_kattis(
    judge: Judge, printed: str, verdict: Verdict, score: float, message: str
) -> None:
    said = judged(judge, printed, NEAR, "kattis", "2")
    assert (said.verdict, said.score, said.message) == (verdict, score, message)
    assert message or said.judge_message.endswith("of input the input")


@pytest.mark.parametrize(
    ("printed", "verdict", "words"),
    [("5 7", AC, "found"), ("4", WA, "found"), ("", PE, "wrong output format nothing there")],
)
def test_checker_in_the_style_of_testlib(
    judge: Judge, printed: str, verdict: Verdict, words: str
) -> None:
    said = judged(judge, printed, POINTS, "testlib")
    assert (said.verdict, said.judge_message) == (verdict, words)


@pytest.mark.parametrize("style", ["kattis", "testlib"])
@pytest.mark.parametrize(
    "checker",
    [
        pytest.param("raise SystemExit(5)", id="another exit code"),
        pytest.param("import os; os.abort()", id="aborts"),
        pytest.param("x = 'x' * (4 << 30)", id="too much memory"),
        pytest.param("while True: print('x' * 10_000)", id="does not stop talking"),
        pytest.param("import sys; sys.exit('no such file')", id="says so and exits with 1"),
    ],
)
def test_checker_that_fails_is_nobodys_wrong_answer(judge: Judge, style: str, checker: str) -> None:
    if style == "testlib" and "sys.exit" in checker:
        checker = "raise SystemExit(3)"
    said = judged(judge, "5", checker, style)
    assert (said.verdict, said.score) == (Verdict.IE, 0.0)
    assert "checker failed" in said.judge_message


def test_checker_leaves_a_link_to_a_file_of_this_machine(judge: Judge) -> None:
    """Row 37 of the catalogue."""
    link = "import os, sys; os.symlink('/etc/passwd', '/out/teammessage.txt'); sys.exit(42)"
    said = judged(judge, "5", link, "kattis")
    assert said.verdict == Verdict.IE and "root:" not in f"{said.message}{said.judge_message}"


def test_checker_cannot_change_what_it_compares(judge: Judge) -> None:
    tries = """
import sys
for name in ("/data/input", "/data/answer", "/data/new", "/box/main.py", "/proc/self/fd/0"):
    try:
        open(name, "r+" if name != "/data/new" else "w").write("x")
    except OSError:
        continue
    sys.exit(1)
sys.exit(42)
"""
    assert judged(judge, "5", tries, "kattis").verdict == AC
