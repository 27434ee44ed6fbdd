"""What one reading of many profiles says: snapshots, states, when to read again."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta

import structlog
from django.db import transaction

from codetrack.core import events
from codetrack.platforms.base import PlatformError, Profile, RateLimited
from codetrack.ratings.events import (
    HandleGone,
    HandleHidden,
    HandleRead,
    PlatformBlocked,
    ProblemsSolved,
)
from codetrack.ratings.models import Handle, Snapshot
from codetrack.ratings.services.activity import apply_activity
from codetrack.ratings.services.audience import Audience
from codetrack.ratings.services.bulk import lock, save_all
from codetrack.ratings.services.history import apply_history
from codetrack.ratings.services.plans import OUTAGE, end_outage, set_times
from codetrack.ratings.services.renames import follow_rename, namesakes
from codetrack.ratings.services.telling import tell_numbers
from codetrack.ratings.troubles import state_of

log = structlog.get_logger(__name__)

FIRST_RETRY, LAST_RETRY = timedelta(minutes=5), timedelta(hours=6)
CONFIRM_AFTER = timedelta(minutes=10)  # an account is gone when denied twice, this far apart
GONE_RETRY = timedelta(days=2)
PRIVATE_RETRY = timedelta(days=1)

STATE_FIELDS = ["state", "state_at", "error", "failures", "missing_at", "asked_at", "next_sync_at"]
NEWS = ["rating", "max_rating", "provisional", "contests", "solved"]
TOLD = [*NEWS, "rank_name", "max_rank_name", "global_rank", "country_rank", "solved_by"]
SHOWN = ["rating", "solved", "solved_by"]  # what stands on a board
PROFILE_FIELDS = [
    *STATE_FIELDS,
    "canonical",
    "shown",
    "fresh_at",
    "active_at",
    "mark",
    "rhythm",
    "current",
]


def apply_profiles(*, found: Mapping[int, Profile | PlatformError], at: datetime) -> None:
    """Write what was read at `at` of each handle (by primary key): a profile, or its own error.

    All handles are of one platform. An error keeps the last good data. A handle that was read
    later than `at` is left alone.
    """
    with transaction.atomic():
        handles = [
            handle
            for handle in lock({*found, *namesakes(found)}).prefetch_related("current")
            if handle.pk in found and (handle.fresh_at is None or handle.fresh_at <= at)
        ]
        profiles = {
            row.pk: _believed(row, one)
            for row in handles
            if isinstance(one := found[row.pk], Profile)
        }
        good = [handle for handle in handles if handle.pk in profiles]
        ended = [handle.platform for handle in good if handle.state in OUTAGE and handle.failures]
        audience = Audience(handles)
        kept = _apply_good(good, profiles, at, audience)
        errors = {pk: one for pk, one in found.items() if isinstance(one, PlatformError)}
        bad = [handle for handle in handles if handle.pk in errors]
        for handle in bad:
            _note_error(handle, errors[handle.pk], at, audience)
        _tell_blocked(bad)
        save_all(bad, STATE_FIELDS)
        _apply_carried({pk: profiles[pk] for pk in kept}, at)
    if ended:
        end_outage(ended[0], at)


def record_failure(*, handles: Collection[int], error: PlatformError, at: datetime) -> None:
    """Say of every handle that it could not be read at `at`, and why; its data stays as it is."""
    with transaction.atomic():
        rows = [row for row in lock(handles) if row.fresh_at is None or row.fresh_at <= at]
        audience = Audience(rows)
        for handle in rows:
            _note_error(handle, error, at, audience)
        _tell_blocked(rows)
        save_all(rows, STATE_FIELDS)
    log.warning("ratings.not_read", accounts=len(rows), error=error.message)


def _apply_good(
    handles: list[Handle], profiles: Mapping[int, Profile], at: datetime, audience: Audience
) -> list[int]:
    """Write profiles; returns the primary keys of the handles that are still there afterwards."""
    news = {handle.pk for handle in handles if _has_news(handle, profiles[handle.pk], at)}
    set_times(handles, at, news)
    known = {row.pk for row in handles if row.pk not in news and _is_known(row, profiles, at)}
    confirmed = [handle for handle in handles if handle.pk in known]
    told = [handle for handle in handles if handle.pk not in known]
    _confirm(confirmed, at)
    snapshots = _write_snapshots(told, profiles, at)
    moved = [
        handle
        for handle, snapshot in zip(told, snapshots, strict=True)
        if _differs_untold(handle, profiles[handle.pk], snapshot)
    ]
    more = {handle.pk: _solved_since(handle, profiles[handle.pk]) for handle in told}
    absorbed: set[int] = set()
    for handle, snapshot in zip(told, snapshots, strict=True):
        if handle.pk not in absorbed:
            profile = profiles[handle.pk]
            absorbed.update(_note_profile(handle, profile, snapshot, at, audience))
    kept = [handle for handle in told if handle.pk not in absorbed]
    save_all(kept, PROFILE_FIELDS)
    _tell_solved(kept, more, audience)
    tell_numbers(handle for handle in moved if handle.pk not in absorbed)
    return [handle.pk for handle in handles if handle.pk not in absorbed]


def _apply_carried(profiles: Mapping[int, Profile], at: datetime) -> None:
    """The history and the activity of profiles that carry them."""
    histories = {pk: one.history for pk, one in profiles.items() if one.history is not None}
    if histories:
        apply_history(read=histories, at=at)
    activities = {pk: one.activity for pk, one in profiles.items() if one.activity is not None}
    if activities:
        apply_activity(read=activities, at=at)


def _believed(handle: Handle, told: Profile) -> Profile:
    """A rating does not vanish while its contests are here: it was left out of this answer."""
    last = handle.current
    if told.rating is not None or handle.history_rating is None or last is None:
        return told
    return replace(
        told,
        rating=last.rating,
        max_rating=last.max_rating,
        rank_name=last.rank_name,
        max_rank_name=last.max_rank_name,
        provisional=last.provisional,
    )


def _has_news(handle: Handle, profile: Profile, at: datetime) -> bool:
    """Its owner has been there, or has come further. Places among others move by themselves."""
    if handle.current is None or handle.mark != profile.mark:
        return True
    if profile.active_at and (handle.active_at is None or profile.active_at > handle.active_at):
        return True
    return _differs(handle.current, _snapshot(handle, profile, at), NEWS)


def _is_known(handle: Handle, profiles: Mapping[int, Profile], at: datetime) -> bool:
    """All of this is written already, and today has its snapshot: true of most accounts."""
    last, profile = handle.current, profiles[handle.pk]
    if last is None or last.day != at.date() or handle.state != Handle.State.OK:
        return False
    same = not _differs(last, _snapshot(handle, profile, at), TOLD)
    return same and handle.shown == profile.handle


def _differs(one: Snapshot, other: Snapshot, names: Iterable[str]) -> bool:
    return any(getattr(one, name) != getattr(other, name) for name in names)


def _confirm(handles: Iterable[Handle], at: datetime) -> None:
    """What was known is as fresh as this reading: a few statements for thousands of accounts."""
    alike: dict[tuple[timedelta | None, datetime | None], list[Handle]] = {}
    for handle in handles:
        alike.setdefault((handle.rhythm, handle.next_sync_at), []).append(handle)
    for (rhythm, next_sync_at), rows in alike.items():
        snapshots = Snapshot.objects.filter(pk__in=[row.current_id for row in rows])
        snapshots.update(fetched_at=at)
        confirmed = Handle.objects.filter(pk__in=[row.pk for row in rows])
        confirmed.update(fresh_at=at, asked_at=None, rhythm=rhythm, next_sync_at=next_sync_at)


def _write_snapshots(
    handles: list[Handle], profiles: Mapping[int, Profile], at: datetime
) -> list[Snapshot]:
    """One row a day; what a profile does not tell is carried on from the last one."""
    rows = [_snapshot(handle, profiles[handle.pk], at) for handle in handles]
    return Snapshot.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["handle", "day"],
        update_fields=["fetched_at", *TOLD],
    )


def _snapshot(handle: Handle, profile: Profile, at: datetime) -> Snapshot:
    last = handle.current or Snapshot()
    return Snapshot(
        handle=handle,
        day=at.date(),
        fetched_at=at,
        rating=profile.rating,
        max_rating=_highest(profile, last),
        rank_name=profile.rank_name or "",
        max_rank_name=profile.max_rank_name or "",
        provisional=profile.provisional,
        global_rank=profile.global_rank,
        country_rank=profile.country_rank,
        contests=last.contests if profile.contests is None else profile.contests,
        solved=last.solved if profile.solved is None else profile.solved,
        solved_by=dict(profile.solved_by) or last.solved_by,
    )


def _highest(profile: Profile, last: Snapshot) -> int | None:
    """Where it is not told, what the history said, unless this rating is higher."""
    if profile.max_rating is not None or profile.rating is None:
        return profile.max_rating
    return max(profile.rating, last.max_rating or profile.rating)


def _note_profile(
    handle: Handle, profile: Profile, snapshot: Snapshot, at: datetime, audience: Audience
) -> list[int]:
    """Take over what a profile says; returns the handles that were found to be this account."""
    if handle.fresh_at is None:
        read = HandleRead(handle_id=handle.pk, platform=handle.platform)
        events.record(read, subject=handle, topics=audience.of(handle))
    absorbed = follow_rename(handle, profile.handle, audience)
    handle.current = snapshot
    handle.fresh_at = at
    _note_visit(handle, profile, at)
    _set_state(handle, Handle.State.OK, at)
    handle.error, handle.missing_at, handle.asked_at = "", None, None
    if not (handle.lacks_history or handle.lacks_attempts):
        handle.failures = 0  # else what is still to be read may fail again
    return absorbed


def _note_visit(handle: Handle, profile: Profile, at: datetime) -> None:
    """When the owner was there last; not later than now, should the two clocks differ."""
    seen = at if profile.mark != handle.mark else profile.active_at
    if seen is not None:
        seen = min(seen, at)
        handle.active_at = max(handle.active_at or seen, seen)
    handle.mark = profile.mark


def _tell_solved(handles: Iterable[Handle], more: Mapping[int, int], audience: Audience) -> None:
    """More solved than before, by the platform's own count, is news of a known account."""
    events.record_all(
        (
            ProblemsSolved(handle_id=handle.pk, platform=handle.platform, count=more[handle.pk]),
            handle,
            audience.of(handle),
        )
        for handle in handles
        if more[handle.pk]
    )


