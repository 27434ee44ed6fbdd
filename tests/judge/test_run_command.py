"""`codetrack judge run`: a line, or JSON, or a sentence that says what to do."""

from __future__ import annotations

import argparse
import io
import json
import shutil
import sys
from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path

import pytest

from codetrack.judge import run
from codetrack.judge.client import Judge
from codetrack.judge.errors import BadProblem, JudgeError, UnknownLanguage
from codetrack.judge.values import MIB, Judgement, Limits, Problem, TestResult, Verdict

PROBLEMS = Path(__file__).with_name("problems")
DOUBLE = "print(2 * int(input()))"
type Command = Callable[..., int]


def parsed(*words: str | Path) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    run.add_arguments(parser)
    return parser.parse_args([str(word) for word in words])


@pytest.fixture
def command(judge: Judge, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Command:
    """The command in a folder with a program, inputs and answers, by the worker of the tests."""
    monkeypatch.setattr(run, "Judge", lambda: nullcontext(judge))
    monkeypatch.chdir(tmp_path)
    for name, content in {
        "double.py": DOUBLE, "1.in": "21", "1.ans": "42\n", "2.in": "2", "2.ans": "5",
    }.items():  # fmt: skip
        Path(name).write_text(content)
    return lambda *words: run.run(parsed(*words))


type Captured = pytest.CaptureFixture[str]


def test_a_right_program_is_accepted_in_one_line(command: Command, capsys: Captured) -> None:
    words = ["double.py", "--language", "python3", "--input", "1.in", "--answer", "1.ans"]
    assert command(*words) == 0
    printed = capsys.readouterr()
    told, seconds, *_, mebibytes, unit = printed.out.split()
    assert (told, unit, printed.out.count("\n"), printed.err) == ("AC", "MiB", 1, "")
    assert 0 <= float(seconds) < 2 and 1 < float(mebibytes) < 256


def test_the_language_is_told_by_the_extension(command: Command, capsys: Captured) -> None:
    assert command("double.py", "--input", "1.in", "--answer", "1.ans") == 0
    with pytest.raises(BadProblem, match=r"no language has the extension '\.in'"):
        command("1.in")


def test_a_wrong_answer_says_why_and_leaves_with_one(command: Command, capsys: Captured) -> None:
    assert command("double.py", "--input", "2.in", "--answer", "2.ans") == 1
    out = capsys.readouterr().out
    assert out.startswith("WA  ") and out.endswith("Line 1, token 1: 4 is not what was expected.\n")


def test_json_is_one_object_with_every_test(command: Command, capsys: Captured) -> None:
    pairs = ["--input", "2.in", "--answer", "2.ans", "--input", "1.in", "--answer", "1.ans"]
    assert command("double.py", *pairs, "--json") == 1
    told = json.loads(capsys.readouterr().out)
    assert told["verdict"] == "WA"
    assert [(test["name"], test["verdict"], test["output"]) for test in told["tests"]] == [
        ("2.in", "WA", "4\n"),
        ("1.in", "AC", "42\n"),
    ]
    assert {"cpu", "wall", "memory", "exit_code", "signal", "message"} <= told["tests"][0].keys()


def test_without_an_answer_a_program_is_only_run(command: Command, capsys: Captured) -> None:
    assert command("double.py", "--input", "1.in", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["verdict"], told["tests"][0]["output"]) == ("OK", "42\n")


def test_input_may_come_from_a_pipe(
    command: Command, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"21")))
    assert command("double.py", "--input", "-", "--answer", "1.ans") == 0


def test_a_compile_error_comes_with_the_compilers_words(command: Command, capsys: Captured) -> None:
    Path("half.py").write_text("print(")
    assert command("half.py") == 1
    printed = capsys.readouterr()
    assert printed.out == "CE  The program does not compile.\n"
    assert "SyntaxError" in printed.err


def test_limits_can_be_given(command: Command, capsys: Captured) -> None:
    Path("much.py").write_text("kept = bytearray(60_000_000)")
    assert command("much.py", "--memory", "32") == 1
    assert capsys.readouterr().out.startswith("MLE  ")
    Path("long.py").write_text("while True: pass")
    assert command("long.py", "--time", "0.2") == 1
    assert capsys.readouterr().out.startswith("TLE  ")


def test_a_checker_can_be_named(command: Command, capsys: Captured) -> None:
    Path("near.py").write_text("print(42.0000001)")
    pair = ["--input", "1.in", "--answer", "1.ans"]
    assert command("near.py", *pair) == 1
    assert command("near.py", *pair, "--checker", "float") == 0


