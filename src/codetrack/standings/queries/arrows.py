"""How many places members moved since Monday 00:00 UTC, on boards of all time."""

from __future__ import annotations

from bisect import bisect
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time

from codetrack.standings.models import Period
from codetrack.standings.queries.ranks import buckets, ranks_among, ranks_within
from codetrack.standings.queries.selection import Selection, Sql, among, every, starts_on, true

_GAINS = "SELECT s.member_id, s.value FROM standings_standing AS s WHERE s.board_id = %s AND "
#: Crossed, SQLite begins with the rows of the week, of which there are fewer.
_MOVED = (
    "SELECT s.value, s.value - w.value FROM standings_standing AS w"
    " CROSS JOIN standings_standing AS s"
    " WHERE s.member_id = w.member_id AND w.board_id = %s AND "
)


@dataclass(frozen=True, slots=True)
class Week:
    """`then` is the board with the counts of Monday, `gained` that of gains since `opened`."""

    then: int
    gained: int
    opened: datetime


def week_of(selection: Selection, begun: Mapping[str, int] | None = None) -> Week | None:
    """What arrows are made from; None where nobody can say how members moved.

    That is so in the first week of a board, and for parts of it that may be large: who stood in a
    country or was fresh then is not kept. `begun` has the boards of this kind that began on Monday,
    by period, where they are known.
    """
    small = selection.people is not None or selection.institute
    if selection.board.period != Period.ALL or not (selection.is_whole or small):
        return None
    monday = starts_on(Period.WEEK)
    if begun is None:
        boards = "SELECT period, id FROM standings_board WHERE kind = %s AND starts_on = %s"
        begun = dict(Sql(boards, (selection.board.kind, monday)).ask())
    if not {Period.ALL, Period.WEEK} <= set(begun):
        return None
    opened = datetime.combine(monday, time(), UTC)
    return Week(begun[Period.ALL], begun[Period.WEEK], opened)


def ranks_then(selection: Selection, week: Week, values: Mapping[int, int]) -> dict[int, int]:
    """The ranks on Monday of members (by id, with their values of now) who were there then."""
    whose = among(values)
    gains = dict(Sql(_GAINS + whose.text, (week.gained, *whose.given)).ask())
    then = {member: value - gains.get(member, 0) for member, value in values.items()}
    if selection.is_whole:
        kept = buckets(week.then, unproven=selection.unproven)
        ranks = ranks_among(kept, then.values())
    else:
        ranks = _ranks_of_part(selection, week, set(then.values()))
    return {member: ranks[value] for member, value in then.items()}


def _ranks_of_part(selection: Selection, week: Week, values: set[int]) -> dict[int, int]:
    """Among those of a selection who were there on Monday: by what they have now, and whoever
    gained something is counted with what they had instead.
    """
    there = every(selection.where(), Sql("s.since < %s", (week.opened,)))
    if selection.people is not None:
        narrow = among(selection.people, "w")
    else:
        narrow = every(true("w.shown"), Sql("w.institute_id = %s", (selection.institute,)))
    moved = every(Sql(_MOVED + narrow.text, (week.gained, *narrow.given)), there).ask()
    now, then = sorted(row[0] for row in moved), sorted(row[1] for row in moved)
    ranks = ranks_within(there, values, by_key=selection.people is not None)
    return {value: rank + bisect(now, value) - bisect(then, value) for value, rank in ranks.items()}
