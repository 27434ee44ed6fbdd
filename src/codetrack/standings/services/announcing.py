"""Tells open pages that a board changed, at most once in some seconds a board."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from django.db import transaction

from codetrack.core import clock, events, jobs
from codetrack.standings.events import BoardChanged
from codetrack.standings.models import Board

SHORT = timedelta(hours=1)
REST = timedelta(seconds=3)


def note_changes(boards: Iterable[int]) -> None:
    """Date these boards (by primary key), and have their changes announced soon.

    All changes until then are one announcement: its job waits under the key of the board.
    """
    now = clock.now()
    pks = sorted(boards)
    Board.objects.filter(pk__in=pks).update(changed_at=now)
    for pk in pks:
        key = f"standings:announce:{pk}"
        jobs.later("standings.announce", pk, key=key, run_after=now + REST)


@transaction.atomic
def announce(*, board: int) -> None:
    """Record, for live pages alone, that this board changed."""
    changed = BoardChanged(board_id=board)
    events.record(changed, topics=[f"leaderboard:{board}"], until=clock.now() + SHORT)
