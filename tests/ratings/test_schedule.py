"""When an account is read next: plain times."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from codetrack.ratings.services.schedule import (
    FIRST,
    LONGEST,
    SHORTEST,
    bursts,
    next_reading,
    next_recalculation,
    next_rhythm,
)
from tests.ratings.conftest import NOON

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def hours(*, news: bool, start: timedelta = FIRST, steps: int = 9) -> list[float]:
    """The rhythm after one reading and the next, each at its time."""
    found, rhythm = [], start
    for _ in range(steps):
        rhythm = next_rhythm(rhythm, rhythm, news=news)
        found.append(rhythm / HOUR)
    return found


def test_an_account_that_was_never_read_begins_with_three_hours() -> None:
    assert next_rhythm(None, None, news=True) == FIRST == 3 * HOUR


def test_nothing_new_makes_it_seldom_up_to_once_a_day() -> None:
    assert hours(news=False) == [5, 8, 12, 18, 24, 24, 24, 24, 24]
    assert LONGEST == DAY


def test_something_new_makes_it_often_up_to_once_an_hour() -> None:
    assert hours(news=True, start=LONGEST) == [12, 6, 3, 2, 1, 1, 1, 1, 1]
    assert SHORTEST == HOUR


def test_who_asks_for_a_refresh_six_times_a_minute_slows_nothing_down() -> None:
    assert next_rhythm(3 * HOUR, timedelta(seconds=10), news=False) == 3 * HOUR


def test_the_next_reading_comes_after_the_rhythm() -> None:
    assert next_reading(NOON, 5 * HOUR) == NOON + 5 * HOUR
    assert next_reading(NOON, 5 * HOUR, [NOON - HOUR, NOON, NOON + DAY]) == NOON + 5 * HOUR


def test_it_is_never_later_than_the_next_burst() -> None:
    soon = NOON + 2 * HOUR
    assert next_reading(NOON, 5 * HOUR, [NOON - HOUR, soon, NOON + 3 * HOUR]) == soon


def test_a_contest_is_looked_after_four_times() -> None:
    found = bursts([NOON], NOON - DAY, NOON + 30 * DAY)
    assert found == [NOON + HOUR, NOON + DAY, NOON + 3 * DAY, NOON + 7 * DAY]


def test_only_moments_to_come_are_bursts() -> None:
    ends = [NOON - 3 * DAY, NOON - 7 * DAY, NOON - HOUR / 2, NOON - HOUR]
    assert bursts(ends, NOON, NOON + DAY) == [
        NOON + HOUR / 2,
        NOON + DAY - HOUR,
        NOON + DAY - HOUR / 2,
    ]


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        (NOON, NOON + DAY),
        (NOON + HOUR, NOON + DAY),
        (NOON + DAY, NOON + 3 * DAY),
        (NOON + 4 * DAY, NOON + 7 * DAY),
        (NOON + 7 * DAY, None),
    ],
)
def test_ratings_are_read_again_after_a_day_three_and_seven(
    at: datetime, expected: datetime | None
) -> None:
    assert next_recalculation(NOON, at) == expected
