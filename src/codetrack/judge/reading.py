"""Reads files and TOML tables of a folder; errors say where, and what is allowed there."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from enum import StrEnum
from math import inf, isfinite
from pathlib import Path
from typing import Any

from codetrack.judge.errors import BadProblem
from codetrack.judge.values import KIB, MIB, Submission

LONGEST = 256 * KIB  # of a TOML file
LARGEST_SOURCE = MIB

type Extensions = Mapping[str, tuple[str, ...]]
"""Of each language by its id; the first language that has an extension is meant by it."""


class Table:
    """One table of a file. Every reader raises BadProblem; `done` refuses keys nobody asked for."""

    def __init__(self, place: str, values: dict[str, Any]) -> None:
        self.place = place  # "problem.toml" or "problem.toml, [limits]"
        self._values = values
        self._known: list[str] = []

    def wrong(self, key: str, allowed: str) -> BadProblem:
        return BadProblem(f"{self.place}: `{key}` is wrong. Allowed: {allowed}.")

    def text(self, key: str, default: str = "") -> str:
        value = self._get(key, default)
        if not isinstance(value, str):
            raise self.wrong(key, 'a text, like "this"')
        return value

    def needed(self, key: str) -> str:
        if not (value := self.text(key)):
            raise BadProblem(f"{self.place}: `{key}` is missing. Give it a text.")
        return value

    def choice[Choice: StrEnum](self, key: str, default: Choice) -> Choice:
        value, among = self._get(key, default.value), type(default)
        if value not in list(among):
            raise self.wrong(key, ", ".join(filter(None, among)))
        return among(value)

    def number(self, key: str, default: float, *, least: float = 0.0, most: float = inf) -> float:
        value = self._get(key, default)
        real = isinstance(value, int | float) and not isinstance(value, bool)
        if not (real and isfinite(value) and least <= value <= most):
            upwards = f"of at least {least:g}" if most == inf else f"from {least:g} to {most:g}"
            raise self.wrong(key, f"a number {upwards}")
        return float(value)

    def flag(self, key: str, default: bool = False) -> bool:
        value = self._get(key, default)
        if not isinstance(value, bool):
            raise self.wrong(key, "true or false")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """One text is a list of one."""
        value = self._get(key, [])
        listed = [value] if isinstance(value, str) else value
        if not isinstance(listed, list) or not all(isinstance(part, str) for part in listed):
            raise self.wrong(key, 'a list of texts, like ["one", "two"]')
        return tuple(listed)

    def table(self, key: str) -> Table:
        return self._inner(key, f"[{key}]", self._get(key, {}))

    def tables(self, key: str) -> list[Table]:
        value = self._get(key, [])
        if not isinstance(value, list):
            raise self.wrong(key, f"tables that begin with [[{key}]]")
        return [self._inner(key, f"[[{key}]] {count}", part) for count, part in enumerate(value, 1)]

    def has(self, key: str) -> bool:
        self._known.append(key)
        return key in self._values

    def rest(self) -> dict[str, str | float | bool]:
        """All that was not asked for yet: the options of a checker."""
        left = {key: value for key, value in self._values.items() if key not in self._known}
        for key, value in left.items():
            if not isinstance(value, str | int | float):
                raise self.wrong(key, "a text, a number, true or false")
        self._known += left
        return left

    def done(self) -> None:
        for key in self._values:
            if key not in self._known:
                allowed = ", ".join(sorted(set(self._known)))
                raise BadProblem(f"{self.place}: there is no key `{key}`. Allowed: {allowed}.")

    def _get(self, key: str, default: object) -> Any:
        self._known.append(key)
        return self._values.get(key, default)

    def _inner(self, key: str, name: str, value: object) -> Table:
        if not isinstance(value, dict):
            raise self.wrong(key, f"a table that begins with {name}")
        return Table(f"{self.place}, {name}", value)


def read_table(path: Path, name: str) -> Table:
    """The whole file, which errors call `name`. Raises BadProblem."""
    try:
        with path.open("rb") as file:
            text = file.read(LONGEST + 1)
    except OSError as error:
        raise BadProblem(f"{name} cannot be read: {error.strerror}. Put it there.") from error
    if len(text) > LONGEST:
        raise BadProblem(f"{name} is too long. Allowed: {LONGEST // KIB} KiB.")
    try:
        return Table(name, tomllib.loads(text.decode()))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise BadProblem(f"{name} is not TOML: {error}. Mend that line.") from error


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
