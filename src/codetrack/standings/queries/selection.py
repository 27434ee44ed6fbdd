"""Which rows of a board are asked for.

As SQL by hand, like all that asks for standings: a board is read with each page, the ORM takes
several times as long to write these statements as a database to answer them, and SQLite takes a
partial index only where its conditions stand there word by word.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection

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
    def named_only(self) -> bool:
        """Whether those without a name are left out: a batch, a country or an age would be told of
        them. Among people whom one knows everybody has a name.
        """
        return self.people is None and bool(self.batch or self.country or self.fresh_only)

    @property
    def name(self) -> str:
        """What tells it from other selections. Whom one follows may change between two pages."""
        some = self.people is not None
        rest = [self.institute, self.batch, self.country, self.unproven, self.fresh_only]
        return json.dumps([self.board.pk, some, *rest])

    def where(self, *, members: Collection[int] | None = None) -> Sql:
        """The condition for `standings_standing AS s`; of these `members` alone, if given."""
        by_key = members is not None or self.people is not None
        parts = [Sql("s.board_id = %s", (self.board.pk,)), true("s.shown", by_key=by_key)]
        if not self.unproven:
            parts.append(true("s.proven", by_key=by_key))
        if self.named_only:
            parts.append(true("s.named", by_key=by_key))
        if members is not None:
            parts.append(among(members))
        if self.people is not None:
            parts.append(among(self.people))
        if self.institute:
            parts.append(Sql("s.institute_id = %s", (self.institute,)))
        if self.country:
            parts.append(Sql("NOT (s.country = '') AND s.country = %s", (self.country,)))
        if self.batch:
            parts.append(self._in_batch())
        if self.fresh_only:
            parts.append(Sql("(s.as_of IS NULL OR s.as_of >= %s)", (stale_before(),)))
        return every(*parts)

    def _in_batch(self) -> Sql:
        members = Sql(
            "SELECT member_id FROM accounts_membership WHERE state = 'current' AND batch = %s",
            (self.batch,),
        )
        if self.institute:
            members = every(members, Sql("institute_id = %s", (self.institute,)))
        return Sql(f"s.member_id IN ({members.text})", members.given)


@dataclass(frozen=True, slots=True)
class Sql:
    """A part of a statement and the parameters in it."""

    text: str
    given: tuple[object, ...] = ()

    def ask(self, *further: object) -> list[Any]:
        """The rows that it gives as a whole statement, with some more parameters at its end."""
        given: list[Any] = [_adapted(one) for one in (*self.given, *further)]
        with connection.cursor() as cursor:
            cursor.execute(self.text, given)
            found: list[Any] = cursor.fetchall()
        return found


def every(*parts: Sql) -> Sql:
    """All of these conditions."""
    return Sql(
        " AND ".join(part.text for part in parts),
        tuple(one for part in parts for one in part.given),
    )


def true(column: str, *, by_key: bool = False) -> Sql:
    """As it stands in the conditions of the indexes.

    For members whose keys are known the primary key is the shortest way. SQLite, which has no
    statistics, would walk over the whole board in its order: a plus keeps it from doing so.
    """
    if connection.vendor == "sqlite":
        return Sql(f"{'+' if by_key else ''}{column} = 1")
    return Sql(column)


def among(members: Collection[int], alias: str = "s") -> Sql:
    """Is it one of these members? One parameter, however many they are."""
    if connection.vendor == "sqlite":
        ids = json.dumps(list(members))
        return Sql(f"{alias}.member_id IN (SELECT value FROM json_each(%s))", (ids,))  # noqa: S608
    return Sql(f"{alias}.member_id = ANY(%s)", (list(members),))


def moment(stored: datetime) -> datetime:
    """A time as the database gives it: SQLite does not say that it is UTC."""
    return stored.replace(tzinfo=UTC) if stored.tzinfo is None else stored


def _adapted(one: object) -> object:
    match one:
        case datetime():
            return connection.ops.adapt_datetimefield_value(one)
        case date():
            return connection.ops.adapt_datefield_value(one)
        case str():
            return one.replace("\x00", "\ufffd")  # PostgreSQL knows none, so nobody has one
    return one


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
