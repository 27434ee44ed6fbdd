"""When it is eight o'clock somewhere, also on the days on which the clocks change."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from codetrack.accounts import zones
from codetrack.notifications.timing import after_quiet, next_digest

BERLIN, KOLKATA, AUCKLAND = map(ZoneInfo, ("Europe/Berlin", "Asia/Kolkata", "Pacific/Auckland"))
NIGHT = (time(22), time(7, 30))


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "zone", "hour", "due"),
    [
        ("2026-11-21T12:00", BERLIN, 8, "2026-11-22T07:00"),
        ("2026-11-21T06:59", BERLIN, 8, "2026-11-21T07:00"),
        ("2026-11-21T07:00", BERLIN, 8, "2026-11-22T07:00"),  # this one is told already
        ("2026-11-21T12:00", KOLKATA, 8, "2026-11-22T02:30"),
        ("2026-11-21T12:00", AUCKLAND, 8, "2026-11-21T19:00"),
        ("2026-07-01T12:00", BERLIN, 8, "2026-07-02T06:00"),  # summer time
        ("2026-03-28T12:00", BERLIN, 2, "2026-03-29T01:00"),  # there is no two o'clock: it is three
        ("2026-03-29T02:00", BERLIN, 2, "2026-03-30T00:00"),
        ("2026-10-24T12:00", BERLIN, 2, "2026-10-25T00:00"),  # there are two: the first
        ("2026-10-25T00:30", BERLIN, 2, "2026-10-26T01:00"),  # and it is not told at the second
        ("2026-11-21T12:00", BERLIN, 0, "2026-11-21T23:00"),
    ],
)
def test_daily_digests_keep_to_the_clock_on_the_wall(
    now: str, zone: ZoneInfo, hour: int, due: str
) -> None:
    assert next_digest(at(now), zone, hour=hour, weekday=None) == at(due)


@pytest.mark.parametrize(
    ("weekday", "due"),
    [(5, "2026-11-28T07:00"), (6, "2026-11-22T07:00"), (0, "2026-11-23T07:00")],
)
def test_weekly_digests_come_on_their_day(weekday: int, due: str) -> None:
    saturday = at("2026-11-21T12:00")
    assert next_digest(saturday, BERLIN, hour=8, weekday=weekday) == at(due)


@given(
    some.datetimes(datetime(2024, 1, 1), datetime(2028, 1, 1)),  # noqa: DTZ001 - UTC is added
    some.sampled_from(sorted(zones.offered())),
    some.integers(0, 23),
)
def test_there_is_one_digest_a_day_everywhere(now: datetime, name: str, hour: int) -> None:
    zone = ZoneInfo(name)
    moment = now.replace(tzinfo=UTC)
    days = []
    for _ in range(4):
        due = next_digest(moment, zone, hour=hour, weekday=None)
        assert due > moment
        days.append(due.astimezone(zone).date())
        moment = due
    assert [later - day for day, later in pairwise(days)] == [timedelta(days=1)] * 3


@pytest.mark.parametrize(
    ("now", "quiet", "told"),
    [
        ("2026-11-21T12:00", NIGHT, "2026-11-21T12:00"),
        ("2026-11-21T21:00", NIGHT, "2026-11-22T06:30"),  # it is ten in Berlin
        ("2026-11-22T03:00", NIGHT, "2026-11-22T06:30"),
        ("2026-11-22T06:30", NIGHT, "2026-11-22T06:30"),
        ("2026-11-21T12:30", (time(13), time(14)), "2026-11-21T13:00"),
        ("2026-11-21T13:00", (time(13), time(14)), "2026-11-21T13:00"),
        ("2026-11-21T11:59", (time(13), time(14)), "2026-11-21T11:59"),
        ("2026-11-21T23:00", None, "2026-11-21T23:00"),
        ("2026-10-24T21:00", NIGHT, "2026-10-25T06:30"),  # an hour longer than other nights
        ("2026-10-25T00:15", (time(22), time(2, 30)), "2026-10-25T00:30"),
        ("2026-10-25T01:15", (time(22), time(2, 30)), "2026-10-25T01:15"),  # a quarter past again
        ("2026-10-25T01:15", (time(2), time(2, 30)), "2026-10-25T01:15"),
        ("2026-03-29T00:30", (time(22), time(2, 30)), "2026-03-29T01:30"),  # left out: an hour on
    ],
)
def test_quiet_hours_hold_until_they_end(
    now: str, quiet: tuple[time, time] | None, told: str
) -> None:
    assert after_quiet(at(now), BERLIN, quiet) == at(told)
