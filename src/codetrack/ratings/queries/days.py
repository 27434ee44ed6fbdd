"""On which days somebody was at work, and for how many in a row."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Count, Exists, F, OuterRef, QuerySet, Window
from django.db.models.functions import Coalesce, RowNumber, TruncDate

from codetrack.ratings.models import CalendarDay, Solve

DAY = timedelta(days=1)


@dataclass(frozen=True)
class DayCount:
    """`submitted` is what platforms with a calendar of their own count, not what we saw solved."""

    solved: int = 0
    submitted: int = 0

    @property
    def total(self) -> int:
        return self.solved + self.submitted


@dataclass(frozen=True)
class Days:
    """The days of some handles on which there was anything."""

    counts: Mapping[date, DayCount] = field(default_factory=dict)
    #: The handles whose own calendar counts: their days are those of `Platform.calendar_zone`.
    by_calendar: frozenset[int] = frozenset()

    def between(self, first: date, last: date) -> Days:
        """Those from `first` to `last`, both included."""
        kept = {day: n for day, n in self.counts.items() if first <= day <= last}
        return replace(self, counts=kept)


@dataclass(frozen=True)
class Streaks:
    """Numbers of days in a row."""

    current: int = 0
    longest: int = 0


def days(handles: Collection[int], zone: ZoneInfo) -> Days:
    """All days of these handles; what has a time is counted on the day it was in `zone`.

    A handle that has a calendar counts by it alone; of any other, each problem counts once.
    """
    counts = {day: DayCount(solved=number) for day, number in _solved_by_day(handles, zone)}
    calendar = CalendarDay.objects.filter(handle__in=handles, submissions__gt=0)
    by_calendar = set()
    for handle, day, number in calendar.values_list("handle", "day", "submissions"):
        before = counts.get(day, DayCount())
        counts[day] = replace(before, submitted=before.submitted + number)
        by_calendar.add(handle)
    return Days(counts, frozenset(by_calendar))


def streaks(active: Iterable[date], today: date) -> Streaks:
    """How many days in a row, at present and at best.

    The present row is alive until the end of the day after its last one: what was not done today
    may still be. A platform's day may already be tomorrow.
    """
    longest = run = 0
    last: date | None = None
    for day in sorted(set(active)):
        run = run + 1 if last is not None and day - last == DAY else 1
        longest, last = max(longest, run), day
    alive = last is not None and last >= today - DAY
    return Streaks(run if alive else 0, longest)


def first_solves(handles: Collection[int]) -> QuerySet[Solve]:
    """Each problem once: of a problem that the platform lists twice, the one solved first."""
    original = Coalesce("problem__twin", "problem")
    place = Window(
        RowNumber(), partition_by=[F("handle"), original], order_by=[F("at").asc(), F("pk").asc()]
    )
    first = Solve.objects.filter(handle__in=handles).annotate(place=place).filter(place=1)
    return Solve.objects.filter(pk__in=first.values("pk"))


def _solved_by_day(handles: Collection[int], zone: ZoneInfo) -> QuerySet[Solve, tuple[date, int]]:
    has_calendar = Exists(CalendarDay.objects.filter(handle=OuterRef("handle"), submissions__gt=0))
    return (
        first_solves(handles)
        .exclude(has_calendar)
        .annotate(day=TruncDate("at", tzinfo=zone))
        .values_list("day")
        .annotate(number=Count("pk"))
    )
