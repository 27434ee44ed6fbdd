"""Rows as pages show them: with their rank, how they moved, and whether they are stale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from codetrack.standings.models import Standing
from codetrack.standings.queries.arrows import ranks_before
from codetrack.standings.queries.ranks import ranks
from codetrack.standings.queries.selection import Selection, stale_before


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


@dataclass(frozen=True)
class Page:
    """Rows, and the cursors of the pages before and after them where there are any."""

    rows: list[Row]
    before: str | None
    after: str | None


def rows_from(selection: Selection, found: Sequence[Standing]) -> list[Row]:
    """The rows of these standings of a selection, in the same order."""
    if not found:
        return []
    now = ranks(selection, {row.value for row in found})
    before = ranks_before(selection, found)
    oldest = stale_before()
    return [_row(row, now[row.value], before, oldest) for row in found]


def _row(row: Standing, rank: int, before: dict[int, int | None], oldest: datetime) -> Row:
    then = before.get(row.member_id)
    return Row(
        rank=rank,
        member_id=row.member_id,
        value=row.value,
        proven=row.proven,
        as_of=row.as_of,
        moved=then - rank if then else None,
        is_new=row.member_id in before and then is None,
        is_stale=row.as_of is not None and row.as_of < oldest,
    )
