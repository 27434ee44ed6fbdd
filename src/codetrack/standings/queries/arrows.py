"""How many places members moved since Monday 00:00 UTC, on boards of all time."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, time

from django.db.models import Count, F, IntegerField, OuterRef, Subquery
from django.db.models.functions import Coalesce

from codetrack.standings.models import Board, Period, Standing
from codetrack.standings.queries.ranks import bucket_ranks, counted
from codetrack.standings.queries.selection import Selection, starts_on

#: By member: the rank on Monday, or None for whoever was not on the board then.
type Before = dict[int, int | None]


def ranks_before(selection: Selection, rows: Sequence[Standing]) -> Before:
    """The ranks that these rows of a selection had on Monday; empty where nobody can say.

    That is so in the first week of a board, and for parts of it that may be large: who stood in a
    country or was fresh then is not kept.
    """
    small = selection.people is not None or selection.institute
    if selection.board.period != Period.ALL or not (selection.is_whole or small):
        return {}
    monday = starts_on(Period.WEEK)
    boards = Board.objects.filter(kind=selection.board.kind, starts_on=monday)
    found = {board.period: board for board in boards.exclude(period=Period.MONTH)}
    if set(found) != {Period.ALL, Period.WEEK}:
        return {}
    opened = datetime.combine(monday, time(), UTC)
    gained = Standing.objects.filter(board=found[Period.WEEK])
    old = [row for row in rows if row.since < opened]
    gains = dict(
        gained.filter(member__in=[row.member_id for row in old]).values_list("member", "value")
    )
    then = {row.member_id: row.value - gains.get(row.member_id, 0) for row in old}
    if selection.is_whole:
        kept = found[Period.ALL]
        ranks = bucket_ranks(kept, then.values(), unproven=selection.unproven)
    else:
        own = gained.filter(member=OuterRef("member_id")).values("value")[:1]
        gain = Coalesce(Subquery(own), 0, output_field=IntegerField())
        there = selection.rows().filter(since__lt=opened).annotate(then=F("value") - gain)
        ranks = counted(there, Count("member"), then.values(), by="then")
    known = {member: ranks[value] for member, value in then.items()}
    return {row.member_id: known.get(row.member_id) for row in rows}
