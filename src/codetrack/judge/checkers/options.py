"""Reads the options of a checker; what is wrong with them is said by name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from math import isfinite

from codetrack.judge.errors import BadProblem

type Value = str | float | bool

KATTIS = {
    "case_sensitive": 0,
    "space_change_sensitive": 0,
    "float_relative_tolerance": 1,
    "float_absolute_tolerance": 1,
    "float_tolerance": 1,
}
"""The flags of the format's default validator, with the number of words each takes."""


class Options:
    """The options of one checker. Raises BadProblem where one is unknown or no such value."""

    def __init__(self, kind: str, given: Mapping[str, Value], allowed: Iterable[str]) -> None:
        self.kind, self.given = kind, given
        names = tuple(allowed)
        for name in given:
            if name not in names:
                choice = f"Allowed: {', '.join(names)}." if names else "It takes none."
                raise BadProblem(f"The checker “{kind}” has no option “{name}”. {choice}")

    def flag(self, name: str) -> bool:
        value = self.given.get(name, False)
        if not isinstance(value, bool):
            raise BadProblem(f"The option “{name}” of the checker “{self.kind}” is true or false.")
        return value

    def number(self, name: str, default: float, *, most: float | None = None) -> float:
        """A number from 0 on; it may be written as text, as flags are."""
        value = self.given.get(name, default)
        try:
            read = -1.0 if isinstance(value, bool) else float(value)
        except ValueError:
            read = -1.0
        if isfinite(read) and read >= 0 and (most is None or read <= most):
            return read
        bounds = "of at least 0" if most is None else f"from 0 to {most:g}"
        raise BadProblem(
            f"The option “{name}” of the checker “{self.kind}” is {value!r}. Use a number {bounds}."
        )


def kattis_flags(words: Iterable[str]) -> dict[str, Value]:
    """The flag list of a problem package as options: `case_sensitive float_tolerance 1e-6`."""
    found: dict[str, Value] = {}
    rest = iter(words)
    for name in rest:
        if name not in KATTIS:
            raise BadProblem(f"There is no validator flag “{name}”. Allowed: {', '.join(KATTIS)}.")
        value = next(rest, None) if KATTIS[name] else True
        if value is None:
            raise BadProblem(f"The validator flag “{name}” lacks its number. Write it after it.")
        found[name] = value
    return found
