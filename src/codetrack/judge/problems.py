"""Our own folder format: `problem.toml`, tests and the jury's submissions, as values of the judge.

Format: docs/reference/problem-folder.md. Nothing outside the folder is read, nothing is run.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import StrEnum
from fnmatch import fnmatchcase
from pathlib import Path

from codetrack.judge import checkers
from codetrack.judge.errors import BadProblem
from codetrack.judge.grading import in_order
from codetrack.judge.jury import Jury, read_jury
from codetrack.judge.reading import Extensions, Files, Programs, Table, read_table
from codetrack.judge.values import (
    MIB,
    CheckerSpec,
    Data,
    Group,
    Limits,
    Problem,
    Scoring,
    Test,
)

TABLE = "problem.toml"
INPUT, ANSWER = ".in", ".ans"
MOST_GROUPS = 100


class Style(StrEnum):
    """How a program of the problem says what it thinks."""

    NONE = ""
    KATTIS = "kattis"
    TESTLIB = "testlib"


@dataclass(frozen=True, slots=True)
class Folder:
    """A whole folder, read."""

    title: str
    problem: Problem
    jury: tuple[Jury, ...]


def load(path: Path, extensions: Extensions) -> Folder:
    """Read a problem's folder. Raises BadProblem, which names the file and the key."""
    files = Files(path)
    table = read_table(files.file(TABLE), TABLE)
    title = table.needed("title")
    run_all = table.flag("run_all")
    limits = read_limits(table.table("limits"))
    programs = Programs(files, extensions)
    checker = read_checker(table.table("checker"), programs)
    interactor = (
        read_program(table.table("interactor"), programs) if table.has("interactor") else None
    )
    tests = read_tests(files, answers=checker.program is None and interactor is None)
    groups = read_groups(table.tables("group"), tests, run_all=run_all)
    table.done()
    problem = Problem(
        groups=groups, limits=limits, checker=checker, interactor=interactor, run_all=run_all
    )
    return Folder(title, problem, tuple(read_jury(files, programs, groups)))


def read_limits(table: Table) -> Limits:
    limits = Limits(
        cpu=table.number("time", 2.0, least=0.1, most=60.0),
        memory=int(MIB * table.number("memory", 256, least=4, most=4096)),
        output=int(MIB * table.number("output", 16, least=0.001, most=256)),
    )
    table.done()
    return limits


def read_checker(table: Table, programs: Programs) -> CheckerSpec:
    """One of ours with its options, or a program of the problem."""
    kind = table.text("kind", "custom" if table.has("program") else "token")
    if kind == "custom":
        return read_program(table, programs)
    spec = CheckerSpec(kind=kind, options=table.rest())
    with place_of(table):
        checkers.native(spec)
    return spec


def read_program(table: Table, programs: Programs) -> CheckerSpec:
    """A checker or an interactor of the problem's own."""
    style = table.choice("style", Style.NONE)
    names = table.texts("program")
    if not names or style is Style.NONE:
        lacks = "style" if names else "program"
        raise BadProblem(
            f"{table.place}: `{lacks}` is missing. Give `program`, a file of this folder or a "
            "list of files, the main one first, and `style`, kattis or testlib."
        )
    spec = CheckerSpec(
        kind="custom",
        style=style.value,
        program=programs.read(names, table.text("language")),
        arguments=table.texts("arguments"),
        options=table.rest(),
    )
    with place_of(table):
        checkers.style(spec)
    return spec


@contextmanager
def place_of(table: Table) -> Iterator[None]:
    """Errors from within say which table it is."""
    try:
        yield
    except BadProblem as error:
        raise BadProblem(f"{table.place}: {error}") from error


def read_tests(files: Files, *, answers: bool) -> list[Test]:
    """All tests in the order of their names. `answers`: each has to have one."""
    found: dict[str, dict[str, Data]] = {INPUT: {}, ANSWER: {}}
    for name in files.below("tests"):
        suffix = Path(name).suffix
        if suffix not in found:
            raise BadProblem(
                f"{name} is neither an input (.in) nor an answer (.ans). Rename it or take it away."
            )
        test = name.removeprefix("tests/").removesuffix(suffix)
        found[suffix][test] = Data(path=files.file(name))
    inputs, known = found[INPUT], found[ANSWER]
    if not inputs:
        raise BadProblem("There are no tests. Put an input like 1.in into tests/.")
    if stray := sorted(known.keys() - inputs.keys()):
        raise BadProblem(f"tests/{stray[0]}.ans has no input. Add {stray[0]}.in beside it.")
    if answers and (lacking := sorted(inputs.keys() - known.keys())):
        raise BadProblem(f"tests/{lacking[0]}.in has no answer. Add {lacking[0]}.ans beside it.")
    return [Test(name=name, input=inputs[name], answer=known.get(name)) for name in sorted(inputs)]


def read_groups(tables: list[Table], tests: list[Test], *, run_all: bool) -> tuple[Group, ...]:
    """Each test is in one group; without any group in the table, all are in one."""
    if not tables:
        return (Group(name="tests", tests=tuple(tests), run_all=run_all),)
    if len(tables) > MOST_GROUPS:
        raise BadProblem(f"{TABLE}: too many groups. Allowed: {MOST_GROUPS}.")
    taken: dict[str, str] = {}
    groups = tuple(read_group(table, tests, taken, run_all=run_all) for table in tables)
    if alone := [test.name for test in tests if test.name not in taken]:
        raise BadProblem(
            f"{TABLE}: the test {alone[0]} is in no group. Name it in the `tests` of one of: "
            f"{', '.join(group.name for group in groups)}."
        )
    with place_of(Table(TABLE, {})):
        in_order(groups)
    return groups


def read_group(table: Table, tests: list[Test], taken: dict[str, str], *, run_all: bool) -> Group:
    """`taken` says which group each test is in, and learns of this one's."""
    name, pattern = table.needed("name"), table.needed("tests")
    mine = tuple(test for test in tests if fnmatchcase(test.name, pattern))
    if not mine:
        raise table.wrong("tests", f"a pattern that a test fits, as {tests[0].name} fits *")
    for test in mine:
        if test.name in taken:
            raise BadProblem(
                f"{table.place}: the test {test.name} is in the groups {taken[test.name]} and "
                f"{name}. Let the `tests` of one alone fit it."
            )
        taken[test.name] = name
    group = Group(
        name=name,
        tests=mine,
        points=table.number("points", 0.0, most=1e6),
        scoring=table.choice("scoring", Scoring.ALL),
        depends=table.texts("depends"),
        run_all=table.flag("run_all", run_all),
    )
    each = group.points / len(mine) if group.scoring is Scoring.SUM else 0.0
    shown = table.flag("shown")
    table.done()
    return replace(group, tests=tuple(replace(test, points=each, shown=shown) for test in mine))
