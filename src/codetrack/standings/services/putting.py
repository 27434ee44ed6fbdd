"""Puts members onto boards with what they have, moves them, and takes them off.

Boards are held before anything else is read: so rows and counts change together, and nobody is put
onto a board with what their account said before.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import batched

from django.db import transaction

from codetrack.core import clock
from codetrack.standings import kinds, queries
from codetrack.standings.models import Board, Period, Standing
from codetrack.standings.queries import Facts
from codetrack.standings.services.announcing import note_changes
from codetrack.standings.services.counting import AT_ONCE, Counts, shift
from codetrack.standings.services.opening import board_for, hold


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


@dataclass(slots=True)
class _Moves:
    """What becomes of the rows of some boards."""

    written: list[Standing] = field(default_factory=list)
    gone: list[Standing] = field(default_factory=list)
    counts: defaultdict[int, Counts] = field(default_factory=lambda: defaultdict(Counter))

    def count(self, row: Standing, n: int) -> None:
        if row.shown:
            self.counts[row.board_id][row.proven, row.value] += n

    def move(self, old: Standing | None, new: Standing | None) -> None:
        if old is not None:
            self.count(old, -1)
        if new is not None:
            self.count(new, 1)
            self.written.append(new)
        elif old is not None:
            self.gone.append(old)


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
        facts = queries.facts_of(chunk)
        moves = _Moves()
        for old in Standing.objects.filter(member__in=chunk):
            new = _with_facts(old, facts[old.member_id]) if old.member_id in facts else None
            if new is None or not _same(old, new):
                moves.move(old, new)
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
    stored = {row.member_id: row for row in rows}
    facts = queries.facts_of(entries)
    moves, now = _Moves(), clock.now()
    for member, entry in entries.items():
        old = stored.get(member)
        if entry is None:
            moves.move(old, None)
        elif member in facts:
            new = _row(board.pk, member, entry, facts[member])
            new.since = old.since if old and old.proven >= new.proven else now
            if old is None or not _same(old, new):
                moves.move(old, new)
    return moves


def _row(board: int, member: int, entry: Entry, facts: Facts) -> Standing:
    return Standing(
        board_id=board,
        member_id=member,
        value=entry.value,
        proven=entry.proven,
        as_of=entry.as_of,
        shown=facts.shown,
        institute_id=facts.institute,
        country=facts.country,
    )


def _with_facts(old: Standing, facts: Facts) -> Standing:
    entry = Entry(value=old.value, proven=old.proven, as_of=old.as_of)
    new = _row(old.board_id, old.member_id, entry, facts)
    new.since = old.since
    return new


FIELDS = ["value", "proven", "shown", "institute", "country", "as_of", "since"]
_COLUMNS = ["institute_id" if name == "institute" else name for name in FIELDS]


def _same(old: Standing, new: Standing) -> bool:
    return all(getattr(old, name) == getattr(new, name) for name in _COLUMNS)


def _write(moves: _Moves) -> set[int]:
    """Write rows and counts; returns the boards that changed."""
    Standing.objects.bulk_create(
        moves.written,
        update_conflicts=True,
        unique_fields=["board", "member"],
        update_fields=FIELDS,
    )
    gone: defaultdict[int, list[int]] = defaultdict(list)
    for row in moves.gone:
        gone[row.board_id].append(row.member_id)
    for board, members in gone.items():
        Standing.objects.filter(board=board, member__in=members).delete()
    for board, counts in moves.counts.items():
        shift(board, counts)
    return {row.board_id for row in (*moves.written, *moves.gone)}
