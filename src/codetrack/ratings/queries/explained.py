"""How the score is made, in figures: what the page that explains it shows, all of it computed."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from codetrack.platforms.registry import all_platforms
from codetrack.ratings.score import (
    CONTESTS,
    CURVES,
    FLOOR,
    FRESH_DAYS,
    LEVELS,
    LOSS,
    Level,
    Rated,
    Score,
    points_of_share,
    recency,
    score,
    strength,
)

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as Lazy

SHARES = (0.5, 0.75, 0.9, 0.99, 0.999)
NUMBERS = (10, 50, 150, 500)
AWAY = (60, 120, 180, 365, 730)  # days since the last contest
HIGHEST = 4_000


@dataclass(frozen=True)
class Example:
    """Somebody made up: ratings by platform, days since the last contest, solved by level."""

    who: str | Lazy
    ratings: Mapping[str, int]
    solved: tuple[int, int, int]
    away: int = 0

    @property
    def rated(self) -> list[tuple[str, int]]:
        return [(all_platforms()[key].name, rating) for key, rating in self.ratings.items()]

    @property
    def score(self) -> Score:
        """The same on every day."""
        today = date(2026, 1, 1)
        played = today - timedelta(days=self.away)
        rated = [
            Rated(platform=key, rating=rating, played_on=played)
            for key, rating in self.ratings.items()
        ]
        counts = {level.name: n for level, n in zip(LEVELS, self.solved, strict=True)}
        return score(rated=rated, solved=counts, today=today)


_TOP = {"codeforces": 3800, "leetcode": 3500}
_THREE = {"codeforces": 1600, "leetcode": 1850, "codechef": 1700}
EXAMPLES = (
    Example(_("Just begun: forty easy problems"), {}, (40, 0, 0)),
    Example(_("Easy problems by the thousand, nothing else"), {}, (2000, 0, 0)),
    Example(_("A first rating, and some practice"), {"codeforces": 1200}, (80, 40, 5)),
    Example(_("Practice alone, but much of it"), {}, (300, 500, 150)),
    Example(_("At home on three platforms"), _THREE, (200, 250, 60)),
    Example(_("The same person, a year without a contest"), _THREE, (200, 250, 60), 365),
    Example(_("A grandmaster on one platform"), {"codeforces": 2500}, (150, 350, 400)),
    Example(
        _("One of the best in the world"), {"codeforces": 3800, "leetcode": 3500}, (200, 600, 1500)
    ),
)


@dataclass(frozen=True)
class Strength:
    """Better than this share of the rated people: the points, and the rating it takes."""

    percent: str
    points: int
    ratings: list[int]


@dataclass(frozen=True)
class Practice:
    """What so many problems of one level bring."""

    level: Level
    points: list[int]


@dataclass(frozen=True)
class Explained:
    """The figures behind the words."""

    contests = CONTESTS
    examples = EXAMPLES
    numbers = NUMBERS
    fresh_days, loss, floor = FRESH_DAYS, LOSS, FLOOR

    @property
    def for_contests(self) -> int:
        return sum(CONTESTS)

    @property
    def for_practice(self) -> int:
        return sum(level.most for level in LEVELS)

    @property
    def platforms(self) -> list[str]:
        return [all_platforms()[key].name for key in CURVES if key in all_platforms()]

    @property
    def strengths(self) -> list[Strength]:
        keys = [key for key in CURVES if key in all_platforms()]
        return [
            Strength(
                percent=f"{share * 100:g}",
                points=round(points_of_share(share)),
                ratings=[_rating_for(key, round(points_of_share(share))) for key in keys],
            )
            for share in SHARES
        ]

    @property
    def practice(self) -> list[Practice]:
        return [Practice(level, [level.points(n) for n in NUMBERS]) for level in LEVELS]

    @property
    def fading(self) -> list[tuple[int, int]]:
        """Days since the last contest, and the percentage that is left."""
        today = date(2026, 1, 1)
        return [(days, recency(today - timedelta(days=days), today)) for days in AWAY]


def _rating_for(platform: str, points: int) -> int:
    return bisect_left(range(HIGHEST), points, key=lambda rating: strength(platform, rating))
