"""Numbers that need not be the same to the last digit."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import compress, repeat
from math import inf, isfinite, isnan
from operator import le, mul, ne, sub

from codetrack.judge.checkers.tokens import Words

EXACT = 2.0**53  # from here on a float no longer holds every integer
INTEGER = re.compile(rb"[+-]?[0-9]{16,310}")
INFINITE = re.compile(rb"[+-]?inf(inity)?", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Tolerance:
    """How far off a number may be: absolutely, or relative to the expected one; either will do."""

    absolute: float = 0.0
    relative: float = 0.0

    def differ(self, mine: Words, theirs: Words) -> int | None:
        """A `Differ`: words that are numbers may be off a little, all others are the same."""
        if mine == theirs or self.all_close(mine, theirs):
            return None
        for index, (found, expected) in enumerate(zip(mine, theirs, strict=True)):
            if found != expected and not self.accepts(found, expected):
                return index
        return None

    def all_close(self, mine: Words, theirs: Words) -> bool:
        """Quickly, whether all that differ are ordinary numbers that are close enough."""
        unlike = list(map(ne, mine, theirs))
        found, expected = list(compress(mine, unlike)), list(compress(theirs, unlike))
        if b"_" in b"".join(found + expected):
            return False
        try:
            sizes = [*map(float, expected)]
            off = [*map(abs, map(sub, map(float, found), sizes))]
        except ValueError:
            return False
        sizes = [*map(abs, sizes)]
        if not isfinite(sum(off)) or max(sizes) >= EXACT:
            return False
        limits = map(max, repeat(self.absolute), map(mul, repeat(self.relative), sizes))
        return all(map(le, off, limits))

    def accepts(self, found: bytes, expected: bytes) -> bool:
        """Whether both are numbers that are close enough; infinities and nan only to themselves."""
        right, given = number(expected), number(found)
        if right is None or given is None:
            return False
        if not (isfinite(right) and isfinite(given)):
            return given == right or (isnan(given) and isnan(right))
        off = distance(found, expected) if abs(right) >= EXACT <= abs(given) else abs(given - right)
        return off <= self.absolute or off <= self.relative * abs(right)


def number(word: bytes) -> float | None:
    """As C reads it, but for hexadecimal; one too great for a float is nothing we compare."""
    try:
        value = float(word)
    except ValueError:
        return None
    if b"_" in word or (abs(value) == inf and not INFINITE.fullmatch(word)):
        return None
    return value


def distance(found: bytes, expected: bytes) -> float:
    """Between two great numbers: exact where both are integers."""
    if INTEGER.fullmatch(found) and INTEGER.fullmatch(expected):
        return abs(int(found) - int(expected))
    return abs(float(found) - float(expected))
