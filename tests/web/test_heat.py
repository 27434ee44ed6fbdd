"""The days of the heat map."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codetrack.web.heat import STEPS, WEEKS, Cell, Heat, draw, level, top_of

FRIDAY = date(2026, 11, 20)
DAY = timedelta(days=1)


def heat(counts: Mapping[date, int] | None = None, today: date = FRIDAY) -> Heat:
    return draw(counts or {}, today, lambda day: f"{(counts or {}).get(day, 0)} on {day}")


def cells(drawn: Heat) -> dict[date, Cell]:
    return {cell.day: cell for row in drawn.rows for cell in row if cell}


@given(st.dates(date(1990, 1, 1), date(2100, 1, 1)))
def test_every_day_of_53_weeks_is_there_once(today: date) -> None:
    drawn = heat(today=today)
    days = sorted(cells(drawn))
    assert [len(row) for row in drawn.rows] == [WEEKS] * 7
    assert days == [drawn.first + i * DAY for i in range(drawn.days)]
    assert (days[0].weekday(), days[-1]) == (0, today)
    assert 366 <= drawn.days + 1 <= 372
    assert sum(month.weeks for month in drawn.months) == WEEKS


def test_rows_are_weekdays_with_monday_first() -> None:
    for weekday, row in enumerate(heat().rows):
        assert {cell.day.weekday() for cell in row if cell} == {weekday}


def test_days_to_come_are_no_days() -> None:
    drawn = heat()
    assert drawn.rows[4][-1] == Cell(FRIDAY, f"0 on {FRIDAY}", 0, today=True)
    assert drawn.rows[5][-1] is None
    assert drawn.last == FRIDAY


def test_a_platform_may_be_in_tomorrow_already() -> None:
    drawn = heat({FRIDAY + DAY: 2, FRIDAY + 2 * DAY: 5})
    assert drawn.last == FRIDAY + DAY
    assert drawn.rows[5][-1] == Cell(FRIDAY + DAY, f"2 on {FRIDAY + DAY}", 2)
    assert drawn.rows[6][-1] is None


def test_tomorrow_that_begins_another_week_waits_for_it() -> None:
    sunday = date(2026, 11, 22)
    assert heat({sunday + DAY: 2}, today=sunday).last == sunday


def test_a_month_has_the_weeks_that_begin_in_it() -> None:
    months = heat().months
    assert (months[0].first, months[0].weeks) == (date(2025, 11, 17), 2)
    assert (months[1].first, months[1].weeks) == (date(2025, 12, 1), 5)
    assert len({(month.first.year, month.first.month) for month in months}) == len(months) == 13


@pytest.mark.parametrize(
    ("numbers", "top"),
    [([], 4), ([1, 1, 2], 4), ([9], 9), ([1] * 9 + [50], 4), ([8] * 9 + [50, 0, 0], 8)],
)
def test_the_darkest_step_is_for_the_busiest_tenth(numbers: list[int], top: int) -> None:
    assert top_of(numbers) == top


@pytest.mark.parametrize(
    ("number", "top", "step"),
    [(0, 4, 0), (1, 4, 1), (2, 4, 2), (4, 4, 4), (1, 8, 1), (4, 8, 2), (7, 8, 3), (9, 8, 4)],
)
def test_steps(number: int, top: int, step: int) -> None:
    assert level(number, top) == step


@given(st.integers(4, 500), st.integers(1, 1000))
def test_more_is_never_lighter_and_anything_is_not_nothing(top: int, number: int) -> None:
    assert 1 <= level(number, top) <= level(number + 1, top) <= STEPS
    assert level(top, top) == STEPS
