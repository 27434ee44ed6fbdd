"""Opens the boards of a new week or month, and throws those away that are long over."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Q

from codetrack.core import clock
from codetrack.standings import kinds
from codetrack.standings.models import EVER, Board, Bucket, Period


@transaction.atomic
def board_for(kind: str, period: Period = Period.ALL, day: date | None = None) -> Board:
    """The board of this kind, of the month or week that `day` (today, in UTC) lies in."""
    starts_on = period.start(day or clock.today())
    board, created = Board.objects.get_or_create(kind=kind, period=period, starts_on=starts_on)
    if created and starts_on == Period.WEEK.start(clock.today()) and period == Period.WEEK:
        _keep_counts(kind, starts_on)
    return board


def open_periods() -> None:
    """Open this week and this month of every kind that tells what was gained."""
    for kind in kinds.offered():
        if kind.gains:
            board_for(kind.key, Period.MONTH)
            board_for(kind.key, Period.WEEK)


def hold(boards: Collection[int]) -> None:
    """Hold the rows of these boards, in one order, until the end of the transaction."""
    rows = Board.objects.filter(pk__in=boards).order_by("pk")
    list(rows.select_for_update(no_key=True).values_list("pk"))


@transaction.atomic
def prune(*, weeks: timedelta, months: timedelta) -> int:
    """Delete the boards of periods that began longer ago than this; returns how many."""
    today = clock.today()
    weekly = Q(period=Period.WEEK) | Q(period=Period.ALL, starts_on__gt=EVER)
    over = Q(weekly, starts_on__lt=today - weeks)
    over |= Q(period=Period.MONTH, starts_on__lt=today - months)
    old = list(Board.objects.filter(over).values_list("pk", flat=True))
    hold(old)
    Board.objects.filter(pk__in=old).delete()
    return len(old)


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
