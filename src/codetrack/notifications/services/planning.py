"""When deliveries go out: at once but for a moment in which others may join, or in a digest."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from codetrack.accounts import zones
from codetrack.accounts.models import User
from codetrack.core import jobs, notices
from codetrack.notifications import timing
from codetrack.notifications.models import Delivery, Timetable


def due(how: str, at: datetime, zone: ZoneInfo, timetable: Timetable) -> datetime:
    """When what happens at `at` is to be told in this way."""
    if how == notices.NOW:
        joined = at + timedelta(seconds=settings.NOTICES_JOIN_SECONDS)
        return timing.after_quiet(joined, zone, timetable.quiet)
    weekday = timetable.digest_weekday if how == notices.WEEKLY else None
    return timing.next_digest(at, zone, hour=timetable.digest_hour, weekday=weekday)


def plan(delivery: Delivery) -> None:
    """Have a delivery handed over when it is due; belongs to the caller's transaction."""
    jobs.later(
        "notifications.deliver",
        delivery.pk,
        key=f"notifications:delivery:{delivery.pk}",
        run_after=delivery.due_at,
    )


def after_quiet(delivery: Delivery, at: datetime) -> datetime:
    """`at`, or the end of the quiet hours of its member; those of digests are the digest's own."""
    if delivery.how != notices.NOW:
        return at
    return timing.after_quiet(at, zone_of(delivery.member), _timetable(delivery.member).quiet)


def plan_again(members: Collection[int]) -> None:
    """What is held for these members follows their new hours, or their new time zone.

    Of a delivery that is due later than its job, the job itself finds out and waits again.
    """
    held = Delivery.objects.filter(member__in=members, state=Delivery.State.HELD)
    rows = held.select_related("member__notice_timetable").select_for_update(of=("self",))
    for row in rows.order_by("pk"):
        row.due_at = due(row.how, row.created_at, zone_of(row.member), _timetable(row.member))
        row.save(update_fields=["due_at"])
        plan(row)


def _timetable(member: User | None) -> Timetable:
    return getattr(member, "notice_timetable", None) or Timetable()


def zone_of(member: User | None) -> ZoneInfo:
    return zones.zone(member.time_zone if member else "UTC")