def _solved_since(handle: Handle, profile: Profile) -> int:
    before = handle.current.solved if handle.current else None
    if before is None or profile.solved is None:
        return 0
    return max(0, profile.solved - before)


def _differs_untold(handle: Handle, profile: Profile, now: Snapshot) -> bool:
    """What stands on boards is another number, and no other event says so here."""
    if handle.fresh_at is None or _solved_since(handle, profile):
        return False
    return _differs(handle.current or Snapshot(), now, SHOWN)


def _note_error(handle: Handle, error: PlatformError, at: datetime, audience: Audience) -> None:
    planned = _planned_try(handle, at)
    handle.failures += planned is None
    handle.error = error.message[:300]
    handle.asked_at = None
    state = state_of(error)
    if state == Handle.State.GONE:
        _note_denial(handle, at, audience)
        return
    if state == Handle.State.PRIVATE:
        if handle.state != state:
            hidden = HandleHidden(handle_id=handle.pk, platform=handle.platform)
            events.record(hidden, subject=handle, topics=audience.of(handle))
        _set_state(handle, state, at)
        handle.missing_at, handle.next_sync_at = None, at + PRIVATE_RETRY
        return
    _set_state(handle, state, at)
    wait = min(LAST_RETRY, FIRST_RETRY * 2 ** min(handle.failures - 1, 10))
    named = error.retry_after if isinstance(error, RateLimited) else None
    handle.next_sync_at = max(planned or at + wait, at + timedelta(seconds=named or 0))


