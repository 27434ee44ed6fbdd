"""The score: one number, 0 to 1000, of what a member reached in contests and solved in practice.

Pure: ratings, days and counts in, points and where they come from out. It asks no database.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from math import log10

type Curve = tuple[tuple[int, float], ...]

#: Rating → share of the rated people of the platform who stand below it. Approximate, and fixed: a
#: score moves when its member does, not when others join.
#: Codeforces: percentiles of 89,352 active accounts (codeforces.com/blog/entry/126802) and of
#: all accounts by 400 points, as published by others; above 3000 estimates. LeetCode: one share
#: that it told (1965 is in the top 3.1 %), and estimates around it. CodeChef publishes no shares:
#: estimates by its star bands.
CURVES: Mapping[str, Curve] = {
    "codeforces": (
        (0, 0.0),
        (800, 0.11),
        (1143, 0.50),
        (1200, 0.55),
        (1400, 0.75),
        (1600, 0.85),
        (1900, 0.94),
        (2100, 0.972),
        (2400, 0.992),
        (2800, 0.998),
        (3000, 0.9993),
        (3200, 0.9997),
        (3500, 0.99995),
        (3900, 0.99999),
    ),
    "leetcode": (
        (1000, 0.0),
        (1200, 0.03),
        (1400, 0.25),
        (1500, 0.50),
        (1600, 0.74),
        (1700, 0.85),
        (1850, 0.938),
        (1965, 0.969),
        (2150, 0.988),
        (2400, 0.9968),
        (2700, 0.9992),
        (3000, 0.9998),
        (3300, 0.99995),
        (3700, 0.99999),
    ),
    "codechef": (
        (0, 0.0),
        (1000, 0.25),
        (1200, 0.48),
        (1400, 0.72),
        (1600, 0.87),
        (1800, 0.945),
        (2000, 0.978),
        (2200, 0.991),
        (2500, 0.998),
        (2800, 0.9996),
        (3100, 0.9999),
        (3500, 0.99999),
    ),
}

MOST = 1000
#: What the best platform can bring, the second best, the third. A fourth brings nothing.
CONTESTS = (560, 160, 80)
BELOW, RARE, NINES = 500, 100, 5  # points for the share below; for each tenfold rarity, up to 1:10⁵
FRESH_DAYS, WEEK = 90, 7
LOSS, FLOOR = 1, 60  # percent lost a week, and what is always left


@dataclass(frozen=True, slots=True)
class Level:
    """Problems of one difficulty bring up to `most` points, half of them with `half` problems."""

    name: str
    most: int
    half: int

    def points(self, solved: int) -> int:
        return self.most * solved // (solved + self.half)


EASY = Level("Easy", 30, 150)
#: A problem whose difficulty is not known counts as an easy one.
LEVELS = (EASY, Level("Medium", 70, 150), Level("Hard", 100, 100))


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated:
    """A rating, and the day (UTC) of the last rated contest, where one is known."""

    platform: str
    rating: int
    played_on: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ContestPart:
    """What one platform brings. `strength` is of 1000, `recency` a percentage of it."""

    platform: str
    rating: int
    strength: int
    recency: int
    most: int
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PracticePart:
    """What the problems of one level bring."""

    level: Level
    solved: int
    points: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """All parts: the contests with the best platform first, the practice with the easy first."""

    contests: tuple[ContestPart, ...]
    practice: tuple[PracticePart, ...]

    @property
    def contested(self) -> int:
        return sum(part.points for part in self.contests)

    @property
    def practised(self) -> int:
        return sum(part.points for part in self.practice)

    @property
    def total(self) -> int:
        return self.contested + self.practised


def score(*, rated: Iterable[Rated], solved: Mapping[str, int], today: date) -> Score:
    """The score on a day (UTC). `solved` counts distinct problems by the name of their level.

    A platform without a curve brings nothing. Every part is rounded down, so that the parts are
    the sum. It never falls when a rating or a number of solved problems rises.
    """
    found = [
        (strength(one.platform, one.rating), recency(one.played_on, today), one)
        for one in rated
        if one.platform in CURVES
    ]
    found.sort(key=lambda row: (-row[0] * row[1], row[2].platform))
    shares = (*CONTESTS, *([0] * len(found)))
    return Score(
        contests=tuple(
            ContestPart(
                platform=one.platform,
                rating=one.rating,
                strength=strong,
                recency=fresh,
                most=most,
                points=most * strong * fresh // (100 * MOST),
            )
            for (strong, fresh, one), most in zip(found, shares, strict=False)
        ),
        practice=tuple(_practice(level, solved) for level in LEVELS),
    )


def strength(platform: str, rating: int) -> int:
    """How strong a rating is among all who are rated there, 0 to 1000.

    One point for each 0.2 % of people below, and a hundred for each factor of ten in rarity: of
    those above nearly everybody, the one in a thousand still differs from the one in a hundred.
    """
    points = [(at, points_of_share(share)) for at, share in CURVES[platform]]
    if rating <= points[0][0]:
        return round(points[0][1])
    for (low, before), (high, after) in pairwise(points):
        if rating <= high:
            return round(before + (after - before) * (rating - low) / (high - low))
    return round(points[-1][1])


def recency(played_on: date | None, today: date) -> int:
    """What is left of a strength, in percent: all for 90 days, then a percent less every week."""
    if played_on is None:
        return 100
    weeks = max(0, (today - played_on).days - FRESH_DAYS) // WEEK
    return max(FLOOR, 100 - LOSS * weeks)


def points_of_share(below: float) -> float:
    """What it is worth to stand above this share of people, 0 to 1000."""
    above = round(1 - below, 9)
    return BELOW * below + RARE * min(NINES, -log10(above))


def _practice(level: Level, solved: Mapping[str, int]) -> PracticePart:
    names = {one.name for one in LEVELS}
    own = solved.get(level.name, 0)
    if level is EASY:
        own += sum(number for name, number in solved.items() if name not in names)
    return PracticePart(level=level, solved=own, points=level.points(own))
