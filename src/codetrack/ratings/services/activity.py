"""What platforms count themselves: submissions by day, solved problems by topic."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from codetrack.platforms.base import Activity
from codetrack.ratings.models import CalendarDay
from codetrack.ratings.services.bulk import lock, save_all


def apply_activity(*, read: Mapping[int, Activity], at: datetime) -> None:
    """Write what was read at `at` of handles (by primary key).

    The number of a day only grows, and a day that the platform lists no more is kept; no topics
    at all leave those that are known.
    """
    if not read:
        return
    with transaction.atomic():
        handles = [
            handle
            for handle in lock(read)
            if handle.attempts_read_at is None or handle.attempts_read_at <= at
        ]
        told = {handle.pk: read[handle.pk] for handle in handles}
        _write_days(told)
        other = [one for one in handles if (read[one.pk].topics or one.topics) != one.topics]
        for handle in other:
            handle.topics = dict(read[handle.pk].topics)
        save_all(other, ["topics"])


def _write_days(told: Mapping[int, Activity]) -> None:
    days = {day for activity in told.values() for day in activity.days}
    if not days:
        return
    rows = CalendarDay.objects.filter(handle__in=told, day__range=(min(days), max(days)))
    stored = {
        (handle, day): n for handle, day, n in rows.values_list("handle", "day", "submissions")
    }
    CalendarDay.objects.bulk_create(
        [
            CalendarDay(handle_id=pk, day=day, submissions=count)
            for pk, activity in told.items()
            for day, count in activity.days.items()
            if count > stored.get((pk, day), 0)
        ],
        update_conflicts=True,
        unique_fields=["handle", "day"],
        update_fields=["submissions"],
    )
