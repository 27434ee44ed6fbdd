"""Reading a problem's folder, and refusing one with a sentence that helps."""

from __future__ import annotations

import os
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from codetrack.judge.errors import BadProblem
from codetrack.judge.jury import Expected
from codetrack.judge.problems import Folder, load
from codetrack.judge.values import MIB, CheckerSpec, GroupResult, Judgement, Scoring, Verdict

EXTENSIONS = {"python3": (".py",), "cpp20": (".cpp", ".cc"), "pypy3": (".py",)}
TLE, SK = Verdict.TLE, Verdict.SKIPPED
type Write = Callable[..., Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    """Writes a folder with one test and these files; `None` takes one away."""

    def written(table: str = "", **files: str | None) -> Path:
        whole = {"problem.toml": f'title = "Tea"\n{table}', "tests/1.in": "1", "tests/1.ans": "2"}
        for name, content in (whole | named(files)).items():
            path = tmp_path / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if content is not None:
                path.write_text(content)
        return tmp_path

    return written


def named(files: dict[str, str | None]) -> dict[str, str | None]:
    """`tests__2_in` is tests/2.in: arguments cannot be called so."""
    return {
        ".".join(name.replace("__", "/").rsplit("_", 1)): content for name, content in files.items()
    }


def read(path: Path) -> Folder:
    return load(path, EXTENSIONS)


def refusal(path: Path) -> str:
    with pytest.raises(BadProblem) as refused:
        read(path)
    return str(refused.value)


def test_the_smallest_folder_is_one_group_compared_by_tokens(write: Write) -> None:
    folder = read(write())
    (group,) = folder.problem.groups
    assert (folder.title, folder.jury, folder.problem.checker.kind) == ("Tea", (), "token")
    assert [test.name for test in group.tests] == ["1"]
    assert group.tests[0].input.read() == b"1"
    assert group.tests[0].answer is not None and group.tests[0].answer.read() == b"2"


def test_limits_are_seconds_and_mebibytes(write: Write) -> None:
    limits = read(write("[limits]\ntime = 0.5\nmemory = 64\noutput = 1")).problem.limits
    assert (limits.cpu, limits.memory, limits.output) == (0.5, 64 * MIB, MIB)


def test_tests_come_in_the_order_of_their_names(write: Write) -> None:
    files = dict.fromkeys(("10", "2", "b__1", "a__2"), "")
    both = {f"tests__{name}_{kind}": "" for name in files for kind in ("in", "ans")}
    (group,) = read(write(**both)).problem.groups
    assert [test.name for test in group.tests] == ["1", "10", "2", "a/2", "b/1"]


GROUPS = """
[[group]]
name = "samples"
tests = "s*"
shown = true
[[group]]
name = "small"
tests = "1"
points = 10
scoring = "sum"
depends = ["samples"]
run_all = true
"""


def test_groups_take_tests_points_and_dependencies(write: Write) -> None:
    samples, small = read(write(GROUPS, tests__s1_in="", tests__s1_ans="")).problem.groups
    assert (samples.points, samples.scoring, samples.run_all) == (0, Scoring.ALL, False)
    assert [(test.name, test.shown) for test in samples.tests] == [("s1", True)]
    assert (small.scoring, small.depends, small.run_all) == (Scoring.SUM, ("samples",), True)
    assert [test.points for test in small.tests] == [10]


def test_a_sum_parts_its_points_among_its_tests(write: Write) -> None:
    table = '[[group]]\nname = "all"\ntests = "*"\npoints = 5\nscoring = "sum"'
    (group,) = read(write(table, tests__2_in="", tests__2_ans="")).problem.groups
    assert [test.points for test in group.tests] == [2.5, 2.5]


def test_a_checker_of_ours_takes_its_options(write: Write) -> None:
    checker = read(write('[checker]\nkind = "float"\nabsolute = 1e-6')).problem.checker
    assert checker == CheckerSpec(kind="float", options={"absolute": 1e-6})


def test_a_checker_of_the_problem_is_a_program_and_needs_no_answers(write: Write) -> None:
    table = '[checker]\nprogram = ["check/look.cpp", "check/more.h"]\nstyle = "testlib"\n'
    path = write(
        table + 'arguments = ["-x"]', check__look_cpp="main", check__more_h="", tests__2_in=""
    )
    problem = read(path).problem
    assert problem.checker.program is not None and problem.checker.style == "testlib"
    assert problem.checker.program.language == "cpp20"
    assert problem.checker.program.files == {"look.cpp": b"main", "more.h": b""}
    assert problem.checker.arguments == ("-x",)
    assert [test.answer is None for test in problem.groups[0].tests] == [False, True]


def test_an_interactor_may_name_its_language(write: Write) -> None:
    table = '[interactor]\nprogram = "host.py"\nstyle = "kattis"\nlanguage = "pypy3"'
    interactor = read(write(table, host_py="")).problem.interactor
    assert interactor is not None and interactor.program is not None
    assert interactor.program.language == "pypy3"


def test_the_folder_of_a_submission_names_its_verdict(write: Write) -> None:
    told = '["half.py"]\npoints = 4\nidle = true\nlanguage = "pypy3"\ngroups = { tests = "TLE" }'
    path = write(
        submissions__accepted__a_cc="", submissions__partial__half_py="",
        submissions__partial__expected_toml=told,
    )  # fmt: skip
    accepted, half = read(path).jury
    assert (accepted.name, accepted.expected) == ("accepted/a.cc", Expected(verdict=Verdict.AC))
    assert half.submission.language == "pypy3"
    assert half.expected == Expected(
        verdict=Verdict.PARTIAL, points=4, idle=True, groups={"tests": Verdict.TLE}
    )


def test_a_folder_is_a_submission_of_many_files(write: Write) -> None:
    path = write(submissions__accepted__two__a_cpp="", submissions__accepted__two__main_cpp="")
    (both,) = read(path).jury
    assert (both.name, list(both.submission.files)) == ("accepted/two", ["main.cpp", "a.cpp"])


def test_links_within_the_folder_are_followed(write: Write) -> None:
    path = write()
    (path / "tests/2.in").symlink_to("1.in")
    (path / "tests/2.ans").symlink_to(path / "tests/1.ans")
    assert [test.input.read() for test in read(path).problem.groups[0].tests] == [b"1", b"1"]


def test_hidden_files_do_not_count(write: Write) -> None:
    path = write()
    (path / "tests/.DS_Store").write_text("")
    assert read(path).problem.groups[0].tests[0].name == "1"


@pytest.mark.parametrize(
    ("table", "said"),
    [
        ("colour = 1", "problem.toml: there is no key `colour`. Allowed: checker, group, "),
        ("[limits]\ntiem = 1", "problem.toml, [limits]: there is no key `tiem`. Allowed: memory, "),
        ("[limits]\ntime = 0", "[limits]: `time` is wrong. Allowed: a number from 0.1 to 60."),
        ("[limits]\ntime = true", "`time` is wrong"),
        ("[limits]\ntime = nan", "`time` is wrong"),
        ('limits = "many"', "`limits` is wrong. Allowed: a table that begins with [limits]."),
        ("group = 1", "`group` is wrong. Allowed: tables that begin with [[group]]."),
        ("run_all = 1", "`run_all` is wrong. Allowed: true or false."),
        ('[checker]\nkind = "magic"', "[checker]: There is no checker “magic”. Choose one of "),
        ('[checker]\nkind = "exact"\nabsolute = 1', "“exact” has no option “absolute”"),
        ('[checker]\nkind = "float"\nabsolute = [1]', "`absolute` is wrong. Allowed: a text, "),
        ('[checker]\nkind = "custom"', "[checker]: `program` is missing. Give "),
        ('[interactor]\nprogram = "problem.toml"', "[interactor]: `style` is missing. Give "),
        ('[checker]\nprogram = "a.py"\nstyle = "mine"', "Allowed: kattis, testlib."),
        ('[checker]\nprogram = "a.py"\nstyle = "kattis"', "a.py is not there. Add it, or "),
        ('[checker]\nprogram = "tests/1.in"\nstyle = "kattis"', "no language has the extension"),
        ('[checker]\nprogram = "tests"\nstyle = "kattis"', "tests is not a file."),
        ('[checker]\nprogram = "../a"\nstyle = "kattis"', "../a "),
        ('[[group]]\ntests = "*"', "[[group]] 1: `name` is missing. Give it a text."),
        ('[[group]]\nname = "a"\ntests = "9"', "`tests` is wrong. Allowed: a pattern that"),
        ('[[group]]\nname = "a"\ntests = 9', "`tests` is wrong. Allowed: a text"),
        (
            '[[group]]\nname = "a"\ntests = "*"\n[[group]]\nname = "b"\ntests = "1"',
            "[[group]] 2: the test 1 is in the groups a and b.",
        ),
        (
            '[[group]]\nname = "a"\ntests = "*"\ndepends = "b"',
            "problem.toml: The group a depends on b, which is not there; there are: a.",
        ),
        ('[[group]]\nname = "a"\ntests = "*"\ndepends = ["a"]', "in a circle: a → a."),
        ('[[group]]\nname = "a"\ntests = "*"\ndepends = [1]', "Allowed: a list of texts"),
        ('[[group]]\nname = "a"\ntests = "*"\nscoring = "best"', "Allowed: all, sum, min."),
        ('[[group]]\nname = "a"\ntests = "*"\npoints = -1', "Allowed: a number from 0 to 1e+06."),
        ("title = 1", "problem.toml is not TOML: "),
        ("a = " + "[" * 5000, "problem.toml is not TOML: "),
        ("#" * 300_000, "problem.toml is too long. Allowed: 256 KiB."),
    ],
)  # fmt: skip
def test_a_wrong_table_is_refused_by_file_and_key(write: Write, table: str, said: str) -> None:
    assert said in refusal(write(table))


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({"tests__1_ans": None}, "tests/1.in has no answer. Add 1.ans beside it."),
        ({"tests__1_in": None}, "There are no tests. "),
        ({"tests__2_ans": ""}, "tests/2.ans has no input. Add 2.in beside it."),
        ({"tests__2_inn": ""}, "tests/2.inn is neither an input (.in) nor an answer (.ans)."),
        ({"problem_toml": 'title = ""'}, "problem.toml: `title` is missing."),
        ({"problem_toml": None}, "problem.toml is not there."),
        ({"submissions__best__a_py": ""}, "submissions/best/a.py: the folder of a submission"),
        ({"submissions__a_py": ""}, "submissions/a.py: the folder of a submission names"),
        ({"submissions__accepted__a_bas": ""}, "no language has the extension '.bas'. Allowed: "),
        ({"submissions__accepted__two__a_py": "", "submissions__accepted__two__b_py": ""},
         "submissions/accepted/two: which file is the main one? Call it main."),
        ({"submissions__accepted__expected_toml": "[x]"}, "expected.toml: there is no key `x`."),
        ({"submissions__partial__a_py": "",
          "submissions__partial__expected_toml": '["a.py"]\ngroups = {z = "AC"}'},
         "there is no key `z`. Allowed: tests."),
        ({"submissions__partial__a_py": "",
          "submissions__partial__expected_toml": '["a.py"]\ngroups = {tests = "XX"}'},
         "`tests` is wrong. Allowed: OK, AC, "),
    ],
)  # fmt: skip
def test_a_wrong_file_is_refused_by_name(
    write: Write, files: dict[str, str | None], said: str
) -> None:
    assert said in refusal(write(**files))