def _tell_blocked(handles: Collection[Handle]) -> None:
    """Once a platform, when the first of its accounts is turned away; before they are saved."""
    blocked = [handle for handle in handles if handle.state == Handle.State.BLOCKED]
    if not blocked:
        return
    platform = blocked[0].platform
    known = Handle.objects.filter(platform=platform, state=Handle.State.BLOCKED)
    if not known.exists():
        events.record(PlatformBlocked(platform=platform))


def _planned_try(handle: Handle, at: datetime) -> datetime | None:
    """When a failing account is tried again by itself, if a member asked before that time."""
    if not handle.failures or handle.asked_at is None or handle.next_sync_at is None:
        return None
    return handle.next_sync_at if handle.next_sync_at > at else None


def _note_denial(handle: Handle, at: datetime, audience: Audience) -> None:
    """The platform says that there is no such account. Of one with data it has to say so twice."""
    handle.missing_at = handle.missing_at or at
    if handle.fresh_at is not None and at - handle.missing_at < CONFIRM_AFTER:
        _set_state(handle, Handle.State.STALE, at)
        handle.next_sync_at = handle.missing_at + CONFIRM_AFTER
        return
    if handle.state != Handle.State.GONE:
        gone = HandleGone(handle_id=handle.pk, platform=handle.platform)
        events.record(gone, subject=handle, topics=audience.of(handle))
    _set_state(handle, Handle.State.GONE, at)
    handle.next_sync_at = at + GONE_RETRY


def _set_state(handle: Handle, state: Handle.State, at: datetime) -> None:
    if handle.state != state:
        handle.state, handle.state_at = state, at
