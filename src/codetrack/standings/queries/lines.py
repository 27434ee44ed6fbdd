"""Rows of a board as one viewer sees them, with names where they may be read.

Whose name may be read is asked anew for the rows of each page, in one query.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import Exists, FilteredRelation, OuterRef, Q, Value

from codetrack.accounts.models import Follow, Membership, OnBoards, SeenBy, User
from codetrack.core import clock
from codetrack.standings.kinds import Kind, Tier
from codetrack.standings.models import Board, Period, Standing

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from codetrack.standings.queries.rows import Row

#: Numbers of other boards beside the one that a page is about.
BESIDE = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """A number of another board, with its tier."""

    label: str
    text: str
    tier: Tier | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A row as one viewer sees it: everything that its HTML is made of.

    Without a name it is anonymous: it has a rank and a number, and nothing that says who it is, be
    it by an age, a move or another number. `near` says how far the
    neighbours of the viewer are away, in their own row.
    """

    rank: int
    text: str
    tier: Tier | None
    moved: int | None
    is_new: bool
    proven: bool
    as_of: datetime | None
    is_stale: bool
    gains: bool
    cells: tuple[Cell | None, ...]
    gained: str = ""
    way: str = ""
    is_me: bool = False
    near: str = ""
    name: str = ""
    username: str = ""
    note: str = ""
    followed: bool = False

    @property
    def steps(self) -> int:
        """How many places up or down."""
        return abs(self.moved or 0)


@dataclass(frozen=True, kw_only=True)
class Boards:
    """The boards that a page reads from; None where nobody was ever on one.

    `week` is there where a page of all time shows what was gained in it; `begun` has those of its
    kind that began on Monday, by period.
    """

    kind: Kind
    period: Period
    main: Board | None
    week: Board | None
    beside: tuple[tuple[Kind, Board | None], ...]
    begun: Mapping[str, int]

    @property
    def gains(self) -> bool:
        return self.kind.gains and self.period == Period.ALL

    @property
    def kinds(self) -> list[Kind]:
        return [kind for kind, _board in self.beside]


@dataclass(frozen=True)
class Person:
    """What may be read of a member."""

    name: str
    username: str
    institute: str
    batch: str
    followed: bool

    def note(self, *, inside: bool) -> str:
        """Where they belong; `inside` a board of their institute only the batch tells anything."""
        words = [self.username, "" if inside else self.institute, self.batch]
        return " · ".join(word for word in words if word)


def boards_of(kind: Kind, period: Period, kinds: Sequence[Kind]) -> Boards:
    """All boards of a page in one query; none of them is made by being looked at."""
    others = [other for other in kinds if other.key != kind.key]
    # Beside what was gained stands what one has.
    beside = others[:BESIDE] if period == Period.ALL else [kind, *others][:BESIDE]
    begins = {each: each.start(clock.today()) for each in Period}
    keys = {kind.key, *(other.key for other in beside)}
    rows = list(Board.objects.filter(kind__in=keys, starts_on__in=begins.values()))
    found = {
        (row.kind, row.period): row for row in rows if row.starts_on == begins[Period(row.period)]
    }
    gains = kind.gains and period == Period.ALL
    monday = [row for row in rows if row.kind == kind.key and row.starts_on == begins[Period.WEEK]]
    return Boards(
        kind=kind,
        period=period,
        main=found.get((kind.key, period)),
        week=found.get((kind.key, Period.WEEK)) if gains else None,
        beside=tuple((other, found.get((other.key, Period.ALL))) for other in beside),
        begun={row.period: row.pk for row in monday},
    )


# --- who may be named --------------------------------------------------------


def named(members: QuerySet[User], viewer: User) -> QuerySet[User]:
    """Without those who want to be anonymous, except oneself."""
    return members.filter(Q(pk=viewer.pk) | ~Q(on_boards=OnBoards.ANONYMOUS))


