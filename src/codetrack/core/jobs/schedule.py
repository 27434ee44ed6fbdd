"""Periodic tasks without a process for it: any worker that moves `next_at` enqueues the task."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any, Protocol

from django.db import transaction
from django.tasks import Task

from codetrack.core import clock
from codetrack.core.errors import Problem
from codetrack.core.jobs import backend
from codetrack.core.models import Schedule

#: What every worker does once a second besides: cheap, and safe to do by many at once.
each_second: list[Callable[[], object]] = []


class Rule(Protocol):
    """When a task is next due."""

    def first(self, now: datetime) -> datetime: ...

    def following(self, last: datetime, now: datetime) -> datetime:
        """The next time after `now`; `last` is the time that was just due."""


@dataclass(frozen=True, slots=True)
class Interval:
    """Every so often, at once when it is new; missed times are skipped, the beat is kept."""

    length: timedelta

    def first(self, now: datetime) -> datetime:
        return now

    def following(self, last: datetime, now: datetime) -> datetime:
        missed = max(0, (now - last) // self.length)
        return last + (missed + 1) * self.length


class Cron:
    """Five fields in UTC: minute, hour, day of month, month, day of week (0 and 7 are Sunday).

    Each is `*`, a number, a range `1-5`, a list `1,3`, or one of these with a step `*/15`. As ever,
    a day suits when either day field does, if both are given.
    """

    def __init__(self, text: str) -> None:
        fields = text.split()
        if len(fields) != 5:
            raise Problem(f"“{text}” has {len(fields)} fields; cron has five.")
        self.minutes = _values(fields[0], 0, 59)
        self.hours = _values(fields[1], 0, 23)
        self.days = _values(fields[2], 1, 31)
        self.months = _values(fields[3], 1, 12)
        self.weekdays = [day % 7 for day in _values(fields[4], 0, 7)]
        self.either = "*" not in (fields[2][0], fields[4][0])

    def first(self, now: datetime) -> datetime:
        return self.following(now, now)

    def following(self, last: datetime, now: datetime) -> datetime:
        start = now.replace(second=0, microsecond=0) + timedelta(minutes=1)
        for ahead in range(366 * 8 + 1):  # 29 February is at most eight years away
            day = start.date() + timedelta(days=ahead)
            if day.month in self.months and self._suits(day.day, day.isoweekday() % 7):
                for hour in self.hours:
                    for minute in self.minutes:
                        found = datetime.combine(day, time(hour, minute), start.tzinfo)
                        if found >= start:
                            return found
        raise Problem("This cron line names a day that never comes.")

    def _suits(self, day: int, weekday: int) -> bool:
        suits = (day in self.days, weekday in self.weekdays)
        return any(suits) if self.either else all(suits)


@dataclass(frozen=True, slots=True)
class Periodic:
    task: Task[..., Any]
    rule: Rule


periodic: dict[str, Periodic] = {}


def register(task: Task[..., Any], rule: Rule) -> None:
    """Repeat a task; for `jobs.every`."""
    rule.first(clock.now())  # a line that never comes fails here, at start
    periodic[task.module_path] = Periodic(task, rule)


def plan() -> int:
    """Give new periodic tasks their row, and bring forward those whose rule became denser.

    Returns how many periodic tasks there are.
    """
    now = clock.now()
    rows = [Schedule(name=name, next_at=it.rule.first(now)) for name, it in periodic.items()]
    Schedule.objects.bulk_create(rows, ignore_conflicts=True)
    for name, it in periodic.items():
        soon = it.rule.following(now, now)
        Schedule.objects.filter(name=name, next_at__gt=soon).update(next_at=soon)
    return len(periodic)


def prune() -> int:
    """Forget tasks that are no longer periodic; return how many."""
    week_ago = clock.now() - timedelta(days=7)
    return Schedule.objects.exclude(name__in=periodic).filter(next_at__lt=week_ago).delete()[0]


def tick() -> None:
    """Enqueue what is due. Many workers may do so at once: one of them moves the row."""
    now = clock.now()
    for due in Schedule.objects.filter(name__in=periodic, next_at__lte=now):
        it = periodic[due.name]
        with transaction.atomic():
            row = Schedule.objects.filter(name=due.name, next_at=due.next_at)
            if row.update(next_at=it.rule.following(due.next_at, now), last_at=now):
                backend.put(it.task, [], {}, key=f"every:{due.name}")


def _values(field: str, low: int, high: int) -> list[int]:
    """The sorted numbers that one field of a cron line allows."""
    chosen: set[int] = set()
    try:
        for part in field.split(","):
            span, _, step = part.partition("/")
            first, _, last = span.partition("-")
            if span == "*":
                first, last = str(low), str(high)
            elif step and not last:
                last = str(high)
            chosen.update(range(int(first), int(last or first) + 1, int(step or 1)))
    except ValueError as error:
        raise Problem(f"“{field}” is no field of a cron line.") from error
    if not chosen or min(chosen) < low or max(chosen) > high:
        raise Problem(f"“{field}” has to lie between {low} and {high}.")
    return sorted(chosen)
