"""Rows as pages show them: with their rank, how they moved, and whether they are stale."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import NamedTuple

from codetrack.standings.queries.arrows import ranks_then, week_of
from codetrack.standings.queries.ranks import ranks
from codetrack.standings.queries.selection import Selection, Sql, every, moment, stale_before


@dataclass(frozen=True, slots=True)
class Row:
    """Where one member stands. `moved` is in places since Monday, upwards positive."""

    rank: int
    member_id: int
    value: int
    proven: bool
    as_of: datetime | None
    moved: int | None
    is_new: bool
    is_stale: bool

    def nameless(self) -> Row:
        """What may be read of one without a name: neither how old the number is nor how it moved,
        for who has just come, or was just read, may be known.
        """
        return replace(self, as_of=None, moved=None, is_new=False, is_stale=False)


class Found(NamedTuple):
    """A row of a board as it is stored."""

    member_id: int
    value: int
    proven: bool
    as_of: datetime | None
    since: datetime
    lot: int


FALLING = "s.value DESC, s.lot, s.member_id"
RISING = "s.value, s.lot DESC, s.member_id DESC"

_FIND = (
    "SELECT s.member_id, s.value, s.proven, s.as_of, s.since, s.lot"
    " FROM standings_standing AS s WHERE {where} ORDER BY {order} LIMIT %s OFFSET %s"
)


def find(
    selection: Selection,
    *also: Sql,
    members: Collection[int] | None = None,
    limit: int,
    skip: int = 0,
    order: str = FALLING,
) -> list[Found]:
    """Rows of a selection for which all these conditions hold, too; of `members` if given."""
    where = every(selection.where(members=members), *also)
    if members is not None or selection.people is not None:
        # Their rows are found by key. PostgreSQL would rather walk the board until it met enough.
        order = order.replace("s.value", "s.value + 0")
    text = _FIND.format(where=where.text, order=order)
    return [
        Found(member, value, bool(proven), as_of and moment(as_of), moment(since), lot)
        for member, value, proven, as_of, since, lot in Sql(text, where.given).ask(limit, skip)
    ]


def rows_from(
    selection: Selection, found: Sequence[Found], begun: Mapping[str, int] | None = None
) -> list[Row]:
    """What pages show of rows of a selection, in the same order; `begun` as of `week_of`."""
    if not found:
        return []
    now = ranks(selection, {row.value for row in found})
    week = week_of(selection, begun)
    then: dict[int, int] = {}
    if week:
        old = {row.member_id: row.value for row in found if row.since < week.opened}
        then = ranks_then(selection, week, old)
    oldest = stale_before()
    return [
        Row(
            rank=now[row.value],
            member_id=row.member_id,
            value=row.value,
            proven=row.proven,
            as_of=row.as_of,
            moved=then[row.member_id] - now[row.value] if row.member_id in then else None,
            is_new=week is not None and row.member_id not in then,
            is_stale=row.as_of is not None and row.as_of < oldest,
        )
        for row in found
    ]
