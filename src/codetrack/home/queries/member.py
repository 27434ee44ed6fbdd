"""One member: what the page of a member shows of their ratings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from codetrack.core import clock
from codetrack.ratings.models import RatingChange
from codetrack.ratings.queries import Reading
from codetrack.web.chart import Band, Chart, Point, Series, draw
from codetrack.web.templatetags.codetrack import number
from codetrack.web.ui import Tab

RECENT = 8  # contests on a member page
YEAR = timedelta(days=365)
PERIODS: dict[str, timedelta | None] = {"1y": YEAR, "2y": 2 * YEAR, "all": None}


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

    @property
    def correction(self) -> str:
        """That the platform changed it later, in words; empty when it did not."""
        if self.change.revised_at is None:
            return ""
        if self.change.first_new is None:
            return _("corrected")
        return _("corrected from %(rating)d") % {"rating": self.change.first_new}


@dataclass(frozen=True)
class Drawn:
    """The rating chart of a period, and the way to the others."""

    chart: Chart
    period: str

    @property
    def switch(self) -> list[Tab]:
        labels = {"1y": _("1 y"), "2y": _("2 y"), "all": _("All")}
        return [Tab(labels[one], f"?period={one}", one == self.period) for one in PERIODS]


def played(readings: Sequence[Reading]) -> list[Played]:
    """The contests of all accounts, newest first."""
    every = [Played(one, change) for one in readings for change in one.changes]
    return sorted(every, key=lambda row: (row.change.at, row.change.pk), reverse=True)


def drawn(readings: Sequence[Reading], period: str) -> Drawn:
    """The chart of a period; if none is named of two years, or of all when those show no line."""
    if period in PERIODS:
        return Drawn(chart(readings, PERIODS[period]), period)
    lately = chart(readings, PERIODS["2y"])
    if len(lately.rows) > 1:
        return Drawn(lately, "2y")
    return Drawn(chart(readings), "all")


def chart(readings: Sequence[Reading], period: timedelta | None = None) -> Chart:
    """One line an account; the bands are the tiers of the first, which has the most of them."""
    since = clock.now() - period if period else None
    lines = [_series(one, since) for one in readings]
    lines.sort(key=lambda line: len(line.bands or ()), reverse=True)
    main = next((line for line in lines if line.points), None)
    return draw(lines, main.bands or () if main else ())


def _series(reading: Reading, since: datetime | None) -> Series:
    rows = [Played(reading, change) for change in reading.changes]
    points = [_point(row) for row in rows if since is None or row.change.at >= since]
    tiers = reading.platform.tiers if reading.platform else ()
    bands = [Band(tier.floor, tier.level, tier.name) for tier in tiers]
    return Series(reading.platform_name, reading.claim.platform, points, bands)


def _point(row: Played) -> Point:
    change = row.change
    rank = _("rank %(rank)s") % {"rank": number(change.rank)} if change.rank else ""
    return Point(
        at=change.at,
        value=change.new,
        title=change.contest.name,
        detail=" · ".join(filter(None, (rank, row.correction))),
        url=change.contest.url,
        change=row.delta,
    )
