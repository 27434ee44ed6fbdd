"""What the page of a leaderboard shows: a part of a board, and where its viewer stands there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from django.db.models import TextChoices
from django.utils.formats import number_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from codetrack.accounts import queries as accounts
from codetrack.accounts.models import Institute, OnBoards, User
from codetrack.standings import queries
from codetrack.standings.kinds import Kind
from codetrack.standings.models import Board, Period
from codetrack.standings.queries.lines import (
    Boards,
    Line,
    boards_of,
    lines_of,
    named,
    named_to,
    named_to_everybody,
)

if TYPE_CHECKING:
    from codetrack.standings.queries import Found, Page, Row, Selection

#: The place in the list that is one's own.
ME = "me"
ROWS = 50
#: So many of those one follows, or who follow, are compared at most.
PEOPLE = 5_000


class Tab(TextChoices):
    """Among whom a leaderboard compares."""

    INSTITUTE = "institute", _("Institute")
    FOLLOWING = "following", _("Following")
    FOLLOWERS = "followers", _("Followers")
    GLOBAL = "global", _("Global")


@dataclass(frozen=True, kw_only=True)
class Wish:
    """What somebody wants to see, and from where on: one of `q`, `at` (a rank or ME), `cursor`."""

    tab: Tab
    kind: Kind
    period: Period = Period.ALL
    unproven: bool = False
    fresh: bool = False
    institute: Institute | None = None
    batch: str = ""
    country: str = ""
    q: str = ""
    at: str = ""
    cursor: str = ""

    @property
    def is_narrowed(self) -> bool:
        """Whether filters that can be cleared leave anybody out."""
        chosen = self.institute is not None and self.tab != Tab.INSTITUTE
        return bool(self.fresh or self.batch or self.country or self.q or chosen)


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """Whoever stands next to oneself, and how far away."""

    rank: int
    away: str
    is_level: bool


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A part of a board. `me` is the row of the viewer, on this part of it or not.

    Of one who hides only `hidden` is known: what they have. `is_alone` says that there is nobody
    else to compare with, `named_only` that those without a name are left out.
    """

    board: Board | None = None
    lines: list[Line] = field(default_factory=list)
    before: str | None = None
    after: str | None = None
    size: int | None = None
    gains: bool = False
    beside: Sequence[Kind] = ()
    me: Line | None = None
    ahead: Neighbour | None = None
    behind: Neighbour | None = None
    hidden: str = ""
    is_alone: bool = False
    named_only: bool = False

    @property
    def own(self) -> Line | None:
        """The row of the viewer where it is not among the lines."""
        return self.me if self.me and not any(line.is_me for line in self.lines) else None

    @property
    def has_arrows(self) -> bool:
        """Whether anybody can say how members moved."""
        return any(line.is_new or line.moved is not None for line in self.lines)

    @property
    def is_above(self) -> bool:
        """Whether the viewer stands before all of the lines."""
        return self.me is not None and bool(self.lines) and self.me.rank <= self.lines[0].rank


def sheet(wish: Wish, viewer: User, *, kinds: Sequence[Kind]) -> Sheet:
    """What `viewer` sees of a board. Raises Problem for a cursor that was not given here."""
    boards = boards_of(wish.kind, wish.period, kinds)
    people = people_of(wish, viewer)
    empty = Sheet(board=boards.main, is_alone=people is not None and len(people) < 2)
    nobody = empty.is_alone or (wish.tab == Tab.INSTITUTE and wish.institute is None)
    if boards.main is None or nobody:
        return empty
    selection = selection_of(wish, boards.main, people)
    page = page_of(selection, wish, viewer)
    near = _near(page, viewer, together=not wish.q)
    found = queries.rows_from(selection, [*near, *page.found], boards.begun)
    rows = {row.member_id: row for row in found}
    named_here = named_to(viewer, rows)
    lines = lines_of(
        boards,
        list(rows.values()),
        named_here,
        viewer,
        unproven=wish.unproven,
        inside=wish.institute is not None,
    )
    ahead, behind = _neighbours(wish.kind, [rows[row.member_id] for row in near], viewer)
    if viewer.pk in lines:
        lines[viewer.pk] = replace(lines[viewer.pk], near=_distance(ahead, behind))
    return replace(
        empty,
        lines=[lines[row.member_id] for row in page.found],
        before=page.before,
        after=page.after,
        size=queries.size(selection),
        gains=boards.gains,
        beside=boards.kinds,
        me=lines.get(viewer.pk),
        ahead=ahead,
        behind=behind,
        hidden=_hidden(boards, viewer),
        named_only=selection.named_only,
    )


def best(wish: Wish, viewer: User | None, *, size: int, kinds: Sequence[Kind]) -> Sheet:
    """The top of a board; without a viewer as everybody on the internet sees it."""
    boards = boards_of(wish.kind, wish.period, kinds)
    if boards.main is None:
        return Sheet()
    page = queries.page(selection_of(wish, boards.main, people=None), size=size)
    ids = [row.member_id for row in page.found]
    people = named_to(viewer, ids) if viewer else named_to_everybody(ids)
    rows = queries.rows_from(page.selection, page.found, boards.begun)
    lines = lines_of(boards, rows, people, viewer, inside=True)
    found = [lines[pk] for pk in ids]
    return Sheet(board=boards.main, lines=found, gains=boards.gains, beside=boards.kinds)


