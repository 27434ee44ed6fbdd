"""Which rows of a board are asked for. The fixed conditions are those of the partial indexes."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db import connection
from django.db.models import BooleanField, Q, QuerySet
from django.db.models.expressions import RawSQL

from codetrack.accounts.models import Membership
from codetrack.core import clock
from codetrack.standings.models import Board, Period, Standing

FRESH = timedelta(days=3)


@dataclass(frozen=True, kw_only=True)
class Selection:
    """Those who are shown on a board with a proven value, or `unproven` ones too.

    Of them `people` by id (None for everybody), an institute, a batch of it, a country;
    `fresh_only` leaves out those of whom nothing was read for three days.
    """

    board: Board
    people: frozenset[int] | None = None
    institute: int | None = None
    batch: str = ""
    country: str = ""
    unproven: bool = False
    fresh_only: bool = False

    @property
    def is_whole(self) -> bool:
        """Everybody is meant: the buckets know how many there are."""
        chosen = self.institute or self.batch or self.country or self.fresh_only
        return self.people is None and not chosen

    @property
    def name(self) -> str:
        """What tells it from other selections. Whom one follows may change between two pages."""
        some = self.people is not None
        rest = [self.institute, self.batch, self.country, self.unproven, self.fresh_only]
        return json.dumps([self.board.pk, some, *rest])

    def rows(self) -> QuerySet[Standing]:
        """The rows that are meant, in no order."""
        rows = Standing.objects.filter(board=self.board, shown=True)
        if not self.unproven:
            rows = rows.filter(proven=True)
        if self.people is not None:
            rows = rows.filter(among(self.people))
        if self.institute:
            rows = rows.filter(institute=self.institute)
        if self.country:
            rows = rows.filter(_HAS_COUNTRY, country=self.country)
        if self.batch:
            rows = rows.filter(member__in=self._batch())
        if self.fresh_only:
            rows = rows.filter(Q(as_of=None) | Q(as_of__gte=stale_before()))
        return rows

    def _batch(self) -> QuerySet[Membership, int]:
        members = Membership.objects.current().filter(batch=self.batch)
        if self.institute:
            members = members.filter(institute=self.institute)
        return members.values_list("member", flat=True)


# SQLite takes a partial index only where its condition stands word by word.
_HAS_COUNTRY = RawSQL("NOT (standings_standing.country = '')", [], BooleanField())


def among(members: Collection[int]) -> RawSQL:
    """Is it one of these members? One parameter, however many they are."""
    if connection.vendor == "sqlite":
        given: object = json.dumps(list(members))
        sql = "standings_standing.member_id IN (SELECT value FROM json_each(%s))"
    else:
        given = list(members)
        sql = "standings_standing.member_id = ANY(%s)"
    return RawSQL(sql, [given], BooleanField())  # noqa: S611 - one of two constants


def stale_before() -> datetime:
    """What was read earlier is stale. What does not say when it was read is fresh."""
    return clock.now() - FRESH


def starts_on(period: Period, day: date | None = None) -> date:
    """The first day of the board for `day`, which is today in UTC if none is given."""
    return period.start(day or clock.today())


def board(kind: str, period: Period = Period.ALL, day: date | None = None) -> Board | None:
    """The board of this kind for `day`; None when nobody was ever on it."""
    begin = starts_on(period, day)
    return Board.objects.filter(kind=kind, period=period, starts_on=begin).first()


def is_board(pk: int) -> bool:
    return Board.objects.filter(pk=pk).exists()


def standing_of(board: Board, member: int) -> Standing | None:
    """What a member has there, also when they hide: for their own eyes."""
    return Standing.objects.filter(board=board, member=member).first()
