"""Ranks without counting everybody: one more than how many have more; equals share theirs."""

from __future__ import annotations

from collections.abc import Collection

from codetrack.standings.queries.selection import Selection, Sql, every, true

_ABOVE = "SELECT NULL, SUM(n) FROM ({levels}) AS above WHERE value > %s"
_BETWEEN = (
    " UNION ALL SELECT value, SUM(n) FROM ({levels}) AS below"
    " WHERE value > %s AND value <= %s GROUP BY value"
)
_BOTH = (
    "SELECT value, SUM(n) AS n FROM standings_bucket"
    " WHERE board_id = %s AND proven IN (TRUE, FALSE) GROUP BY value"
)
_EACH = "SELECT s.value, 1 AS n FROM standings_standing AS s WHERE {where}"
_GROUPED = "SELECT s.value, COUNT(*) FROM standings_standing AS s WHERE {where} GROUP BY s.value"


def ranks(selection: Selection, values: Collection[int]) -> dict[int, int]:
    """The rank of each of these values among a selection."""
    if selection.is_whole:
        return ranks_among(buckets(selection.board.pk, unproven=selection.unproven), values)
    return ranks_within(selection.where(), values, by_key=selection.people is not None)


def ranks_within(where: Sql, values: Collection[int], *, by_key: bool) -> dict[int, int]:
    """The rank of each value among the rows under this condition.

    Rows that are found by the keys of their members are read once, and not in the order of values.
    """
    if by_key:
        counts = dict(Sql(_GROUPED.format(where=where.text), where.given).ask())
        return _spread(sorted(set(values), reverse=True), 0, counts)
    return ranks_among(Sql(_EACH.format(where=where.text), where.given), values)


def ranks_among(levels: Sql, values: Collection[int]) -> dict[int, int]:
    """The rank of each value where `levels` gives rows of `value` and `n` who have it.

    One statement: all that is above the highest is one sum, only what lies between is listed.
    """
    if not values:
        return {}
    low, high = min(values), max(values)
    text, given = _ABOVE.format(levels=levels.text), (*levels.given, high)
    if low < high:
        text += _BETWEEN.format(levels=levels.text)
        given = (*given, *levels.given, low, high)
    counts = dict(Sql(text, given).ask())
    above = counts.pop(None) or 0
    return _spread(sorted(set(values), reverse=True), int(above), counts)


def _spread(falling: list[int], above: int, between: dict[int, int]) -> dict[int, int]:
    """`above` have more than the first of these; `between` says how many have what else."""
    found, levels = {}, iter(sorted(between.items(), reverse=True))
    level = next(levels, None)
    for value in falling:
        while level is not None and level[0] > value:
            above += int(level[1])
            level = next(levels, None)
        found[value] = 1 + above
    return found


def buckets(board: int, *, unproven: bool) -> Sql:
    """How many of all who are shown on a board have each value."""
    if unproven:
        return Sql(_BOTH, (board,))
    where = every(Sql("board_id = %s", (board,)), true("proven"))
    return Sql(f"SELECT value, n FROM standings_bucket WHERE {where.text}", where.given)  # noqa: S608
