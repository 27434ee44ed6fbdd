"""What changed for a member in the last seven days, as a page says it in a few sentences."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from codetrack.accounts.models import User
from codetrack.core import clock
from codetrack.platforms.base import Tier
from codetrack.ratings import queries as ratings
from codetrack.ratings.models import RatingChange
from codetrack.ratings.queries import Reading

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Rise:
    """What the contests of a week did to one rating, for better or worse."""

    reading: Reading
    changes: Sequence[RatingChange]

    @property
    def since(self) -> str:
        return since(self.changes[0].at)

    @property
    def rating(self) -> int:
        return self.changes[-1].new

    @property
    def before(self) -> int | None:
        """None for somebody who was not rated before: platforms say it by None or by 0."""
        return self.changes[0].old or None

    @property
    def amount(self) -> int:
        """How many points, up or down; needs a rating before."""
        return abs(self.rating - (self.before or 0))

    @property
    def way(self) -> str:
        if self.before is None:
            return "first"
        return {1: "up", 0: "same", -1: "down"}[
            (self.rating > self.before) - (self.rating < self.before)
        ]

    @property
    def tier(self) -> Tier | None:
        return self.reading.platform.tier(self.rating) if self.reading.platform else None

    @property
    def reached(self) -> bool:
        """Another tier than before."""
        platform = self.reading.platform
        return platform is not None and platform.tier(self.before) != self.tier


@dataclass(frozen=True)
class News:
    """All that is worth a sentence."""

    rises: list[Rise]
    corrected: list[RatingChange]
    solved: int
    solved_before: int
    lost: list[Reading]
    fallen: list[Reading]

    @property
    def more(self) -> int:
        return abs(self.solved - self.solved_before)

    @property
    def told(self) -> bool:
        """Something was rated or solved: there is no need to say that nothing was."""
        return bool(self.rises or self.solved or self.solved_before)


def news(member: User, readings: Sequence[Reading]) -> News:
    """Of the accounts that `readings` are, with their last contests. Three queries, no write."""
    start = clock.now() - WEEK
    solved = ratings.solved_at(member, start - WEEK)
    late = sum(at >= start for at in solved)
    return News(
        rises=[rise for one in readings if (rise := _rise(one, start))],
        corrected=_corrected(member, start),
        solved=late,
        solved_before=len(solved) - late,
        lost=[Reading(claim) for claim in ratings.lost_claims(member)],
        fallen=[one for one in readings if one.trouble and one.handle.state_at >= start],
    )


def since(when: datetime) -> str:
    """Such as "Since Monday"; the days of a week have different names."""
    days = (localtime(clock.now()).date() - localtime(when).date()).days
    if days < 2:
        return _("Since yesterday") if days else _("Today")
    return _("Since %(weekday)s") % {"weekday": date_format(localtime(when), "l")}


def _rise(reading: Reading, start: datetime) -> Rise | None:
    changes = [change for change in reading.changes if change.at >= start]
    return Rise(reading, changes) if changes else None


def _corrected(member: User, start: datetime) -> list[RatingChange]:
    """The latest ratings that a platform changed after it had told them."""
    rows = ratings.changes_of(member).filter(revised_at__gte=start, first_new__isnull=False)
    return list(rows.order_by("-at", "-pk")[:3])
