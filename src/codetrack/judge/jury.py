"""The submissions that come with a problem, and what has to come of each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from codetrack.judge.errors import BadProblem
from codetrack.judge.reading import Files, Programs, Table, read_table
from codetrack.judge.values import Group, Judgement, Submission, Verdict

EXPECTED = "expected.toml"
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What has to come of a submission; where something is not said, anything will do."""

    verdict: Verdict
    points: float | None = None
    idle: bool | None = None
    groups: Mapping[str, Verdict] = field(default_factory=dict)

    def differs(self, judgement: Judgement) -> str:
        """What came out otherwise; empty when all is as expected."""
        if judgement.verdict is not self.verdict:
            return f"{judgement.verdict} instead of {self.verdict}"
        if self.points not in (None, judgement.points):
            return f"{judgement.points:g} points instead of {self.points:g}"
        if self.idle not in (None, judgement.idle):
            return "it worked instead of waiting" if self.idle else "it waited instead of working"
        for group in judgement.groups:
            if (due := self.groups.get(group.name, group.verdict)) is not group.verdict:
                return f"{group.verdict} instead of {due} in the group {group.name}"
        return ""


@dataclass(frozen=True, slots=True)
class Jury:
    """A submission that came with the problem; `name` is its place below submissions/."""

    name: str
    submission: Submission
    expected: Expected


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