def batches_of(institute: Institute | None) -> list[str]:
    """The years or groups of an institute's members, where it has any."""
    if institute is None:
        return []
    rows = accounts.members_of(institute).exclude(batch="").order_by("batch")
    return list(rows.values_list("batch", flat=True).distinct())


def selection_of(wish: Wish, board: Board, people: frozenset[int] | None) -> Selection:
    """The part of a board that is wanted; `people` as of `people_of`."""
    return queries.Selection(
        board=board,
        people=people,
        institute=wish.institute.pk if wish.institute else None,
        batch=wish.batch,
        country=wish.country,
        unproven=wish.unproven,
        fresh_only=wish.fresh,
    )


def people_of(wish: Wish, viewer: User) -> frozenset[int] | None:
    """Who may be on a board of people one knows: only those with a name, or it would say who an
    anonymous member is.
    """
    if wish.tab == Tab.FOLLOWING:
        known = accounts.followees_of(viewer)
    elif wish.tab == Tab.FOLLOWERS:
        known = accounts.followers_of(viewer)
    else:
        return None
    shown = known.exclude(on_boards=OnBoards.ANONYMOUS).order_by("pk")[:PEOPLE]
    return frozenset({viewer.pk, *shown.values_list("pk", flat=True)})


def page_of(selection: Selection, wish: Wish, viewer: User, *, size: int = ROWS) -> Page:
    """The rows from where on they are wanted. Raises Problem for a cursor not given here."""
    if wish.q:
        return _found(selection, wish.q, viewer)
    if wish.at == ME:
        own = queries.around(selection, member=viewer.pk, size=size)
        return own or queries.page(selection, size=size)
    if wish.at:
        return queries.page_from(selection, rank=int(wish.at), size=size)
    return queries.page(selection, cursor=wish.cursor, size=size)


def _found(selection: Selection, text: str, viewer: User) -> Page:
    """Those with such a name; never one whose name is not read here."""
    ids = [member.pk for member in accounts.found_members(viewer, text, ROWS)]
    shown = named(User.objects.filter(pk__in=ids), viewer)
    members = frozenset(shown.values_list("pk", flat=True))
    return queries.page_of_members(selection, members=members)


# --- where the viewer stands -------------------------------------------------


def _near(page: Page, viewer: User, *, together: bool) -> Sequence[Found]:
    """The row of the viewer with its neighbours; of the page itself, where it has all of them.

    `together` says that the rows of the page follow each other on the board.
    """
    rows, place = page.found, _place(page.found, viewer)
    if place is not None and together:
        first, last = page.before is None, page.after is None
        if (place or first) and (place < len(rows) - 1 or last):
            return rows[max(place - 1, 0) : place + 2]
    own = queries.around(page.selection, member=viewer.pk, size=3)
    return own.found if own else []


def _place(rows: Sequence[Row | Found], viewer: User) -> int | None:
    return next((n for n, row in enumerate(rows) if row.member_id == viewer.pk), None)


def _neighbours(
    kind: Kind, near: Sequence[Row], viewer: User
) -> tuple[Neighbour | None, Neighbour | None]:
    """Who stands before and after the viewer."""
    place = _place(near, viewer)
    if place is None:
        return None, None
    own = near[place]

    def seen(row: Row) -> Neighbour:
        away = abs(row.value - own.value)
        return Neighbour(rank=row.rank, away=kind.text(away), is_level=not away)

    ahead = seen(near[place - 1]) if place else None
    return ahead, seen(near[place + 1]) if place + 1 < len(near) else None


def _distance(ahead: Neighbour | None, behind: Neighbour | None) -> str:
    """How far the neighbours are away, in the few words that a row has room for."""
    words = []
    if ahead and ahead.is_level:
        words.append(gettext("level with the one before"))
    elif ahead:
        rank = number_format(ahead.rank, force_grouping=True)
        words.append(gettext("%(n)s to rank %(rank)s") % {"n": ahead.away, "rank": rank})
    if behind and behind.is_level:
        words.append(gettext("level with the next"))
    elif behind:
        rank = number_format(behind.rank, force_grouping=True)
        words.append(gettext("%(n)s ahead of rank %(rank)s") % {"n": behind.away, "rank": rank})
    return " · ".join(words)


def _hidden(boards: Boards, viewer: User) -> str:
    """What somebody has who is on no board: for their own eyes."""
    if viewer.on_boards != OnBoards.HIDDEN or boards.main is None:
        return ""
    own = queries.standing_of(boards.main, viewer.pk)
    if own is None:
        return ""
    whole = boards.period == Period.ALL
    return boards.kind.text(own.value) if whole else boards.kind.change(own.value)
