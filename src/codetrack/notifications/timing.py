"""When something is told, on the clock of the member's time zone. Knows no table."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

DAY = timedelta(days=1)


def next_digest(at: datetime, zone: ZoneInfo, *, hour: int, weekday: int | None) -> datetime:
    """The next time after `at` that it is `hour` o'clock there, on that weekday if one is given.

    An hour that the clocks leave out in spring comes an hour later; one that they show twice in
    autumn is the first of the two: each day has one.
    """
    day = at.astimezone(zone).date()
    while True:
        due = _moment(day, time(hour), zone)
        if due > at and weekday in {None, day.weekday()}:
            return due
        day += DAY


def after_quiet(at: datetime, zone: ZoneInfo, quiet: tuple[time, time] | None) -> datetime:
    """`at`, or the end of the quiet hours that it falls into.

    An end that the clocks show twice in autumn is the first of the two: they do not begin again.
    """
    if quiet is None:
        return at
    start, end = quiet
    local = at.astimezone(zone)
    day, clock = local.date(), local.time()
    over_midnight = end < start
    if over_midnight and clock >= start:
        return _moment(day + DAY, end, zone)
    if clock < end and (over_midnight or clock >= start):
        return max(at, _moment(day, end, zone))
    return at


def _moment(day: date, clock: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, clock, zone).astimezone(UTC)
