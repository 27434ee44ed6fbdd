"""Puts members onto the boards with what their accounts say now, whatever stood there before."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from datetime import date
from itertools import batched

from django.db import transaction

from codetrack.core import clock
from codetrack.ratings import queries
from codetrack.ratings.queries import GAINED, Mark, board_kinds
from codetrack.standings import services as standings
from codetrack.standings.models import Period
from codetrack.standings.services import Change, Entry
from codetrack.standings.services.opening import hold

TOGETHER = 500  # members whose numbers are in memory at once


@transaction.atomic
def refresh_standings(*, members: Collection[int]) -> None:
    """Give these members the places that are theirs; takes them off boards where they have none.

    Boards are held before numbers are read. So of two who do this at a time, the later one reads
    what the earlier one did not know, and nothing old is written over something newer.
    """
    hold()
    today = clock.today()
    for some in batched(sorted(members), TOGETHER):
        standings.put_all(changes=_changes(some, today))


def _changes(members: Collection[int], today: date) -> Iterator[Change]:
    """Of each board that one of them is on, or comes onto."""
    found, there = queries.marks(members, today), queries.places(members, today)
    for kind in board_kinds():
        for period in (*GAINED, Period.ALL):
            entries = {pk: _entry(mark, period) for pk, mark in found[kind].items()}
            wanted = {pk for pk, entry in entries.items() if entry} | there[kind, period]
            if wanted:
                named = {pk: entries.get(pk) for pk in sorted(wanted)}
                yield Change(kind=kind, period=period, day=today, entries=named)


def _entry(mark: Mark, period: Period) -> Entry | None:
    """On a board of what was gained stands who gained or lost something."""
    value = mark.value if period == Period.ALL else mark.gains[period]
    if period != Period.ALL and value == 0:
        return None
    return Entry(value=value, proven=mark.proven, as_of=mark.as_of)
