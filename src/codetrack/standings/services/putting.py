"""Puts members onto boards with what they have, moves them, and takes them off.

Boards are held before anything else is read: so rows and counts change together, and nobody is put
onto a board with what their account said before.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import batched
from typing import NamedTuple

from django.db import transaction
from django.db.models import QuerySet

from codetrack.core import clock
from codetrack.standings import kinds, queries
from codetrack.standings.models import Board, Period, Standing, drawn_lot
from codetrack.standings.services.announcing import note_changes
from codetrack.standings.services.counting import AT_ONCE, Counts, shift
from codetrack.standings.services.opening import board_for, hold

#: What may change in a row; the lot stays as long as it is there.
UPDATED = ["value", "proven", "as_of", "since", "shown", "named", "institute", "country"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """What a member has: `proven` of accounts that are their own, `as_of` how fresh it is."""

    value: int
    proven: bool
    as_of: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What to put onto one board, by member id; None takes the member off."""

    kind: str
    entries: Mapping[int, Entry | None]
    period: Period = Period.ALL
    day: date | None = None


class _Stood(NamedTuple):
    """A row of a board. Lighter than a model: most of those that are read stay as they are."""

    board_id: int
    member_id: int
    lot: int
    value: int
    proven: bool
    as_of: datetime | None
    since: datetime
    shown: bool
    named: bool
    institute_id: int | None
    country: str


@dataclass(slots=True)
class _Moves:
    """What becomes of the rows of some boards."""

    written: list[_Stood] = field(default_factory=list)
    gone: list[_Stood] = field(default_factory=list)
    counts: defaultdict[int, Counts] = field(default_factory=lambda: defaultdict(Counter))

    def move(self, old: _Stood | None, new: _Stood | None) -> None:
        if old == new:
            return
        if old is not None:
            self._count(old, -1)
        if new is not None:
            self._count(new, 1)
            self.written.append(new)
        elif old is not None:
            self.gone.append(old)

    def _count(self, row: _Stood, n: int) -> None:
        if row.shown:
            self.counts[row.board_id][row.proven, row.value] += n


def put(
    *,
    kind: str,
    period: Period = Period.ALL,
    day: date | None = None,
    entries: Mapping[int, Entry | None],
) -> None:
    """Give members (by id) these values on one board; None takes a member off.

    Of any size. Ids without an account are passed over.
    """
    put_all(changes=[Change(kind=kind, period=period, day=day, entries=entries)])


@transaction.atomic
def put_all(*, changes: Iterable[Change]) -> None:
    """The same for several boards, which all change or none."""
    hold()
    changed: set[int] = set()
    for change in changes:
        board = _open(change)
        for members in batched(sorted(change.entries), AT_ONCE):
            changed |= _write(_moves(board, {pk: change.entries[pk] for pk in members}))
    note_changes(changed)


@transaction.atomic
def follow_members(*, members: Collection[int]) -> None:
    """Read anew from accounts where these members belong and whether they show themselves.

    Whoever has no account any more is taken off.
    """
    hold()
    changed: set[int] = set()
    for chunk in batched(sorted(members), AT_ONCE):
        facts, moves = queries.facts_of(chunk), _Moves()
        for old in _stored(Standing.objects.filter(member__in=chunk)):
            known = facts.get(old.member_id)
            moves.move(old, old._replace(**known._asdict()) if known else None)
        changed |= _write(moves)
    note_changes(changed)


def _open(change: Change) -> Board:
    """The board to put on. The counts of a week are kept before the first change in it."""
    board = board_for(change.kind, change.period, change.day)
    known = kinds.kind(change.kind)
    if change.period == Period.ALL and (known is None or known.gains):
        board_for(change.kind, Period.WEEK)
    return board


def _moves(board: Board, entries: Mapping[int, Entry | None]) -> _Moves:
    rows = Standing.objects.filter(board=board, member__in=list(entries))
    stored = {row.member_id: row for row in _stored(rows)}
    facts = queries.facts_of(entries)
    moves, now = _Moves(), clock.now()
    for member, entry in entries.items():
        old, known = stored.get(member), facts.get(member)
        if entry is None or known is None:
            moves.move(old, None)
        else:
            since = old.since if old and old.proven >= entry.proven else now
            lot = old.lot if old else drawn_lot()
            has = (lot, entry.value, entry.proven, entry.as_of, since)
            moves.move(old, _Stood(board.pk, member, *has, *known))
    return moves


def _stored(rows: QuerySet[Standing]) -> Iterator[_Stood]:
    return (_Stood(*row) for row in rows.values_list(*_Stood._fields))


def _write(moves: _Moves) -> set[int]:
    """Write rows and counts; returns the boards that changed."""
    Standing.objects.bulk_create(
        [Standing(**row._asdict()) for row in moves.written],
        update_conflicts=True,
        unique_fields=["board", "member"],
        update_fields=UPDATED,
    )
    gone: defaultdict[int, list[int]] = defaultdict(list)
    for row in moves.gone:
        gone[row.board_id].append(row.member_id)
    for board, members in gone.items():
        Standing.objects.filter(board=board, member__in=members).delete()
    for board, counts in moves.counts.items():
        shift(board, counts)
    return {row.board_id for row in (*moves.written, *moves.gone)}
