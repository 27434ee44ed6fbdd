"""Days on which members solve something, and how many of them follow each other."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codetrack.ratings.models import CalendarDay, Handle, Problem, Solve
from codetrack.ratings.queries.days import DayCount, Days, Streaks, days, streaks

TODAY = date(2026, 11, 21)
UTC_PLACE = ZoneInfo("UTC")


def ago(*numbers: int) -> list[date]:
    return [TODAY - timedelta(days=number) for number in numbers]


@pytest.mark.parametrize(
    ("active", "expected"),
    [
        pytest.param([], Streaks(0, 0), id="never"),
        pytest.param(ago(0), Streaks(1, 1), id="today"),
        pytest.param(ago(1), Streaks(1, 1), id="alive-until-the-end-of-tomorrow"),
        pytest.param(ago(2), Streaks(0, 1), id="over"),
        pytest.param(ago(0, 1, 2), Streaks(3, 3), id="in-a-row"),
        pytest.param(ago(2, 0, 1, 1), Streaks(3, 3), id="in-any-order-and-said-twice"),
        pytest.param(ago(0, 1, 3, 4, 5, 6), Streaks(2, 4), id="a-longer-one-before"),
        pytest.param(ago(5, 6, 7), Streaks(0, 3), id="only-before"),
        pytest.param(ago(-1, 0, 1), Streaks(3, 3), id="the-platform-is-in-tomorrow"),
        pytest.param(
            [date(2025, 12, 31), date(2026, 1, 1)], Streaks(0, 2), id="over-the-end-of-a-year"
        ),
        pytest.param(
            [date(2024, 2, 28), date(2024, 2, 29), date(2024, 3, 1)],
            Streaks(0, 3),
            id="over-a-leap-day",
        ),
    ],
)
def test_streaks(active: list[date], expected: Streaks) -> None:
    assert streaks(active, TODAY) == expected


@given(st.sets(st.integers(0, 60)))
def test_a_streak_is_what_counting_finds(numbers: set[int]) -> None:
    runs = [
        next(n for n in range(100) if start + n not in numbers)
        for start in numbers
        if start - 1 not in numbers
    ]
    found = streaks(ago(*numbers), TODAY)
    assert found.longest == max(runs, default=0)
    assert found.current == _alive(numbers)


def _alive(numbers: set[int]) -> int:
    """Days in a row up to today, or up to yesterday."""
    start = min(numbers, default=9)
    return next(n for n in range(99) if start + n not in numbers) if start <= 1 else 0


@pytest.fixture
def handle(db: None) -> Handle:
    return make_handle()


def make_handle(platform: str = "codeforces", shown: str = "nila_v") -> Handle:
    at = datetime(2026, 11, 21, 12, tzinfo=UTC)
    return Handle.objects.create(platform=platform, canonical=shown, shown=shown, state_at=at)


def solve(handle: Handle, key: str, *when: int, twin: Problem | None = None) -> Problem:
    problem, _ = Problem.objects.get_or_create(
        platform=handle.platform, key=key, defaults={"title": key, "twin": twin}
    )
    year, month, day, hour, minute = (*when, 0, 0)[:5]
    at = datetime(year, month, day, hour, minute, tzinfo=UTC)
    Solve.objects.create(handle=handle, problem=problem, at=at)
    return problem


@pytest.mark.parametrize(
    ("zone", "when", "expected"),
    [
        ("UTC", (2026, 11, 20, 23, 59), date(2026, 11, 20)),
        ("Asia/Kolkata", (2026, 11, 20, 18, 29), date(2026, 11, 20)),
        ("Asia/Kolkata", (2026, 11, 20, 18, 30), date(2026, 11, 21)),
        ("America/Los_Angeles", (2026, 11, 21, 7, 59), date(2026, 11, 20)),
        ("Pacific/Auckland", (2026, 12, 31, 11, 0), date(2027, 1, 1)),
        ("Europe/Lisbon", (2026, 3, 28, 23, 59), date(2026, 3, 28)),  # 23 hours, the day after
        ("Europe/Lisbon", (2026, 3, 29, 22, 59), date(2026, 3, 29)),
        ("Europe/Lisbon", (2026, 3, 29, 23, 0), date(2026, 3, 30)),
        ("Europe/Lisbon", (2026, 10, 25, 23, 59), date(2026, 10, 25)),  # 25 hours
        ("Europe/Lisbon", (2026, 10, 24, 23, 0), date(2026, 10, 25)),
    ],
)
def test_a_problem_counts_on_the_day_it_was_where_the_member_lives(
    handle: Handle, zone: str, when: tuple[int, ...], expected: date
) -> None:
    solve(handle, "8001-A", *when)
    assert days([handle.pk], ZoneInfo(zone)) == Days({expected: DayCount(solved=1)})


def test_problems_of_a_day_are_added_up(handle: Handle) -> None:
    for key in ("8001-A", "8001-B", "8002-A"):
        solve(handle, key, 2026, 11, 20, 10)
    assert days([handle.pk], UTC_PLACE).counts == {date(2026, 11, 20): DayCount(solved=3)}


def test_a_problem_listed_twice_counts_on_the_first_day_only(handle: Handle) -> None:
    first = solve(handle, "8001-C", 2026, 11, 20, 10)
    solve(handle, "8002-A", 2026, 11, 18, 10, twin=first)
    assert days([handle.pk], UTC_PLACE).counts == {date(2026, 11, 18): DayCount(solved=1)}


def test_two_accounts_have_each_their_own_first_time(handle: Handle) -> None:
    other = make_handle(shown="tomas_l")
    solve(handle, "8001-A", 2026, 11, 20, 10)
    solve(other, "8001-A", 2026, 11, 20, 10)
    assert days([handle.pk, other.pk], UTC_PLACE).counts == {date(2026, 11, 20): DayCount(solved=2)}


def test_a_platform_with_a_calendar_counts_by_it_and_not_by_what_it_lists(handle: Handle) -> None:
    there = make_handle("leetcode", "nilavarent")
    solve(there, "two-sum", 2026, 11, 20, 10)
    solve(handle, "8001-A", 2026, 11, 20, 10)
    for day, number in ((TODAY, 5), (date(2026, 11, 20), 2), (date(2026, 11, 19), 0)):
        CalendarDay.objects.create(handle=there, day=day, submissions=number)
    found = days([handle.pk, there.pk], ZoneInfo("Asia/Kolkata"))
    assert found.counts == {
        TODAY: DayCount(submitted=5),
        date(2026, 11, 20): DayCount(solved=1, submitted=2),
    }
    assert found.by_calendar == {there.pk}
    assert found.counts[date(2026, 11, 20)].total == 3


def test_days_of_others_are_none_of_ours(handle: Handle) -> None:
    solve(make_handle(shown="tomas_l"), "8001-A", 2026, 11, 20, 10)
    assert days([handle.pk], UTC_PLACE) == Days()
    assert days([], UTC_PLACE) == Days()


def test_a_part_of_the_days_has_both_its_ends(handle: Handle) -> None:
    for day in range(17, 22):
        solve(handle, f"8001-{day}", 2026, 11, day)
    part = days([handle.pk], UTC_PLACE).between(date(2026, 11, 18), date(2026, 11, 20))
    assert [day.day for day in sorted(part.counts)] == [18, 19, 20]
