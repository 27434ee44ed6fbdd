"""Our own folder format: `problem.toml`, tests and the jury's submissions, as values of the judge.

Format: docs/reference/problem-folder.md. Nothing outside the folder is read, nothing is run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from enum import StrEnum
from fnmatch import fnmatchcase
from pathlib import Path

from codetrack.judge import checkers
from codetrack.judge.errors import BadProblem
from codetrack.judge.grading import in_order
from codetrack.judge.reading import Table, read_table
from codetrack.judge.values import (
    MIB,
    CheckerSpec,
    Data,
    Group,
    Limits,
    Problem,
    Scoring,
    Submission,
    Test,
    Verdict,
)

TABLE, EXPECTED = "problem.toml", "expected.toml"
INPUT, ANSWER = ".in", ".ans"
LARGEST_SOURCE = MIB
MOST_GROUPS = 100
FOLDERS = {
    "accepted": Verdict.AC,
    "partial": Verdict.PARTIAL,
    "wrong_answer": Verdict.WA,
    "presentation_error": Verdict.PE,
    "time_limit_exceeded": Verdict.TLE,
    "memory_limit_exceeded": Verdict.MLE,
    "output_limit_exceeded": Verdict.OLE,
    "run_time_error": Verdict.RE,
    "compile_error": Verdict.CE,
}

type Extensions = Mapping[str, tuple[str, ...]]
"""Of each language by its id; the first language that has an extension is meant by it."""


class Style(StrEnum):
    """How a program of the problem says what it thinks."""

    NONE = ""
    KATTIS = "kattis"
    TESTLIB = "testlib"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What has to come of a submission; where something is not said, anything will do."""

    verdict: Verdict
    points: float | None = None
    idle: bool | None = None
    groups: Mapping[str, Verdict] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Jury:
    """A submission that came with the problem; `name` is its place below submissions/."""

    name: str
    submission: Submission
    expected: Expected


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


class Files:
    """The files of one folder, by their names below it; links that leave it are refused."""

    def __init__(self, path: Path) -> None:
        try:
            self.root = path.resolve(strict=True)
        except OSError as error:
            raise BadProblem(f"There is no folder {path}. Check its name.") from error

    def file(self, name: str) -> Path:
        """Where a regular file is."""
        if not name.isprintable():
            raise BadProblem(f"{name!r}: a name has letters that cannot be shown. Rename it.")
        try:
            found = (self.root / name).resolve(strict=True)
        except (OSError, RuntimeError) as error:  # not there, or links in a circle
            raise BadProblem(f"{name} is not there. Add it, or mend its name.") from error
        if not found.is_relative_to(self.root):
            raise BadProblem(f"{name} leads out of the folder. Put a copy of the file there.")
        if not found.is_file():
            raise BadProblem(f"{name} is not a file. Put a regular file there.")
        return found

    def below(self, name: str) -> list[str]:
        """Every file below a folder, in the order of the names; hidden ones do not count."""
        found = [
            (folder / entry).relative_to(self.root).as_posix()
            for folder, folders, entries in (self.root / name).walk()
            for entry in entries
        ]
        return sorted(entry for entry in found if not any_hidden(entry))

    def source(self, name: str) -> bytes:
        with self.file(name).open("rb") as file:
            content = file.read(LARGEST_SOURCE + 1)
        if len(content) > LARGEST_SOURCE:
            raise BadProblem(f"{name} is too long. Allowed: {LARGEST_SOURCE // MIB} MiB.")
        return content


def any_hidden(name: str) -> bool:
    return any(part.startswith(".") for part in name.split("/"))


class Programs:
    """Source files of the folder as submissions."""

    def __init__(self, files: Files, extensions: Extensions) -> None:
        self.files, self.extensions = files, extensions

    def read(self, names: tuple[str, ...], language: str = "") -> Submission:
        """The main one first. Their folders are left out of their names."""
        sources = {name.rpartition("/")[2]: self.files.source(name) for name in names}
        if len(sources) < len(names):
            raise BadProblem(f"{names[0]}: two of its files have the same name. Rename one.")
        return Submission(language or language_of(names[0], self.extensions), sources)


def language_of(name: str, extensions: Extensions) -> str:
    """The language that a file's extension stands for. Raises BadProblem when it is none."""
    suffix = Path(name).suffix
    for language, known in extensions.items():
        if suffix in known:
            return language
    allowed = ", ".join(sorted({suffix for known in extensions.values() for suffix in known}))
    raise BadProblem(f"{name}: no language has the extension {suffix!r}. Allowed: {allowed}.")


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


def read_jury(files: Files, programs: Programs, groups: tuple[Group, ...]) -> Iterator[Jury]:
    """The submissions in the order of their names."""
    entries: dict[str, dict[str, list[str]]] = {}
    for name in files.below("submissions"):
        _, folder, *rest = name.split("/")
        if folder not in FOLDERS or not rest:
            raise BadProblem(
                f"{name}: the folder of a submission names its verdict. "
                f"Allowed: {', '.join(FOLDERS)}."
            )
        entries.setdefault(folder, {}).setdefault(rest[0], []).append(name)
    for folder, submissions in entries.items():
        table = Table(EXPECTED, {})
        if submissions.pop(EXPECTED, None):
            name = f"submissions/{folder}/{EXPECTED}"
            table = read_table(files.file(name), name)
        for entry, names in submissions.items():
            own = table.table(entry)
            language = own.text("language")
            expected = read_expected(own, FOLDERS[folder], groups)
            submission = programs.read(main_first(names), language)
            yield Jury(f"{folder}/{entry}", submission, expected)
        table.done()


def main_first(names: list[str]) -> tuple[str, ...]:
    """One file, or the files of a folder, of which the main one is called main."""
    main = [name for name in names if Path(name).stem.lower() == "main"]
    if len(names) > 1 and len(main) != 1:
        folder = names[0].rpartition("/")[0]
        raise BadProblem(f"{folder}: which file is the main one? Call it main.")
    return (*main, *(name for name in names if name not in main))


def read_expected(table: Table, verdict: Verdict, groups: tuple[Group, ...]) -> Expected:
    told = table.table("groups")
    expected = Expected(
        verdict=verdict,
        points=table.number("points", 0.0) if table.has("points") else None,
        idle=table.flag("idle") if table.has("idle") else None,
        groups={
            group.name: told.choice(group.name, Verdict.AC)
            for group in groups
            if told.has(group.name)
        },
    )
    told.done()
    table.done()
    return expected
