"""Which platforms are asked now, and when each account is read again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta

from django.db import transaction

from codetrack.core import jobs
from codetrack.platforms.base import Platform
from codetrack.ratings import adapters
from codetrack.ratings.models import Contest, Handle, RatingChange
from codetrack.ratings.services.schedule import LONGEST, bursts, next_reading, next_rhythm

TAKES_PART = timedelta(days=120)  # who was in a rated contest within this time is in the next one
LONGEST_CONTEST = timedelta(days=30)
OUTAGE = [Handle.State.STALE, Handle.State.BLOCKED]
RESUMED_WITHIN = timedelta(minutes=10)


def plan_reading(*, at: datetime) -> list[str]:
    """Enqueue the reading of every platform that has something to be read; returns their keys.

    What that is stands in the rows of the accounts. So a call while the job waits or runs changes
    nothing, and no reading is lost with a job.
    """
    wanted = [one.key for one in adapters.enabled() if has_work(platform=one, at=at)]
    with transaction.atomic():
        for platform in wanted:
            continue_reading(platform=platform)
    return wanted


def has_work(*, platform: type[Platform], at: datetime) -> bool:
    """An account of this platform is due, or some of what its profile announces is not read."""
    rows = Handle.objects.filter(platform=platform.key)
    parts = [
        rows.due(at),
        rows.claimed().history_wanted(again=not platform.gives_rounds),
        rows.claimed().attempts_wanted(),
    ]
    return any(part.exists() for part in parts)


def continue_reading(*, platform: str) -> None:
    """Enqueue the reading of the next accounts of a platform: at most one such job waits."""
    jobs.later("ratings.sync_platform", platform, key=f"ratings:sync:{platform}")


def set_times(handles: Collection[Handle], at: datetime, news: Collection[int]) -> None:
    """Give handles that are read well at `at` their rhythm and their next time; saves nothing.

    `news` are the primary keys of those with something new.
    """
    if not handles:
        return
    moments = _bursts(next(iter(handles)).platform, at)
    taking_part = _taking_part(handles, at) if moments else set()
    for handle in handles:
        waited = at - handle.fresh_at if handle.fresh_at else None
        handle.rhythm = next_rhythm(handle.rhythm, waited, news=handle.pk in news)
        own = moments if handle.pk in taking_part else ()
        handle.next_sync_at = next_reading(at, handle.rhythm, own)


def end_outage(platform: str, at: datetime) -> None:
    """The platform answers again: what waits longer and longer since it did not is read soon.

    Rows that somebody else has in hand are left: they are being read anyway.
    """
    soon = at + RESUMED_WITHIN
    waiting = Handle.objects.filter(
        platform=platform, state__in=OUTAGE, missing_at=None, next_sync_at__gt=soon
    )
    with transaction.atomic():
        free = waiting.order_by("pk").select_for_update(skip_locked=True)
        pks = list(free.values_list("pk", flat=True))
        Handle.objects.filter(pk__in=pks).update(next_sync_at=soon)


def _bursts(platform: str, at: datetime) -> Sequence[datetime]:
    held = Contest.objects.filter(
        platform=platform,
        starts_at__range=(at - LONGEST_CONTEST, at + LONGEST),
        duration__lte=LONGEST_CONTEST,
    )
    ends = [
        start + duration
        for start, duration in held.values_list("starts_at", "duration")
        if start and duration
    ]
    return bursts(ends, at, at + LONGEST)


def _taking_part(handles: Collection[Handle], at: datetime) -> set[int]:
    lately = RatingChange.objects.filter(
        handle__in=[handle.pk for handle in handles], at__gt=at - TAKES_PART
    )
    return set(lately.values_list("handle", flat=True).distinct())
