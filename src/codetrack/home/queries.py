"""What the pages of home show, put together from members and their ratings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.utils.translation import gettext as _

from codetrack.accounts.models import Institute, Membership
from codetrack.ratings import adapters
from codetrack.ratings import queries as ratings
from codetrack.ratings.models import Claim, ClaimQuerySet, RatingChange
from codetrack.ratings.queries import Reading
from codetrack.web.chart import Band, Chart, Point, Series, draw

ROWS = 25  # of a board on a page
BEST = 8  # on the landing page
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


def board(institute: Institute) -> ClaimQuerySet:
    """The proven ratings of an institute's members on the first platform, the best first."""
    current = Membership.objects.current().filter(institute=institute, member__is_active=True)
    return ratings.board(current.values("member"), adapters.enabled()[0].key)


def board_page(institute: Institute, number: str) -> tuple[Page[Claim], list[Reading]]:
    page = Paginator(board(institute), ROWS).get_page(number)
    return page, ratings.with_trends(list(page.object_list))
