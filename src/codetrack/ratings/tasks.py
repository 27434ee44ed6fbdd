"""The jobs that ask platforms: fetch with no transaction open, then call a service."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
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
from codetrack.ratings.models import Handle, Proof
from codetrack.ratings.models import RatingChange as Stored
from codetrack.ratings.pipeline import fetch_all

MANY = 4  # so many accounts with a new rating are worth asking for a whole round
ROUNDS = 3  # whole rounds that one job asks for at most
PORTION = 100  # accounts whose histories and attempts one job reads
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
        _read_profiles(site, pks)
        with suppress(PlatformError):  # whoever is left without is asked for below
            _read_rounds(site, pks)
        lacking = [handle.pk for handle in _lacking(pks)]
        if len(lacking) <= PORTION:
            _read_details(site, lacking)
            return
        with transaction.atomic():
            for portion in batched(lacking, PORTION):
                jobs.later("ratings.read_details", platform, list(portion))


@jobs.task(queue_name="sync")
def read_details(platform: str, pks: list[int]) -> None:
    """Read the rating histories and attempts that these accounts lack."""
    _read_details(http.platform(platform), pks)


@jobs.task(queue_name="sync")
def check_proof(pk: int) -> None:
    """Look for the token of a proof, in an answer as fresh as the platform gives."""
    proof = Proof.objects.select_related("claim__handle").get(pk=pk)
    handle, at = proof.claim.handle, clock.now()
    found = _fresh_profile(handle)
    if isinstance(found, Profile):
        services.apply_profiles(found={handle.pk: found}, at=at)
    # Replaced, used or unlinked meanwhile: the page says so.
    with suppress(Conflict):
        services.settle_proof(proof=proof, found=found, at=at)


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


def _fresh_profile(handle: Handle) -> Profile | PlatformError:
    try:
        return http.platform(handle.platform).profiles([handle.shown])[handle.shown]
    except PlatformError as error:
        return error
    except Unavailable as error:  # switched off since
        return Transient(error.message)


def _read_profiles(site: Platform, pks: Sequence[int]) -> None:
    names = dict(Handle.objects.filter(pk__in=pks).values_list("pk", "shown"))
    at = clock.now()
    found = site.profiles(list(names.values()))
    services.apply_profiles(found={pk: found[name] for pk, name in names.items()}, at=at)


def _lacking(pks: Sequence[int]) -> list[Handle]:
    rows = Handle.objects.filter(pk__in=pks, fresh_at__isnull=False).select_related("current")
    return [handle for handle in rows if handle.lacks_history or handle.lacks_attempts]


# --- rated rounds


def _read_rounds(site: Platform, pks: Sequence[int]) -> None:
    """After a round many ratings move at once: learn from one account which round it was, then ask
    for the whole table of that round instead of for every account.
    """
    lacking = {
        handle.pk: handle
        for handle in _lacking(pks)
        if handle.lacks_history and handle.history_rating is not None
    }
    for _ in range(ROUNDS):
        if len(lacking) < MANY:
            return
        pk, handle = lacking.popitem()
        at = clock.now()
        history = site.history(handle.shown)
        services.apply_history(read={pk: history}, at=at)
        if not history:
            continue
        told = _explained(site.contest_changes(history[-1].contest_key), list(lacking.values()))
        services.apply_history(read=told, at=at, complete=False)
        lacking = {pk: row for pk, row in lacking.items() if pk not in told}


def _explained(
    changes: Sequence[RatingChange], handles: Sequence[Handle]
) -> dict[int, list[RatingChange]]:
    """The change of each account that leads from what is stored to what is shown."""
    by_name = {change.handle.lower(): change for change in changes}
    told = {row.pk: (row, change) for row in handles if (change := by_name.get(row.canonical))}
    contest = changes[0].contest_key if changes else ""
    taken = Stored.objects.filter(handle__in=told, contest__key=contest)
    recalculated = set(taken.values_list("handle", flat=True))
    return {
        pk: [change]
        for pk, (row, change) in told.items()
        if row.current is not None
        and change.new == row.current.rating
        and (change.old == row.history_rating or pk in recalculated)
    }


# --- histories and attempts


@dataclass(frozen=True)
class Details:
    """What an account lacked; None where it lacked nothing."""

    at: datetime
    history: list[RatingChange] | None
    attempts: list[Attempt] | None


def _read_details(site: Platform, pks: Sequence[int]) -> None:
    """Fetch in several threads and write in portions meanwhile; what failed is noted."""
    wanted = _lacking(pks)
    left, failure = {handle.pk for handle in wanted}, None
    answers = fetch_all(lambda handle: _fetch_details(site, handle), wanted)
    for together in batched(answers, TOGETHER):
        _write_details({row.pk: one for row, one in together if isinstance(one, Details)})
        for handle, answer in together:
            left.remove(handle.pk)
            if isinstance(answer, PlatformError):
                failure = answer
                services.record_failure(handles=[handle.pk], error=answer, at=clock.now())
    if left and failure:
        services.record_failure(handles=left, error=failure, at=clock.now())


def _fetch_details(site: Platform, handle: Handle) -> Details:
    at = clock.now()
    history = site.history(handle.shown) if handle.lacks_history else None
    took_part_at = history[-1].at if history else None
    attempts = None
    if handle.lacks_attempts or handle.lacks_attempts_since(took_part_at):
        attempts = site.attempts(handle.shown, handle.attempt_cursor or None)
    return Details(at, history, attempts)


def _write_details(read: dict[int, Details]) -> None:
    at = min((one.at for one in read.values()), default=clock.now())
    histories = {pk: one.history for pk, one in read.items() if one.history is not None}
    services.apply_history(read=histories, at=at)
    attempts = {pk: one.attempts for pk, one in read.items() if one.attempts is not None}
    services.apply_attempts(read=attempts, at=at)
