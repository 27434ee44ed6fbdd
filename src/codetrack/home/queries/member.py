"""One member: what the page of a member shows of their ratings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from codetrack.ratings.models import RatingChange
from codetrack.ratings.queries import Reading
from codetrack.web.chart import Band, Chart, Point, Series, draw

RECENT = 10  # contests on a member page


@dataclass(frozen=True)
class Played:
    """One rated contest of one account."""

    reading: Reading
    change: RatingChange

    @property
    def delta(self) -> int | None:
        return None if self.change.old is None else self.change.new - self.change.old

    @property
    def tier(self) -> Band | None:
        platform = self.reading.platform
        tier = platform.tier(self.change.new) if platform else None
        return Band(tier.floor, tier.level, tier.name) if tier else None


def played(readings: Sequence[Reading]) -> list[Played]:
    """The contests of all accounts, newest first."""
    every = [Played(one, change) for one in readings for change in one.changes]
    return sorted(every, key=lambda row: (row.change.at, row.change.pk), reverse=True)


def chart(readings: Sequence[Reading]) -> Chart:
    """One line an account; the bands are the tiers of the first one that has contests."""
    rated = [one for one in readings if one.changes and one.platform]
    main = rated[0].platform if rated else None
    bands = [Band(tier.floor, tier.level, tier.name) for tier in main.tiers] if main else []
    return draw([_series(one) for one in rated], bands)


def _series(reading: Reading) -> Series:
    points = [_point(change) for change in reading.changes]
    return Series(name=reading.platform_name, key=reading.claim.platform, points=points)


def _point(change: RatingChange) -> Point:
    rank = _("rank %(rank)d") % {"rank": change.rank} if change.rank else ""
    corrected = _("corrected by the platform") if change.revised_at else ""
    return Point(
        at=change.at,
        value=change.new,
        title=change.contest.name,
        detail=" · ".join(filter(None, (rank, corrected))),
        url=change.contest.url,
        change=None if change.old is None else change.new - change.old,
    )
