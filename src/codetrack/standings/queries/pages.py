"""Pages of a board, as fast at its end as at its top: by where a row stands, never by number."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

from codetrack.standings.queries import cursors
from codetrack.standings.queries.cursors import Place
from codetrack.standings.queries.ranks import buckets
from codetrack.standings.queries.rows import RISING, Found, Row, find, rows_from
from codetrack.standings.queries.selection import Selection, Sql

SIZE = 50
COUNTED = 10_000  # more are not counted one by one
FARTHEST = 2**31

_TOTAL = "SELECT SUM(n) FROM ({levels}) AS levels"
_COUNT = "SELECT COUNT(*) FROM (SELECT 1 FROM standings_standing AS s WHERE {where} LIMIT %s) AS s"
_LEVELS = "SELECT value, n FROM ({levels}) AS levels ORDER BY value DESC"


@dataclass(frozen=True)
class Page:
    """Rows as they are stored, and the cursors of the pages before and after them, if any."""

    selection: Selection
    found: Sequence[Found]
    before: str | None = None
    after: str | None = None

    @cached_property
    def rows(self) -> list[Row]:
        """The same with their ranks. Who shows other rows too asks once for all of them."""
        return rows_from(self.selection, self.found)


def page(selection: Selection, *, cursor: str = "", size: int = SIZE) -> Page:
    """The first page, or the one at a cursor of this selection; raises Problem for another."""
    if not cursor:
        found = find(selection, limit=size + 1)
        return _page(selection, found[:size], before=False, after=len(found) > size)
    place, up = cursors.read(selection, cursor)
    return _before(selection, place, size) if up else _after(selection, place, size)


def page_from(selection: Selection, *, rank: int, size: int = SIZE) -> Page:
    """The page that begins with the row of this number; beyond the end, the last page."""
    skip = min(max(rank, 1), FARTHEST) - 1
    found = _find_from(selection, skip, size + 1)
    if skip and not found:
        return _last(selection, size)
    return _page(selection, found[:size], before=skip > 0, after=len(found) > size)


def around(selection: Selection, *, member: int, size: int = SIZE) -> Page | None:
    """The page with this member in its middle; None when they are not in the selection."""
    own = find(selection, members=[member], limit=1)
    if not own:
        return None
    above = _above(selection, _place(own[0]), size)
    below = _below(selection, _place(own[0]), size)
    up = min(len(above), max(size // 2, size - 1 - len(below)))
    down = size - 1 - up
    found = [*reversed(above[:up]), *own, *below[:down]]
    return _page(selection, found, before=len(above) > up, after=len(below) > down)


def page_of_members(selection: Selection, *, members: Collection[int]) -> Page:
    """Where these members stand in the selection, the best first; of many the best 50."""
    return Page(selection, find(selection, members=members, limit=SIZE))


def size(selection: Selection) -> int | None:
    """How many there are; None for a part of a board with more than 10,000."""
    if selection.is_whole:
        levels = buckets(selection.board.pk, unproven=selection.unproven)
        ((total,),) = Sql(_TOTAL.format(levels=levels.text), levels.given).ask()
        return int(total or 0)
    where = selection.where()
    ((counted,),) = Sql(_COUNT.format(where=where.text), where.given).ask(COUNTED + 1)
    return counted if counted <= COUNTED else None


# --- in order ----------------------------------------------------------------


def _below(selection: Selection, place: Place, limit: int) -> list[Found]:
    """Those after a place, the next first."""
    later = Sql(
        "s.value <= %s AND (s.value < %s OR s.lot > %s OR s.lot = %s AND s.member_id > %s)",
        (place.value, place.value, place.lot, place.lot, place.member),
    )
    return find(selection, later, limit=limit)


def _above(selection: Selection, place: Place, limit: int) -> list[Found]:
    """Those before a place, the next first."""
    earlier = Sql(
        "s.value >= %s AND (s.value > %s OR s.lot < %s OR s.lot = %s AND s.member_id < %s)",
        (place.value, place.value, place.lot, place.lot, place.member),
    )
    return find(selection, earlier, limit=limit, order=RISING)


def _find_from(selection: Selection, skip: int, limit: int) -> list[Found]:
    """All but the first so many; of a whole board only equals of the first are walked over."""
    if not (skip and selection.is_whole):
        return find(selection, limit=limit, skip=skip)
    passed = 0
    levels = buckets(selection.board.pk, unproven=selection.unproven)
    for value, n in Sql(_LEVELS.format(levels=levels.text), levels.given).ask():
        if passed + n > skip:
            here = Sql("s.value <= %s", (value,))
            return find(selection, here, limit=limit, skip=skip - int(passed))
        passed += n
    return []


# --- pages -------------------------------------------------------------------


def _after(selection: Selection, place: Place, size: int) -> Page:
    found = _below(selection, place, size + 1)
    if not found:
        return _last(selection, size)
    before = bool(_above(selection, _place(found[0]), 1))
    return _page(selection, found[:size], before=before, after=len(found) > size)


def _before(selection: Selection, place: Place, size: int) -> Page:
    found = _above(selection, place, size + 1)
    if not found:
        return page(selection, size=size)
    after = bool(_below(selection, _place(found[0]), 1))
    return _page(selection, found[size - 1 :: -1], before=len(found) > size, after=after)


def _last(selection: Selection, size: int) -> Page:
    """What is left when the rows of a page have gone."""
    found = find(selection, limit=size + 1, order=RISING)
    return _page(selection, found[size - 1 :: -1], before=len(found) > size, after=False)


def _page(selection: Selection, found: Sequence[Found], *, before: bool, after: bool) -> Page:
    first, last = (_place(found[0]), _place(found[-1])) if found else (None, None)
    return Page(
        selection,
        found,
        before=cursors.write(selection, first, up=True) if first and before else None,
        after=cursors.write(selection, last, up=False) if last and after else None,
    )


def _place(row: Found) -> Place:
    return Place(row.value, row.lot, row.member_id)
