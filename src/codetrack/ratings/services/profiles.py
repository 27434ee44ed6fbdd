"""What one reading of many profiles says: snapshots, states, when to read again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

import structlog
from django.db import transaction

from codetrack.core import events, jobs
from codetrack.platforms.base import PlatformError, Profile, RateLimited
from codetrack.ratings.events import HandleGone, HandleRead
from codetrack.ratings.models import Handle, HandleQuerySet, Snapshot
from codetrack.ratings.services.bulk import save_all
from codetrack.ratings.services.renames import follow_rename
from codetrack.ratings.troubles import state_of

log = structlog.get_logger(__name__)

OFTEN, SELDOM = timedelta(hours=3), timedelta(hours=12)
LATELY = timedelta(days=14)  # who was there within this time is read often
FIRST_RETRY, LAST_RETRY = timedelta(minutes=5), timedelta(hours=6)
CONFIRM_AFTER = timedelta(minutes=10)  # an account is gone when denied twice, this far apart
GONE_RETRY = timedelta(days=2)
HELD = timedelta(minutes=30)  # a planned reading that never happened is planned again
AT_ONCE = 5_000  # accounts one job reads

STATE_FIELDS = ["state", "state_at", "error", "failures", "missing_at", "asked_at", "next_sync_at"]
TOLD = ["rating", "max_rating", "rank_name", "max_rank_name", "contests", "solved"]
PROFILE_FIELDS = [*STATE_FIELDS, "canonical", "shown", "fresh_at", "active_at", "current"]


def plan_reading(*, at: datetime) -> int:
    """Enqueue the reading of every account that is due; returns how many there are.

    The next time is moved in the transaction of the jobs, so a second call plans nothing twice.
    """
    with transaction.atomic():
        by_platform: dict[str, list[int]] = {}
        due = Handle.objects.due(at).select_for_update(of=("self",), skip_locked=True)
        for pk, platform in due.values_list("pk", "platform"):
            by_platform.setdefault(platform, []).append(pk)
        for platform, pks in by_platform.items():
            Handle.objects.filter(pk__in=pks).update(next_sync_at=at + HELD)
            for start in range(0, len(pks), AT_ONCE):
                jobs.later("ratings.sync_handles", platform, pks[start : start + AT_ONCE])
    return sum(map(len, by_platform.values()))


def apply_profiles(*, found: Mapping[int, Profile | PlatformError], at: datetime) -> None:
    """Write what was read at `at` of each handle (by primary key): a profile, or its own error.

    An error keeps the last good data. A handle that was read later than `at` is left alone.
    """
    with transaction.atomic():
        handles = [
            handle
            for handle in lock(found).select_related("current")
            if handle.fresh_at is None or handle.fresh_at <= at
        ]
        profiles = {pk: one for pk, one in found.items() if isinstance(one, Profile)}
        errors = {pk: one for pk, one in found.items() if isinstance(one, PlatformError)}
        good = [handle for handle in handles if handle.pk in profiles]
        told = [handle for handle in good if not _is_known(handle, profiles[handle.pk], at)]
        _confirm(set(good) - set(told), at)
        _write_snapshots(told, profiles, at)
        for handle in told:
            _note_profile(handle, profiles[handle.pk], at)
        bad = [handle for handle in handles if handle.pk in errors]
        for handle in bad:
            _note_error(handle, errors[handle.pk], at)
        save_all([*told, *bad], PROFILE_FIELDS)


def record_failure(*, handles: Collection[int], error: PlatformError, at: datetime) -> None:
    """Say of every handle that it could not be read at `at`, and why; its data stays as it is."""
    with transaction.atomic():
        rows = [row for row in lock(handles) if row.fresh_at is None or row.fresh_at <= at]
        for handle in rows:
            _note_error(handle, error, at)
        save_all(rows, STATE_FIELDS)
    log.warning("ratings.not_read", accounts=len(rows), error=error.message)


def lock(pks: Iterable[int]) -> HandleQuerySet:
    """The rows of these handles, locked in one order so that two jobs never wait for each other."""
    rows = Handle.objects.filter(pk__in=list(pks)).order_by("pk")
    return rows.select_for_update(of=("self",))


def _is_known(handle: Handle, profile: Profile, at: datetime) -> bool:
    """Nothing of this profile is new, and today has its snapshot: true of most accounts."""
    last = handle.current
    if last is None or last.day != at.date() or handle.state != Handle.State.OK:
        return False
    if profile.active_at and (handle.active_at is None or profile.active_at > handle.active_at):
        return False
    fresh = _snapshot(handle, profile, at)
    same = all(getattr(last, name) == getattr(fresh, name) for name in TOLD)
    return same and handle.shown == profile.handle


def _confirm(handles: Iterable[Handle], at: datetime) -> None:
    """What was known is as fresh as this reading: a few statements for thousands of accounts."""
    by_wait: dict[timedelta, list[Handle]] = {}
    for handle in handles:
        by_wait.setdefault(_wait(handle, at), []).append(handle)
    for wait, rows in by_wait.items():
        snapshots = Snapshot.objects.filter(pk__in=[row.current_id for row in rows])
        snapshots.update(fetched_at=at)
        confirmed = Handle.objects.filter(pk__in=[row.pk for row in rows])
        confirmed.update(fresh_at=at, asked_at=None, next_sync_at=at + wait)


def _wait(handle: Handle, at: datetime) -> timedelta:
    active = handle.active_at is None or handle.active_at > at - LATELY
    return OFTEN if active else SELDOM


def _write_snapshots(handles: list[Handle], profiles: Mapping[int, Profile], at: datetime) -> None:
    """One row a day; the counts that the profile does not tell are carried on from the last one."""
    rows = [_snapshot(handle, profiles[handle.pk], at) for handle in handles]
    Snapshot.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["handle", "day"],
        update_fields=["fetched_at", *TOLD],
    )
    for handle, row in zip(handles, rows, strict=True):
        handle.current = row


def _snapshot(handle: Handle, profile: Profile, at: datetime) -> Snapshot:
    last = handle.current
    solved = last.solved if last else None
    return Snapshot(
        handle=handle,
        day=at.date(),
        fetched_at=at,
        rating=profile.rating,
        max_rating=profile.max_rating,
        rank_name=profile.rank_name or "",
        max_rank_name=profile.max_rank_name or "",
        contests=last.contests if last else 0,
        solved=solved if profile.solved is None else profile.solved,
    )


def _note_profile(handle: Handle, profile: Profile, at: datetime) -> None:
    if handle.fresh_at is None:
        read = HandleRead(handle_id=handle.pk, platform=handle.platform)
        events.record(read, subject=handle)
    follow_rename(handle, profile.handle)
    _set_state(handle, Handle.State.OK, at)
    handle.error, handle.failures, handle.missing_at = "", 0, None
    handle.fresh_at = at
    handle.active_at = max(filter(None, (handle.active_at, profile.active_at)), default=None)
    handle.asked_at = None
    handle.next_sync_at = at + _wait(handle, at)


def _note_error(handle: Handle, error: PlatformError, at: datetime) -> None:
    planned = _planned_try(handle, at)
    handle.failures += planned is None
    handle.error = error.message[:300]
    handle.asked_at = None
    state = state_of(error)
    if state == Handle.State.GONE:
        _note_denial(handle, at)
        return
    _set_state(handle, state, at)
    wait = min(LAST_RETRY, FIRST_RETRY * 2 ** min(handle.failures - 1, 10))
    named = error.retry_after if isinstance(error, RateLimited) else None
    handle.next_sync_at = max(planned or at + wait, at + timedelta(seconds=named or 0))


def _planned_try(handle: Handle, at: datetime) -> datetime | None:
    """When a failing account is tried again by itself, if a member asked before that time."""
    if not handle.failures or handle.asked_at is None or handle.next_sync_at is None:
        return None
    return handle.next_sync_at if handle.next_sync_at > at else None


def _note_denial(handle: Handle, at: datetime) -> None:
    """The platform says that there is no such account. Of one with data it has to say so twice."""
    handle.missing_at = handle.missing_at or at
    if handle.fresh_at is not None and at - handle.missing_at < CONFIRM_AFTER:
        _set_state(handle, Handle.State.STALE, at)
        handle.next_sync_at = handle.missing_at + CONFIRM_AFTER
        return
    if handle.state != Handle.State.GONE:
        gone = HandleGone(handle_id=handle.pk, platform=handle.platform)
        events.record(gone, subject=handle)
    _set_state(handle, Handle.State.GONE, at)
    handle.next_sync_at = at + GONE_RETRY


def _set_state(handle: Handle, state: Handle.State, at: datetime) -> None:
    if handle.state != state:
        handle.state, handle.state_at = state, at
