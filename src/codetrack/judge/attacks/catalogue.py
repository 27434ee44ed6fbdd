"""The catalogue of attacks: what is tried, and what has to come of it. Read from a table."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path

import msgspec

from codetrack.judge.errors import BadProblem
from codetrack.judge.values import MIB, Limits, Verdict

TABLE, LANGUAGES = "catalogue.toml", "languages.toml"
#: In an installed package, and in a source tree.
PLACES = (
    Path(__file__).parents[1] / "programs",
    Path(__file__).parents[4] / "tests" / "judge" / "attacks",
)


class Helper(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A program of the problem's author: a checker or an interactor; or a `kind` of ours."""

    language: str = ""
    file: str = ""
    kind: str = "custom"


class Try(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One program, and what is expected of it. Seconds, MiB, but `output` in bytes."""

    language: str
    files: tuple[str, ...]  # the main one first
    expect: tuple[Verdict, ...]
    why: str  # this verdict, in one line
    name: str = ""  # what the main file is called when it is handed in
    machine: str = ""  # the only processor that it is for
    input: str = ""
    answer: str | None = None
    checker: Helper | None = None
    interactor: Helper | None = None
    cpu: float = 1.0
    wall: float = 8.0
    memory: int = 64
    output: int = MIB
    address_space: bool = True
    runs: int = 1  # submissions of it, one after the other
    tests: int = 1  # each of them with this input
    ballast: int = 0  # MiB that whoever judges it holds meanwhile
    # What is looked at besides the verdict.
    idle: bool | None = None
    exit_code: int | None = None
    signal: int | None = None
    memory_over: int | None = None
    memory_under: int | None = None
    errors_has: str = ""  # a part of its stderr
    errors_under: int | None = None  # bytes of it that are kept
    compiler_has: str = ""  # a part of what the compiler said
    compiler_under: int | None = None  # bytes that are kept of what the compiler said

    @property
    def program(self) -> str:
        """The file that does it."""
        helper = self.checker or self.interactor
        return helper.file if helper and helper.file and not self.interactor else self.files[0]

    @property
    def limits(self) -> Limits:
        return Limits(
            cpu=self.cpu,
            wall=self.wall,
            memory=self.memory * MIB,
            output=self.output,
            address_space=self.address_space,
        )


class Row(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One number of the catalogue."""

    number: int
    title: str
    source: str  # the letters of those whose tests gave the idea
    tries: tuple[Try, ...] = msgspec.field(name="try")


class _Table(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    row: tuple[Row, ...]


class Catalogue:
    """A folder with the table and its programs."""

    def __init__(self, folder: Path | None = None) -> None:
        """Raises BadProblem when there is none."""
        found = [place for place in ([folder] if folder else PLACES) if (place / TABLE).is_file()]
        if not found:
            raise BadProblem("The programs of the attacks are not here. Install CodeTrack again.")
        self.folder = found[0]

    @property
    def languages(self) -> Path:
        """The table of languages that only attacks are written in."""
        return self.folder / LANGUAGES

    @cached_property
    def rows(self) -> tuple[Row, ...]:
        """All of them, by number. Raises BadProblem."""
        try:
            table = msgspec.toml.decode((self.folder / TABLE).read_bytes(), type=_Table)
        except msgspec.MsgspecError as error:
            raise BadProblem(f"{self.folder / TABLE}: {error}. Mend it.") from error
        return table.row

    def chosen(self, numbers: Iterable[int] | None) -> tuple[Row, ...]:
        """Those of these numbers, or all. Raises BadProblem for a number that is nobody's."""
        if numbers is None:
            return self.rows
        by_number = {row.number: row for row in self.rows}
        try:
            return tuple(by_number[number] for number in numbers)
        except KeyError as error:
            raise BadProblem(
                f"There is no attack {error}. They go from 1 to {len(by_number)}."
            ) from error

    def text(self, name: str, values: dict[str, str]) -> bytes:
        """A program with its {{placeholders}} filled in."""
        content = (self.folder / name).read_text()
        for key, value in values.items():
            content = content.replace("{{" + key + "}}", value)
        return content.encode()
