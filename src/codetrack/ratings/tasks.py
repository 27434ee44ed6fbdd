"""The jobs that ask platforms: fetch with no transaction open, then call a service."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress

from codetrack.core import clock, http, jobs
from codetrack.core.errors import Conflict, Unavailable
from codetrack.platforms.base import (
    Attempt,
    Blocked,
    ChangedLayout,
    NotFound,
    PlatformError,
    Profile,
    RateLimited,
    Transient,
)
from codetrack.ratings import adapters, queries, reading, services
from codetrack.ratings.models import Contest, Handle, Proof

REFRESHING = "ratings:boards"
ONE_GO = 500  # members that one job puts onto the boards
DAYLONG = 30  # tries, an hour apart in the end: so long a platform may be down


@jobs.every(minutes=5)
@jobs.task(queue_name="sync", atomic=True)
def sync_due() -> None:
    """Plan the reading of every platform with an account whose time has come."""
    services.plan_reading(at=clock.now())


@jobs.task(queue_name="sync")
def sync_platform(platform: str) -> None:
    """Read the next accounts of a platform, and have the next ones read while that goes well.

    One such job a platform at a time, so one thread of the queue is left to those who wait. While
    the platform fails the next plan decides.
    """
    site = http.platform(platform)
    if reading.read_platform(site) and services.has_work(platform=type(site), at=clock.now()):
        services.continue_reading(platform=platform)


@jobs.task(queue_name="sync")
def sync_handles(platform: str, pks: list[int]) -> None:
    """Read these accounts now, whenever they are due."""
    rows = Handle.objects.filter(pk__in=pks)
    reading.read_accounts(http.platform(platform), list(rows), rows)


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


@jobs.task(queue_name="sync", max_attempts=DAYLONG, backoff=60)
def read_contests(platform: str) -> None:
    with _translated():
        contests = http.platform(platform).contests()
    services.apply_contests(platform=platform, read=contests)


@jobs.every(cron="10 4 * * *")
@jobs.task(queue_name="sync", atomic=True)
def read_all_problems() -> None:
    """Once a day, the catalogue of problems of every platform."""
    for platform in adapters.enabled():
        jobs.later("ratings.read_problems", platform.key, key=f"ratings:problems:{platform.key}")


@jobs.task(queue_name="sync", max_attempts=DAYLONG, backoff=60)
def read_problems(platform: str) -> None:
    with _translated():
        problems = http.platform(platform).problems()
    services.apply_problems(platform=platform, read=problems)


@jobs.task(queue_name="sync", max_attempts=DAYLONG, backoff=60)
def read_round(contest: int) -> None:
    """Read again what a contest did to everybody here who was in it: it may have been corrected."""
    round_ = Contest.objects.get(pk=contest)
    at, changes = clock.now(), []
    with _translated(), suppress(NotFound):
        changes = http.platform(round_.platform).contest_changes(round_.key)
    services.apply_history(read=reading.recalculated(changes, contest), at=at, complete=False)
    if changes:
        services.plan_round(round_, changes[0].at, at)


@jobs.every(cron="0 0 * * *")
@jobs.task(atomic=True)
def refresh_boards() -> None:
    """At midnight (UTC): all members anew. Weeks begin, scores fade, and numbers become old."""
    jobs.later("ratings.refresh_boards_after", 0, key=REFRESHING)


@jobs.task(atomic=True)
def refresh_boards_after(member: int) -> None:
    """The next members by id, then those after them."""
    members = queries.members_after(member, ONE_GO)
    services.refresh_standings(members=members)
    if members:
        jobs.later("ratings.refresh_boards_after", members[-1], key=REFRESHING)


@contextmanager
def _translated() -> Iterator[None]:
    """Errors of platforms as the queue knows them: whether to try again, and when."""
    try:
        yield
    except PlatformError as error:
        permanent = isinstance(error, Blocked | ChangedLayout)
        wait = error.retry_after if isinstance(error, RateLimited) else None
        raise Unavailable(error.message, permanent=permanent, retry_after=wait) from error
