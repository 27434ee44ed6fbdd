"""The jobs that ask platforms: fetch with no transaction open, then call a service."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from itertools import batched

from django.db import transaction

from codetrack.core import clock, http, jobs
from codetrack.core.errors import Conflict, Unavailable
from codetrack.platforms.base import (
    Attempt,
    Blocked,
    ChangedLayout,
    Platform,
    PlatformError,
    Profile,
    RateLimited,
    RatingChange,
    Transient,
)
from codetrack.ratings import adapters, services
from codetrack.ratings.models import Handle, HandleQuerySet, Proof
from codetrack.ratings.models import RatingChange as Stored
from codetrack.ratings.pipeline import fetch_all

MANY = 4  # so many accounts with a new rating are worth asking for a whole round
ROUNDS = 3  # whole rounds that one job asks for at most
PORTION = 50  # accounts whose history or attempts one job reads
TOGETHER = 20  # accounts written in one transaction while others are being fetched


@jobs.every(minutes=5)
@jobs.task(queue_name="sync", atomic=True)
def sync_due() -> None:
    """Plan the reading of every account whose time has come."""
    services.plan_reading(at=clock.now())


@jobs.task(queue_name="sync")
def sync_handles(platform: str, pks: list[int]) -> None:
    """Read the profiles of these accounts, then what their profiles say is missing here.

    What is missing is told by the rows alone, so a job that was killed goes on where it stopped.
    """
    with _failure_noted(pks):
        site = http.platform(platform)
        put_off: set[int] = set()
        for some in batched(pks, max(site.batch, PORTION)):
            _read_profiles(site, some)
            put_off |= _put_off("ratings.read_attempts", site, _rows(some).lacking_attempts())
        with suppress(PlatformError):  # whoever is left without is asked for one by one
            _read_rounds(site, pks)
        if not _put_off("ratings.read_histories", site, _rows(pks).lacking_history()):
            _read_histories(site, pks)
        _read_attempts(site, [pk for pk in pks if pk not in put_off])


@jobs.task(queue_name="sync")
def read_histories(platform: str, pks: list[int]) -> None:
    """Read the rated contests of those of these accounts that lack some."""
    _read_histories(http.platform(platform), pks)


@jobs.task(queue_name="sync")
def read_attempts(platform: str, pks: list[int]) -> None:
    """Read the attempts of those of these accounts that may have new ones."""
    _read_attempts(http.platform(platform), pks)


@jobs.task(queue_name="sync")
def check_proof(pk: int) -> None:
    """Look for what a proof asks for, in answers as fresh as the platform gives."""
    proof = Proof.objects.select_related("claim__handle").get(pk=pk)
    handle, at = proof.claim.handle, clock.now()
    attempts: list[Attempt] = []
    try:
        site = http.platform(handle.platform)
        found = site.profiles([handle.shown])[handle.shown]
        if isinstance(found, Profile):
            services.apply_profiles(found={handle.pk: found}, at=at)
            # Not those after the cursor: what is wanted may have been read since.
            attempts = site.recent(found.handle) if proof.problem else []
    except PlatformError as error:
        found = error
    except Unavailable as error:  # switched off since
        found = Transient(error.message)
    # Replaced, used or unlinked meanwhile: the page says so.
    with suppress(Conflict):
        services.settle_proof(proof=proof, found=found, attempts=attempts, at=at)


@jobs.every(cron="40 3 * * *")
@jobs.task(queue_name="sync", atomic=True)
def read_all_contests() -> None:
    """Once a day, the list of contests of every platform."""
    for platform in adapters.enabled():
        jobs.later("ratings.read_contests", platform.key, key=f"ratings:contests:{platform.key}")


@jobs.task(queue_name="sync")
def read_contests(platform: str) -> None:
    with _translated():
        contests = http.platform(platform).contests()
    services.apply_contests(platform=platform, read=contests)


# --- errors of platforms


@contextmanager
def _failure_noted(pks: Sequence[int]) -> Iterator[None]:
    """What a platform fails at is noted on the accounts, and tried again when they are due."""
    try:
        yield
    except PlatformError as error:
        services.record_failure(handles=pks, error=error, at=clock.now())


@contextmanager
def _translated() -> Iterator[None]:
    """Errors of platforms as the queue knows them: whether to try again, and when."""
    try:
        yield
    except PlatformError as error:
        permanent = isinstance(error, Blocked | ChangedLayout)
        wait = error.retry_after if isinstance(error, RateLimited) else None
        raise Unavailable(error.message, permanent=permanent, retry_after=wait) from error


# --- profiles


def _read_profiles(site: Platform, pks: Sequence[int]) -> None:
    names = dict(Handle.objects.filter(pk__in=pks).values_list("pk", "shown"))
    at = clock.now()
    found = site.profiles(list(names.values()))
    services.apply_profiles(found={pk: found[name] for pk, name in names.items()}, at=at)


def _rows(pks: Sequence[int]) -> HandleQuerySet:
    return Handle.objects.filter(pk__in=pks, fresh_at__isnull=False).select_related("current")


def _put_off(task: str, site: Platform, handles: HandleQuerySet) -> set[int]:
    """Enqueue the reading of many accounts in portions, between which others get their turn.

    Returns their primary keys; few are left to the caller.
    """
    pks = list(handles.values_list("pk", flat=True))
    if len(pks) <= PORTION:
        return set()
    with transaction.atomic():
        for portion in batched(pks, PORTION):
            jobs.later(task, site.key, list(portion))
    return set(pks)


# --- rated rounds


def _read_rounds(site: Platform, pks: Sequence[int]) -> None:
    """After a round many ratings move at once: learn from one account which round it was, then ask
    for the whole table of that round instead of for every account.
    """
    for _ in range(ROUNDS):
        lacking = list(_rows(pks).lacking_history().exclude(history_rating=None))
        if len(lacking) < MANY:
            return
        at = clock.now()
        history = site.history(lacking[0].shown)
        services.apply_history(read={lacking[0].pk: history}, at=at)
        if not history:
            continue
        told = _explained(site.contest_changes(history[-1].contest_key), pks)
        services.apply_history(read=told, at=at, complete=False)


def _explained(
    changes: Sequence[RatingChange], pks: Sequence[int]
) -> dict[int, list[RatingChange]]:
    """The change of each account that leads from what is stored to what is shown.

    One that took part and neither won nor lost a point is among them.
    """
    by_name = {change.handle.lower(): change for change in changes}
    names = Handle.objects.filter(pk__in=pks).values_list("pk", "canonical")
    took_part = {pk: by_name[name] for pk, name in names if name in by_name}
    contest = changes[0].contest_key if changes else ""
    stored = Stored.objects.filter(handle__in=took_part, contest__key=contest)
    recalculated = set(stored.values_list("handle", flat=True))
    return {
        row.pk: [change]
        for row in _rows(list(took_part))
        if (change := took_part[row.pk]).new == (row.current and row.current.rating)
        and (change.old == row.history_rating or row.pk in recalculated)
    }


# --- histories and attempts


def _read_histories(site: Platform, pks: Sequence[int]) -> None:
    at = clock.now()
    _read_each(
        _rows(pks).lacking_history(),
        lambda handle: site.history(handle.shown),
        lambda read: services.apply_history(read=read, at=at),
    )


def _read_attempts(site: Platform, pks: Sequence[int]) -> None:
    at = clock.now()
    _read_each(
        _rows(pks).lacking_attempts(),
        lambda handle: site.attempts(handle.shown, handle.attempt_cursor or None),
        lambda read: services.apply_attempts(read=read, at=at),
    )


def _read_each[R](
    handles: HandleQuerySet,
    fetch: Callable[[Handle], R],
    write: Callable[[dict[int, R]], None],
) -> None:
    """Fetch in several threads and write some at a time meanwhile; what failed is noted."""
    wanted = list(handles)
    left, failure = {handle.pk for handle in wanted}, None
    for together in batched(fetch_all(fetch, wanted), TOGETHER):
        write({row.pk: answer for row, answer in together if not isinstance(answer, PlatformError)})
        for handle, answer in together:
            left.remove(handle.pk)
            if isinstance(answer, PlatformError):
                failure = answer
                services.record_failure(handles=[handle.pk], error=answer, at=clock.now())
    if left and failure:
        services.record_failure(handles=left, error=failure, at=clock.now())
