"""Periodic tasks: five cron fields or a beat, one catch-up after downtime, no pile-up."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from codetrack.core import jobs
from codetrack.core.errors import Problem
from codetrack.core.jobs import schedule
from codetrack.core.jobs.schedule import Cron, Interval
from codetrack.core.models import Job, Schedule
from codetrack.core.testing import HeldClock, hold_clock
from tests.core import work

NOW = datetime(2026, 11, 21, 10, 30, 30, tzinfo=UTC)  # a Saturday


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("* * * * *", "2026-11-21 10:31"),
        ("*/15 * * * *", "2026-11-21 10:45"),
        ("0 3 * * *", "2026-11-22 03:00"),
        ("30 10 * * *", "2026-11-22 10:30"),
        ("5,50 10-11 * * *", "2026-11-21 10:50"),
        ("0 9 * * 1-5", "2026-11-23 09:00"),
        ("0 9 * * 7", "2026-11-22 09:00"),
        ("0 9 1 * *", "2026-12-01 09:00"),
        ("0 9 1 * 1", "2026-11-23 09:00"),
        ("0 0 29 2 *", "2028-02-29 00:00"),
        ("10/20 * * * *", "2026-11-21 10:50"),
    ],
)
def test_cron_lines(line: str, expected: str) -> None:
    assert f"{Cron(line).first(NOW):%Y-%m-%d %H:%M}" == expected


@pytest.mark.parametrize(
    "line",
    ["* * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "a * * * *", "*/0 * * * *", "5-1 * * * *"],
)
def test_a_line_that_is_no_cron_line_is_refused(line: str) -> None:
    with pytest.raises(Problem):
        Cron(line)


def test_a_day_that_never_comes_is_refused_at_start() -> None:
    with pytest.raises(Problem):
        jobs.every(cron="0 0 31 2 *")(work.nothing)


def test_a_beat_is_kept_and_missed_times_are_skipped() -> None:
    hourly = Interval(timedelta(hours=1))
    last = NOW
    assert hourly.following(last, NOW + timedelta(seconds=5)) == NOW + timedelta(hours=1)
    assert hourly.following(last, NOW + timedelta(hours=7.5)) == NOW + timedelta(hours=8)


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> Iterator[HeldClock]:
    monkeypatch.setattr(schedule, "periodic", {})
    with hold_clock(NOW) as held:
        yield held


@pytest.mark.django_db
def test_downtime_is_caught_up_once(held: HeldClock) -> None:
    jobs.every(minutes=10)(work.nothing)
    schedule.plan()
    schedule.tick()
    assert Job.objects.count() == 1  # a new one is due at once
    Job.objects.update(status=Job.Status.DONE)
    held.forward(hours=5, minutes=3)
    schedule.tick()
    schedule.tick()
    assert Job.objects.filter(status=Job.Status.READY).count() == 1
    assert Schedule.objects.get().next_at == NOW + timedelta(hours=5, minutes=10)


@pytest.mark.django_db
def test_a_slow_periodic_task_does_not_pile_up(held: HeldClock) -> None:
    jobs.every(minutes=10)(work.nothing)
    schedule.plan()
    for _ in range(5):
        schedule.tick()
        held.forward(minutes=10)
    assert Job.objects.count() == 1


@pytest.mark.django_db
def test_a_rule_that_became_denser_is_heeded(held: HeldClock) -> None:
    jobs.every(cron="0 3 1 * *")(work.nothing)
    schedule.plan()
    jobs.every(minutes=10)(work.nothing)
    schedule.plan()
    assert Schedule.objects.get().next_at == NOW + timedelta(minutes=10)


@pytest.mark.django_db
def test_a_task_that_is_no_longer_periodic_is_forgotten(held: HeldClock) -> None:
    jobs.every(minutes=10)(work.nothing)
    schedule.plan()
    Schedule.objects.create(name="removed.from.the.code", next_at=NOW)
    held.forward(days=8)
    assert schedule.prune() == 1
    assert Schedule.objects.get().name == work.nothing.module_path
