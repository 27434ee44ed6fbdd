"""The days of a heat map: weeks from left to right, Monday on top. No Django and no words here."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby

DAY, WEEK = timedelta(days=1), timedelta(days=7)
WEEKS = 53
STEPS = 4  # of colour, besides nothing
LEAST_TOP = 4  # the darkest step takes at least so much: one problem a day is not a storm
RARE = 10  # one active day in so many reaches the darkest step


@dataclass(frozen=True)
class Cell:
    day: date
    #: What is told of this day, nothing or something.
    text: str
    #: 0 for nothing, up to `STEPS`.
    level: int
    today: bool = False


@dataclass(frozen=True)
class Month:
    """So many weeks that begin in one month; `first` is the first Monday of them."""

    first: date
    weeks: int


@dataclass(frozen=True)
class Heat:
    """Seven rows of cells, Monday first; None stands for a day that is still to come."""

    rows: list[list[Cell | None]]
    months: list[Month]
    #: What takes the darkest step.
    top: int
    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days it shows."""
        return (self.last - self.first).days + 1


def first_day(today: date) -> date:
    """The Monday on which a heat map begins that ends today."""
    return today - today.weekday() * DAY - (WEEKS - 1) * WEEK


def draw(counts: Mapping[date, int], today: date, say: Callable[[date], str]) -> Heat:
    """The heat map of 53 weeks up to `today`; `say` tells a day in words.

    It goes on to tomorrow when there is something already: the days of a platform may be ahead.
    """
    first = first_day(today)
    last = max([today, *(day for day in counts if today < day <= today + DAY)])
    last = min(last, first + WEEKS * WEEK - DAY)
    top = top_of([number for day, number in counts.items() if first <= day <= last])
    days = [first + i * DAY for i in range(WEEKS * 7)]
    cells = [
        Cell(day, say(day), level(counts.get(day, 0), top), day == today) if day <= last else None
        for day in days
    ]
    months = groupby(days[::7], key=lambda day: (day.year, day.month))
    return Heat(
        rows=[cells[weekday::7] for weekday in range(7)],
        months=[_month(list(mondays)) for _, mondays in months],
        top=top,
        first=first,
        last=last,
    )


def top_of(numbers: list[int]) -> int:
    """What one active day in ten reaches: a single mad day does not bleach all others."""
    active = sorted(number for number in numbers if number > 0)
    return max(LEAST_TOP, active[-1 - len(active) // RARE] if active else 0)


def level(number: int, top: int) -> int:
    """The step of colour: anything has one, `top` and more the last."""
    if number <= 0:
        return 0
    return min(STEPS, 1 + (STEPS - 1) * (number - 1) // (top - 1))


def _month(mondays: list[date]) -> Month:
    return Month(mondays[0], len(mondays))