def named_to(viewer: User, ids: Collection[int]) -> dict[int, Person]:
    """Those of these members whose name `viewer` may read, and whether they follow them."""
    follows = Follow.objects.filter(follower=viewer, followed=OuterRef("pk"))
    return _persons(named(User.objects.visible_to(viewer), viewer), ids, Exists(follows))


def named_to_everybody(ids: Collection[int]) -> dict[int, Person]:
    """On a public page those have a name who show it to the whole site."""
    members = User.objects.filter(seen_by=SeenBy.SITE, on_boards=OnBoards.NAMED)
    return _persons(members, ids, Value(value=False))


def _persons(
    members: QuerySet[User], ids: Collection[int], follows: Exists | Value
) -> dict[int, Person]:
    current = Q(memberships__state=Membership.State.CURRENT)
    rows = members.filter(pk__in=ids)
    rows = rows.annotate(
        now=FilteredRelation("memberships", condition=current), is_followed=follows
    )
    place = ("now__institute__name", "now__batch")
    found = rows.values_list("pk", "name", "username", *place, "is_followed")
    return {
        pk: Person(name or username, username, institute or "", batch or "", followed)
        for pk, name, username, institute, batch, followed in found
    }


# --- lines -------------------------------------------------------------------


def lines_of(
    boards: Boards,
    rows: Sequence[Row],
    people: Mapping[int, Person],
    viewer: User | None,
    *,
    unproven: bool = False,
    inside: bool = False,
) -> dict[int, Line]:
    """Each row, by member id; of whom nobody may name the rank and the number alone.

    `unproven` says that other numbers that are not proven are shown, too; `inside` says that
    everybody is of one institute.
    """
    values = _Values(boards, [row.member_id for row in rows], unproven=unproven)
    made = {}
    for row in rows:
        person = people.get(row.member_id)
        line = _line(boards, row if person else row.nameless())
        if person:
            gain = values.gain(row.member_id)
            line = replace(
                line,
                gained=boards.kind.change(gain) if gain else "",
                way="up" if gain > 0 else "down",
                name=person.name,
                username=person.username,
                note=person.note(inside=inside),
                is_me=viewer is not None and row.member_id == viewer.pk,
                followed=person.followed,
                cells=values.cells(row.member_id),
            )
        made[row.member_id] = line
    return made


class _Values:
    """What members have on the boards beside, in one query."""

    def __init__(self, boards: Boards, members: Sequence[int], *, unproven: bool) -> None:
        self.boards = boards
        wanted = [board for _kind, board in boards.beside if board]
        wanted += [boards.week] if boards.week else []
        rows = Standing.objects.filter(board__in=wanted, member__in=members)
        if not unproven:
            rows = rows.filter(proven=True)
        found = rows.values_list("board", "member", "value")
        self.found = {(board, member): value for board, member, value in found}

    def gain(self, member: int) -> int:
        return self._value(self.boards.week, member) or 0

    def cells(self, member: int) -> tuple[Cell | None, ...]:
        return tuple(self._cell(kind, board, member) for kind, board in self.boards.beside)

    def _cell(self, kind: Kind, board: Board | None, member: int) -> Cell | None:
        value = self._value(board, member)
        if value is None:
            return None
        return Cell(label=str(kind.label), text=kind.text(value), tier=kind.tier(value))

    def _value(self, board: Board | None, member: int) -> int | None:
        return self.found.get((board.pk, member)) if board else None


def _line(boards: Boards, row: Row) -> Line:
    """A row without anything that tells whose it is."""
    kind, whole = boards.kind, boards.period == Period.ALL
    return Line(
        rank=row.rank,
        text=kind.text(row.value) if whole else kind.change(row.value),
        tier=kind.tier(row.value) if whole else None,
        moved=row.moved if whole else None,
        is_new=row.is_new and whole,
        proven=row.proven,
        as_of=row.as_of,
        is_stale=row.is_stale,
        gains=boards.gains,
        cells=(None,) * len(boards.beside),
    )
