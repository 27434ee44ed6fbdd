"""Opens the boards of a new week or month, and throws those away that are long over."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import Q

from codetrack.core import clock
from codetrack.standings import kinds
from codetrack.standings.models import EVER, Board, Bucket, Period

_BOARDS = int.from_bytes(b"boards")  # the lock's number, which nobody else takes


@transaction.atomic
def board_for(kind: str, period: Period = Period.ALL, day: date | None = None) -> Board:
    """The board of this kind, of the month or week that `day` (today, in UTC) lies in."""
    starts_on = period.start(day or clock.today())
    wanted: dict[str, Any] = {"kind": kind, "period": period, "starts_on": starts_on}
    board = Board.objects.filter(**wanted).first()
    if board is None:
        hold()
        board, created = Board.objects.get_or_create(**wanted)
        if created and period == Period.WEEK and starts_on == period.start(clock.today()):
            _keep_counts(kind, starts_on)
    return board


def open_periods() -> None:
    """Open this week and this month of every kind that tells what was gained."""
    for kind in kinds.offered():
        if kind.gains:
            board_for(kind.key, Period.MONTH)
            board_for(kind.key, Period.WEEK)


def hold() -> None:
    """Be the only one to change boards until the end of the transaction.

    One lock for all of them, taken before any is opened: so a transaction may change boards in any
    order and as often as it likes, and never waits for another one that waits for it. On SQLite
    whoever writes has the whole database.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_BOARDS])


@transaction.atomic
def prune(*, weeks: timedelta, months: timedelta) -> int:
    """Delete the boards of periods that began longer ago than this; returns how many."""
    today = clock.today()
    weekly = Q(period=Period.WEEK) | Q(period=Period.ALL, starts_on__gt=EVER)
    over = Q(weekly, starts_on__lt=today - weeks)
    over |= Q(period=Period.MONTH, starts_on__lt=today - months)
    hold()
    old = Board.objects.filter(over)
    count = old.count()
    old.delete()
    return count


def _keep_counts(kind: str, starts_on: date) -> None:
    """How many stand with each value as the week begins; nothing on a board nobody is on."""
    counts = Bucket.objects.filter(board__kind=kind, board__starts_on=EVER)
    kept = list(counts.values_list("proven", "value", "n"))
    if not kept:
        return
    then = Board.objects.create(kind=kind, starts_on=starts_on)
    Bucket.objects.bulk_create(
        [Bucket(board=then, proven=proven, value=value, n=n) for proven, value, n in kept],
        batch_size=1_000,
    )