def test_a_problems_folder_brings_tests_points_and_limits(
    command: Command, capsys: Captured
) -> None:
    stairs = PROBLEMS / "stairs"
    half = stairs / "submissions/partial/tries_all.py"
    assert command(half, "--problem", stairs, "--time", "0.3") == 1
    assert capsys.readouterr().out.startswith("PT  20 of 100 points  ")


def test_progress_is_told_to_who_looks(
    command: Command, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    pairs = ["--input", "1.in", "--answer", "1.ans", "--input", "2.in", "--answer", "2.ans"]
    assert command("double.py", *pairs) == 1
    first, second = capsys.readouterr().err.splitlines()
    assert first.startswith("test 1 of 2  1.in  AC  ")
    assert second.startswith("test 2 of 2  2.in  WA  ")


def test_a_language_that_is_not_there_is_said(command: Command) -> None:
    with pytest.raises(UnknownLanguage):
        command("double.py", "--language", "latin")


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["none.py"], "none.py cannot be read: No such file or directory. Mend its name."),
        ([".py"], "no language has the extension"),
        (["double.py", "--input", "none"], "none cannot be read"),
        (["double.py", "--input", "."], ". cannot be read: Is a directory."),
        (["double.py", "--answer", "1.ans", "--answer", "2.ans"], "0 --input and 2 --answer"),
        (["double.py", "--input", "1.in", "--problem", "."], "--problem brings its own"),
        (["double.py", "--problem", "nowhere"], "There is no folder nowhere."),
        (["double.py", "--time", "0"], "--time is 0. Give a number from 0.01 to 600."),
        (["double.py", "--memory", "nan"], "--memory is nan. Give a number from 1 to "),
        (["double.py", "./double.py"], "Two source files have the same name."),
        (["caf\udce9.py"], "has letters that cannot be shown."),
        ([], "There is nothing to judge. Name a source file."),
    ],
)
def test_what_cannot_be_judged_is_said_in_a_sentence(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, words: list[str], said: str
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("double.py").write_text(DOUBLE)
    for name in ("1.in", "1.ans", "2.ans"):
        Path(name).touch()
    with pytest.raises(JudgeError) as refused:
        run.run(parsed(*words))
    assert said in str(refused.value)


def test_a_fault_is_told_with_its_reason() -> None:
    told = Judgement(verdict=Verdict.IE, message="Not you.", judge_message="No bubblewrap.\nNone.")
    assert run.line(told) == "IE  No bubblewrap."


def test_waiting_is_told_apart_from_working() -> None:
    told = TestResult(name="1", group="a", verdict=Verdict.TLE, idle=True, cpu=0.01, memory=MIB)
    assert run.line(told) == "TLE (idle)  0.01 s CPU  1.0 MiB"


def test_other_limits_stay_as_the_problem_has_them() -> None:
    problem = Problem(groups=(), limits=Limits(cpu=1, output=7))
    memory = run.limited(problem, parsed("a.py", "--memory", "16"))
    assert memory.limits == Limits(cpu=1, memory=16 * MIB, output=7)
    assert run.limited(problem, parsed("a.py", "--time", "3")).limits == Limits(cpu=3, output=7)


@pytest.fixture
def guests(tmp_path: Path) -> Path:
    """A problem with three submissions, of which one lies in the wrong folder."""
    folder = tmp_path / "guests"
    shutil.copytree(PROBLEMS / "guests", folder, ignore=shutil.ignore_patterns("submissions"))
    given = PROBLEMS / "guests/submissions"
    for name, place in {
        "accepted/both.py": "accepted", "wrong_answer/one_line.py": "wrong_answer",
        "wrong_answer/anybody.py": "accepted",
    }.items():  # fmt: skip
        target = folder / "submissions" / place
        target.mkdir(parents=True, exist_ok=True)
        shutil.copy(given / name, target)
    return folder


def test_without_a_source_the_jury_is_judged(
    command: Command, guests: Path, capsys: Captured
) -> None:
    assert command("--problem", guests) == 1
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "NOT  accepted/anybody.py  WA instead of AC"
    assert lines[1].startswith("ok   accepted/both.py  AC  ")
    assert lines[2].startswith("ok   wrong_answer/one_line.py  WA  ")
    assert lines[3] == "2 of 3 as expected."
    (guests / "submissions/accepted/anybody.py").unlink()
    assert command("--problem", guests, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert [entry["judgement"]["verdict"] for entry in told["jury"]] == ["AC", "WA"]


def test_a_language_of_the_jury_that_is_not_here_is_no_end(
    command: Command, guests: Path, capsys: Captured
) -> None:
    expected = guests / "submissions/accepted/expected.toml"
    expected.write_text('["both.py"]\nlanguage = "latin"\n["anybody.py"]\n')
    assert command("--problem", guests) == 1
    assert "NOT  accepted/both.py  There is no language 'latin' here." in capsys.readouterr().out