def test_a_test_in_no_group_is_named(write: Write) -> None:
    table = '[[group]]\nname = "a"\ntests = "1"\n[[group]]\nname = "b"\ntests = "2"'
    files = {f"tests__{name}_{kind}": "" for name in "23" for kind in ("in", "ans")}
    said = "the test 3 is in no group. Name it in the `tests` of one of: a, b."
    assert said in refusal(write(table, **files))


@pytest.mark.parametrize("name", ["tests/2.in", "submissions/accepted/a.py", "problem.toml"])
def test_a_link_out_of_the_folder_is_refused(write: Write, name: str) -> None:
    path = write()
    (path / name).parent.mkdir(parents=True, exist_ok=True)
    (path / name).unlink(missing_ok=True)
    (path / name).symlink_to("/etc/hostname")
    assert refusal(path) == f"{name} leads out of the folder. Put a copy of the file there."


def test_a_linked_folder_is_not_looked_into(write: Write) -> None:
    path = write()
    (path / "tests/more.in").symlink_to("/etc")
    assert refusal(path).startswith("tests/more.in leads out of the folder.")


def test_links_in_a_circle_and_pipes_are_refused(write: Write) -> None:
    path = write()
    (path / "tests/2.in").symlink_to("2.in")
    assert "tests/2.in is not there." in refusal(path)
    (path / "tests/2.in").unlink()
    os.mkfifo(path / "tests/2.in")
    assert "tests/2.in is not a file." in refusal(path)


