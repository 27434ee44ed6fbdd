"""Ranks without counting everybody: one more than how many have more; equals share theirs."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Aggregate, Case, Count, F, IntegerField, QuerySet, Sum, When

from codetrack.standings.models import Board, Bucket
from codetrack.standings.queries.selection import Selection


def ranks(selection: Selection, values: Collection[int]) -> dict[int, int]:
    """The rank of each of these values among a selection."""
    if selection.is_whole:
        return bucket_ranks(selection.board, values, unproven=selection.unproven)
    return counted(selection.rows(), Count("member"), values)


def bucket_ranks(board: Board, values: Collection[int], *, unproven: bool) -> dict[int, int]:
    """The rank of each of these values among all who are shown on a board."""
    return counted(buckets(board, unproven=unproven), Sum("n"), values)


def buckets(board: Board, *, unproven: bool) -> QuerySet[Bucket]:
    return Bucket.objects.filter(board=board, proven__in=[True, False] if unproven else [True])


def counted(
    rows: QuerySet[Any], amount: Aggregate, values: Collection[int], by: str = "value"
) -> dict[int, int]:
    """The rank of each value where `amount` of `rows` have each `by`, in one statement.

    All that is above the highest is one sum: only what lies between the values is listed.
    """
    if not values:
        return {}
    above = Case(
        When(**{f"{by}__gt": max(values)}, then=None), default=F(by), output_field=IntegerField()
    )
    more = rows.filter(**{f"{by}__gt": min(values)}).order_by().values(level=above)
    levels = dict(more.annotate(amount=amount).values_list("level", "amount"))
    found, rank = {}, 1 + levels.pop(None, 0)
    falling = sorted(levels, reverse=True)
    place = 0
    for value in sorted(set(values), reverse=True):
        while place < len(falling) and falling[place] > value:
            rank += levels[falling[place]]
            place += 1
        found[value] = rank
    return found
