"""How many stand with each value: changed with the rows, and counted anew at night."""

from __future__ import annotations

from collections import Counter
from itertools import batched

from django.db import connection, transaction
from django.db.models import Count

from codetrack.standings.models import Board, Bucket, Standing
from codetrack.standings.services.announcing import note_changes
from codetrack.standings.services.opening import hold

type Counts = Counter[tuple[bool, int]]  # by whether it is proven, and value

AT_ONCE = 1_000

_SHIFT = """
INSERT INTO standings_bucket (board_id, proven, value, n) VALUES {rows}
ON CONFLICT (board_id, proven, value) DO UPDATE SET n = standings_bucket.n + excluded.n
"""


def shift(board: int, by: Counts) -> None:
    """Change the counts of a board by so many more or fewer."""
    changes = [(board, proven, value, n) for (proven, value), n in sorted(by.items()) if n]
    for chunk in batched(changes, AT_ONCE):
        rows = ", ".join(["(%s, %s, %s, %s)"] * len(chunk))
        with connection.cursor() as cursor:
            cursor.execute(_SHIFT.format(rows=rows), [field for row in chunk for field in row])
    if any(n < 0 for *_, n in changes):
        Bucket.objects.filter(board=board, n__lte=0).delete()


@transaction.atomic
def recount(*, board: Board) -> int:
    """Count a board anew; returns how many of its counts were wrong."""
    if board.is_kept:
        return 0
    hold()
    shown = Standing.objects.filter(board=board, shown=True).values_list("proven", "value")
    off: Counts = Counter()
    for proven, value, n in shown.annotate(n=Count("member")):
        off[proven, value] += n
    for proven, value, n in board.buckets.values_list("proven", "value", "n"):
        off[proven, value] -= n
    wrong = sum(n != 0 for n in off.values())
    if wrong:
        shift(board.pk, off)
        note_changes([board.pk])
    return wrong
