"""When an account is read next, and the ratings of a contest again: reads no rows, no clock."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from codetrack.ratings.models import RECALCULATED

HOUR = timedelta(hours=1)
SHORTEST, FIRST, LONGEST = HOUR, 3 * HOUR, 24 * HOUR
#: After the end of a contest its ratings are published, and after a day and more recalculated.
BURST = (HOUR, *RECALCULATED)


def next_rhythm(before: timedelta | None, waited: timedelta | None, *, news: bool) -> timedelta:
    """The time to the next reading, given that after the last one and how long ago that was.

    Something new halves it. Nothing new makes it half as long again, unless the last reading was
    so lately that this says nothing. In whole hours, so that many accounts have the same.
    """
    if before is None:
        return FIRST
    if news:
        wanted = before / 2
    elif waited is not None and waited >= before:
        wanted = before * 1.5
    else:
        return before
    return min(LONGEST, max(SHORTEST, -(-wanted // HOUR) * HOUR))


def next_reading(at: datetime, rhythm: timedelta, bursts: Iterable[datetime] = ()) -> datetime:
    """When an account that was read at `at` is read again: never later than the next burst."""
    return min([at + rhythm, *(burst for burst in bursts if burst > at)])


def bursts(ends: Iterable[datetime], after: datetime, until: datetime) -> list[datetime]:
    """The moments after the ends of these contests at which whoever takes part is read."""
    moments = {end + wait for end in ends for wait in BURST}
    return sorted(moment for moment in moments if after < moment <= until)


def next_recalculation(end: datetime, at: datetime) -> datetime | None:
    """When the ratings of a contest that ended at `end` are read again; None when no more."""
    return next((end + wait for wait in RECALCULATED if end + wait > at), None)
