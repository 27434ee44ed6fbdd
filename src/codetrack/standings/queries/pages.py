"""Pages of a board, as fast at its end as at its top: by value and member, never by number."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from django.db.models import F, Q, QuerySet, Sum, Window

from codetrack.standings.models import Standing
from codetrack.standings.queries import cursors
from codetrack.standings.queries.cursors import Place
from codetrack.standings.queries.ranks import buckets
from codetrack.standings.queries.rows import Page, Row, rows_from
from codetrack.standings.queries.selection import Selection, among

SIZE = 50
COUNTED = 10_000  # more are not counted one by one
FARTHEST = 2**31


def page(selection: Selection, *, cursor: str = "", size: int = SIZE) -> Page:
    """The first page, or the one at a cursor of this selection; raises Problem for another."""
    if not cursor:
        found = list(_falling(selection)[: size + 1])
        return _page(selection, found[:size], before=False, after=len(found) > size)
    place, up = cursors.read(selection, cursor)
    return _before(selection, place, size) if up else _after(selection, place, size)


def page_from(selection: Selection, *, rank: int, size: int = SIZE) -> Page:
    """The page that begins with the row of this number; beyond the end, the last page."""
    skipped = min(max(rank, 1), FARTHEST) - 1
    found = list(_skip(selection, skipped)[: size + 1])
    if skipped and not found:
        return _last(selection, size)
    return _page(selection, found[:size], before=skipped > 0, after=len(found) > size)


def around(selection: Selection, *, member: int, size: int = SIZE) -> Page | None:
    """The page with this member in its middle; None when they are not in the selection."""
    own = selection.rows().filter(member=member).first()
    if own is None:
        return None
    above = list(_above(selection, _place(own))[:size])
    below = list(_below(selection, _place(own))[:size])
    up = min(len(above), max(size // 2, size - 1 - len(below)))
    down = size - 1 - up
    found = [*reversed(above[:up]), own, *below[:down]]
    return _page(selection, found, before=len(above) > up, after=len(below) > down)


def row_of(selection: Selection, *, member: int) -> Row | None:
    """Where one member stands in the selection; None when they do not."""
    return next(iter(rows_of(selection, members=[member])), None)


def rows_of(selection: Selection, *, members: Collection[int]) -> list[Row]:
    """Where these members stand in the selection, the best first; of many the best 50."""
    return rows_from(selection, list(_falling(selection).filter(among(members))[:SIZE]))


def size(selection: Selection) -> int | None:
    """How many there are; None for a part of a board with more than 10,000."""
    if selection.is_whole:
        counts = buckets(selection.board, unproven=selection.unproven)
        return counts.aggregate(n=Sum("n"))["n"] or 0
    found = selection.rows()[: COUNTED + 1].count()
    return found if found <= COUNTED else None


# --- in order ----------------------------------------------------------------


def _falling(selection: Selection) -> QuerySet[Standing]:
    return selection.rows().order_by("-value", "member_id")


def _below(selection: Selection, place: Place) -> QuerySet[Standing]:
    """Those after a place, the next first."""
    later = Q(value__lt=place.value) | Q(member__gt=place.member)
    return _falling(selection).filter(later, value__lte=place.value)


def _above(selection: Selection, place: Place) -> QuerySet[Standing]:
    """Those before a place, the next first."""
    earlier = Q(value__gt=place.value) | Q(member__lt=place.member)
    rows = selection.rows().filter(earlier, value__gte=place.value)
    return rows.order_by("value", "-member_id")


def _skip(selection: Selection, skipped: int) -> QuerySet[Standing]:
    """All but the first so many; of a whole board only equals of the first are walked over."""
    rows = _falling(selection)
    if not (skipped and selection.is_whole):
        return rows[skipped:]
    levels = buckets(selection.board, unproven=selection.unproven).annotate(
        here=Window(Sum("n"), partition_by=F("value")),
        until=Window(Sum("n"), order_by=F("value").desc()),
    )
    reached = levels.filter(until__gt=skipped).order_by("-value")
    level = reached.values_list("value", "here", "until").first()
    if level is None:
        return rows.none()
    value, here, until = level
    return rows.filter(value__lte=value)[skipped - (until - here) :]


# --- pages -------------------------------------------------------------------


def _after(selection: Selection, place: Place, size: int) -> Page:
    found = list(_below(selection, place)[: size + 1])
    if not found:
        return _last(selection, size)
    before = _above(selection, _place(found[0])).exists()
    return _page(selection, found[:size], before=before, after=len(found) > size)


def _before(selection: Selection, place: Place, size: int) -> Page:
    found = list(_above(selection, place)[: size + 1])
    if not found:
        return page(selection, size=size)
    after = _below(selection, _place(found[0])).exists()
    return _page(selection, found[size - 1 :: -1], before=len(found) > size, after=after)


def _last(selection: Selection, size: int) -> Page:
    """What is left when the rows of a page have gone."""
    found = list(selection.rows().order_by("value", "-member_id")[: size + 1])
    return _page(selection, found[size - 1 :: -1], before=len(found) > size, after=False)


def _page(selection: Selection, found: Sequence[Standing], *, before: bool, after: bool) -> Page:
    first, last = (_place(found[0]), _place(found[-1])) if found else (None, None)
    return Page(
        rows=rows_from(selection, found),
        before=cursors.write(selection, first, up=True) if first and before else None,
        after=cursors.write(selection, last, up=False) if last and after else None,
    )


def _place(row: Standing) -> Place:
    return Place(row.value, row.member_id)
