"""Boards by brute force: everything in lists, sorted and counted anew for every question."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from codetrack.standings.queries import Row, Selection
from codetrack.standings.services import Entry

FRESH = timedelta(days=3)


@dataclass
class Person:
    """What an account says of a member."""

    institute: int | None = None
    batch: str = ""
    country: str = ""
    hidden: bool = False
    anonymous: bool = False
    private: bool = False
    active: bool = True

    @property
    def shown(self) -> bool:
        return self.active and not self.hidden

    @property
    def named(self) -> bool:
        return not (self.anonymous or self.private)


@dataclass(frozen=True)
class Stood:
    """What a member has on the board, and since when."""

    entry: Entry
    since: datetime


@dataclass
class Club:
    """The members, one board of all time, and what it looked like on Monday."""

    people: dict[int, Person] = field(default_factory=dict)
    board: dict[int, Stood] = field(default_factory=dict)
    monday: datetime | None = None
    values_then: dict[int, int] = field(default_factory=dict)
    shown_then: list[tuple[bool, int]] = field(default_factory=list)

    def put(self, entries: dict[int, Entry | None], now: datetime) -> None:
        for member, entry in entries.items():
            old = self.board.pop(member, None)
            if entry is not None and member in self.people:
                stays = old is not None and old.entry.proven >= entry.proven
                self.board[member] = Stood(entry, old.since if old and stays else now)

    def erase(self, member: int) -> None:
        del self.people[member]
        self.board.pop(member, None)

    def begin_week(self, monday: datetime) -> None:
        self.monday = monday
        self.values_then = {member: stood.entry.value for member, stood in self.board.items()}
        self.shown_then = [
            (stood.entry.proven, stood.entry.value)
            for member, stood in self.board.items()
            if self.people[member].shown
        ]

    def gains(self, members: Collection[int]) -> dict[int, Entry | None]:
        """What these members gained this week, as it is put onto the board of the week."""
        gains: dict[int, Entry | None] = {}
        for member in members:
            stood, then = self.board.get(member), self.values_then.get(member)
            same = stood is None or then is None or stood.entry.value == then
            gains[member] = None
            if stood and then is not None and not same:
                gains[member] = replace(stood.entry, value=stood.entry.value - then)
        return gains

    def rows(
        self, asked: Selection, now: datetime, lots: Mapping[int, int], *, gained: bool = False
    ) -> list[Row]:
        """All rows that a selection should have, in their order; of the week where `gained`.

        Among equals the lower lot (by member id) stands first.
        """
        values = {
            member: stood.entry.value
            for member, stood in self.board.items()
            if self._is_meant(member, asked, now)
        }
        if gained:
            gains = self.gains(values)
            values = {member: one.value for member, one in gains.items() if one}
        order = sorted(values, key=lambda member: (-values[member], lots[member], member))
        return [self._row(member, values, asked, now, gained) for member in order]

    def _is_meant(self, member: int, asked: Selection, now: datetime) -> bool:
        person, entry = self.people[member], self.board[member].entry
        narrowed = asked.batch or asked.country or asked.fresh_only
        return (
            person.shown
            and (person.named or asked.people is not None or not narrowed)
            and (entry.proven or asked.unproven)
            and (asked.people is None or member in asked.people)
            and (not asked.institute or person.institute == asked.institute)
            and (not asked.batch or person.batch == asked.batch)
            and (not asked.country or person.country == asked.country)
            and not (asked.fresh_only and self._is_stale(entry, now))
        )

    @staticmethod
    def _is_stale(entry: Entry, now: datetime) -> bool:
        return entry.as_of is not None and entry.as_of < now - FRESH

    def _row(
        self, member: int, values: dict[int, int], asked: Selection, now: datetime, gained: bool
    ) -> Row:
        entry = self.board[member].entry
        rank = 1 + sum(value > values[member] for value in values.values())
        then = None if gained else self._rank_then(member, values, asked)
        return Row(
            rank=rank,
            member_id=member,
            value=values[member],
            proven=entry.proven,
            as_of=entry.as_of,
            moved=then - rank if then else None,
            is_new=then == 0,
            is_stale=self._is_stale(entry, now),
        )

    def _rank_then(self, member: int, meant: dict[int, int], asked: Selection) -> int | None:
        """0 for who was not there then, None where arrows are not shown."""
        narrow = asked.people is not None or asked.institute
        broad = asked.batch or asked.country or asked.fresh_only
        if self.monday is None or not self.shown_then or (broad and not narrow):
            return None
        if self.board[member].since >= self.monday:
            return 0
        own = self.values_then[member]
        if narrow:
            there = [one for one in meant if self.board[one].since < self.monday]
            return 1 + sum(self.values_then[one] > own for one in there)
        seen = [value for proven, value in self.shown_then if proven or asked.unproven]
        return 1 + sum(value > own for value in seen)