def test_a_name_that_cannot_be_shown_is_refused(write: Write) -> None:
    path = write()
    (path / os.fsdecode(b"tests/\xff.in")).write_text("")
    assert "a name has letters that cannot be shown." in refusal(path)


def test_a_source_that_is_too_long_is_refused(write: Write) -> None:
    path = write(submissions__accepted__a_py="#" * (MIB + 1))
    assert refusal(path) == "submissions/accepted/a.py is too long. Allowed: 1 MiB."


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path / "none").startswith("There is no folder ")


WHOLE = Expected(verdict=TLE, points=5, idle=True, groups={"b": SK})
GOT = Judgement(
    verdict=TLE,
    points=5,
    idle=True,
    groups=(
        GroupResult(name="a", verdict=TLE, points=0, of=1),
        GroupResult(name="b", verdict=SK, points=0, of=1),
    ),
)


@pytest.mark.parametrize(
    ("expected", "said"),
    [
        (WHOLE, ""),
        (Expected(verdict=TLE), ""),
        (replace(WHOLE, verdict=Verdict.AC), "TLE instead of AC"),
        (replace(WHOLE, points=5.5), "5 points instead of 5.5"),
        (replace(WHOLE, idle=False), "it waited instead of working"),
        (replace(WHOLE, groups={"a": SK}), "TLE instead of SK in the group a"),
    ],
)
def test_what_came_out_otherwise_is_said(expected: Expected, said: str) -> None:
    assert expected.differs(GOT) == said
