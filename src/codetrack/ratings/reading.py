"""Reading accounts of one platform: profiles, then what these say is missing here.

What is missing is told by the rows alone. So a reading that was killed is gone on with where it
stopped, by whoever comes next, and nothing that was read is asked for again.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from contextlib import suppress
from datetime import datetime
from itertools import batched, groupby

import structlog
from django.db import DataError, IntegrityError, transaction
from django.db.models import Q

from codetrack.core import clock
from codetrack.platforms.base import (
    Activity,
    Attempt,
    Blocked,
    ChangedLayout,
    Platform,
    PlatformError,
    Private,
    Profile,
    RateLimited,
    RatingChange,
)
from codetrack.ratings import services
from codetrack.ratings.models import Handle, HandleQuerySet
from codetrack.ratings.models import RatingChange as Stored
from codetrack.ratings.pipeline import HOPELESS, fetch_all

PORTION = 500  # accounts whose profile, history or attempts one job reads one by one
BATCHES = 5  # where a request asks for many profiles, so many requests a job
TOGETHER = 20  # accounts written in one transaction while others are being fetched
MANY = 4  # so many accounts with a new rating are worth asking for a whole round
ROUNDS = 3  # whole rounds that one job asks for at most

log = structlog.get_logger(__name__)
type Batch = tuple[Handle, ...]
type Profiles = dict[str, Profile | PlatformError]
type Listed = tuple[list[Attempt] | None, Activity]


def read_platform(site: Platform) -> bool:
    """Read the next portion of what there is to read; says whether the platform let us."""
    rows = Handle.objects.filter(platform=site.key)
    due = rows.due(clock.now())[: portion_of(site)]
    return read_accounts(site, list(due), rows.claimed())


def portion_of(site: Platform) -> int:
    """How many profiles one job reads."""
    return PORTION if site.batch == 1 else BATCHES * site.batch


def read_accounts(site: Platform, handles: Sequence[Handle], rows: HandleQuerySet) -> bool:
    """Read these profiles, then up to a portion of what the profiles among `rows` say is missing.

    What fails is noted on the accounts. Says whether the platform let us go on to the end.
    """
    if _read_profiles(site, handles):
        return False
    again = not site.gives_rounds
    behind = set(rows.history_wanted(again=again).values_list("pk", flat=True))
    ended = _read_attempts(
        site, rows.attempts_wanted()[:PORTION], meanwhile=lambda: _read_rounds(site, rows)
    )
    if ended and not isinstance(ended, ChangedLayout):
        return False
    # Attempts in another form, of one account or of all, do not keep histories from being read.
    wanted = rows.history_behind(again=again).filter(Q(pk__in=behind) | Q(state=Handle.State.OK))
    return not (_read_histories(site, wanted[:PORTION]) or ended)


def _read_profiles(site: Platform, handles: Sequence[Handle]) -> PlatformError | None:
    def write(answers: Sequence[tuple[Batch, Profiles]], at: datetime) -> None:
        found = {row.pk: told[row.shown] for batch, told in answers for row in batch}
        services.apply_profiles(found=found, at=at)

    return _ask_each(
        _batches(handles, site.batch),
        lambda batch: site.profiles([handle.shown for handle in batch]),
        write,
    )


def _read_histories(site: Platform, handles: HandleQuerySet) -> PlatformError | None:
    def fetch(batch: Batch) -> list[RatingChange]:
        with suppress(Private):
            return site.history(batch[0].shown)
        return []

    def write(answers: Sequence[tuple[Batch, list[RatingChange]]], at: datetime) -> None:
        services.apply_history(read={batch[0].pk: told for batch, told in answers}, at=at)

    return _ask_each(_batches(handles, 1), fetch, write)


def _read_attempts(
    site: Platform, handles: HandleQuerySet, meanwhile: Callable[[], None]
) -> PlatformError | None:
    def write(answers: Sequence[tuple[Batch, Listed]], at: datetime) -> None:
        told = {batch[0].pk: listed for batch, listed in answers}
        with transaction.atomic():
            counted = {pk: activity for pk, (_, activity) in told.items() if activity != Activity()}
            services.apply_activity(read=counted, at=at)
            services.apply_attempts(read={pk: ones for pk, (ones, _) in told.items()}, at=at)

    return _ask_each(_batches(handles, 1), lambda batch: _listed(site, batch[0]), write, meanwhile)


def _listed(site: Platform, handle: Handle) -> Listed:
    """The attempts after the last known one (None: hidden), and what the platform counts itself."""
    attempts = None
    with suppress(Private):
        attempts = site.attempts(handle.shown, handle.attempt_cursor or None)
    try:
        return attempts, site.activity(handle.shown)
    except (Private, ChangedLayout) as error:
        # No reason to do without the attempts; what was counted before stays.
        log.warning("ratings.no_activity", handle=handle.pk, error=error.message)
        return attempts, Activity()


def _batches(handles: Iterable[Handle], size: int) -> list[Batch]:
    """In the order of asking: whoever failed the last times comes last.

    A few that always fail in a row look like a platform that is down. Last, they keep nobody
    waiting. Those left unasked for them have failed as often: of these, others begin each time.
    """
    asked: list[Handle] = []
    known = sorted(handles, key=lambda handle: (handle.failures, handle.pk))
    for failures, group in groupby(known, key=lambda handle: handle.failures):
        alike = list(group)
        first = failures * HOPELESS * size % len(alike)
        asked += alike[first:] + alike[:first]
    return list(batched(asked, size))


def _ask_each[R](
    wanted: Sequence[Batch],
    fetch: Callable[[Batch], R],
    write: Callable[[Sequence[tuple[Batch, R]], datetime], None],
    meanwhile: Callable[[], None] = lambda: None,
) -> PlatformError | None:
    """Fetch in several threads and write some at a time meanwhile; what fails is noted.

    `meanwhile` is done once, while the threads are at work, if there is work for them.
    Returns the error that ended the asking, or by which everything failed.
    """
    left, good, failure = {row.pk: row for batch in wanted for row in batch}, 0, None

    def ask(batch: Batch) -> tuple[datetime, R]:
        return clock.now(), fetch(batch)

    size = len(wanted[0]) if wanted else 1
    if len(wanted) <= TOGETHER:
        meanwhile()
    for number, together in enumerate(batched(fetch_all(ask, wanted), max(1, TOGETHER // size))):
        if number == 0 and len(wanted) > TOGETHER:
            meanwhile()
        told = [(batch, one) for batch, one in together if not isinstance(one, PlatformError)]
        if told:
            asked_at = min(at for _, (at, _) in told)
            _write([(batch, answer) for batch, (_, answer) in told], write, asked_at)
        good += len(told)
        for batch, answer in together:
            for row in batch:
                left.pop(row.pk, None)
            if isinstance(answer, PlatformError):
                failure = answer
                _note([row.pk for row in batch], answer)
    if left and failure:
        _note(left, failure)
    # Where only some that failed before were left, the platform may be well.
    refused = isinstance(failure, Blocked | RateLimited)
    ended = left and (refused or any(not row.failures for row in left.values()))
    return failure if ended or not good else None


def _write[R](
    answers: Sequence[tuple[Batch, R]],
    write: Callable[[Sequence[tuple[Batch, R]], datetime], None],
    at: datetime,
) -> None:
    """Write answers together; should the database refuse one, it keeps none of the others away."""
    try:
        write(answers, at)
    except (DataError, IntegrityError) as error:
        log.warning("ratings.not_written", error=str(error))
    else:
        return
    for batch, answer in answers:
        for handle in batch:
            try:
                write([((handle,), answer)], at)
            except (DataError, IntegrityError) as error:
                log.exception("ratings.not_written", handle=handle.pk)
                _note([handle.pk], ChangedLayout(f"This answer cannot be stored: {error}."))


def _note(handles: Collection[int], error: PlatformError) -> None:
    services.record_failure(handles=handles, error=error, at=clock.now())


# --- rated rounds


def _read_rounds(site: Platform, rows: HandleQuerySet) -> None:
    """After a round many ratings move at once: learn from one account which round it was, then ask
    for the whole table of that round instead of for every account.
    """
    with suppress(PlatformError):  # whoever is left without is asked for one by one
        _ask_rounds(site, rows)


def _ask_rounds(site: Platform, rows: HandleQuerySet) -> None:
    for _ in range(ROUNDS if site.gives_rounds else 0):
        lacking = rows.history_wanted(again=False).exclude(history_rating=None)
        some = list(lacking[:MANY])
        if len(some) < MANY:
            return
        at = clock.now()
        history = site.history(some[0].shown)
        services.apply_history(read={some[0].pk: history}, at=at)
        if history:
            told = explained(site.contest_changes(history[-1].contest_key), rows)
            services.apply_history(read=told, at=at, complete=False)


def explained(
    changes: Sequence[RatingChange], rows: HandleQuerySet
) -> dict[int, list[RatingChange]]:
    """The change of each account that leads from what is stored to what is shown.

    One that took part and neither won nor lost a point is among them.
    """
    by_name = {change.handle.lower(): change for change in changes}
    contest = changes[0].contest_key if changes else ""
    names = rows.values_list("pk", "canonical")
    pks = [pk for pk, name in names if name in by_name]
    found = Handle.objects.filter(pk__in=pks).select_related("current")
    taking_part = {row: by_name[row.canonical] for row in found}
    stored = Stored.objects.filter(handle__in=taking_part, contest__key=contest)
    recalculated = set(stored.values_list("handle", flat=True))
    return {
        row.pk: [change]
        for row, change in taking_part.items()
        if change.new == (row.current and row.current.rating)
        and (change.old == row.history_rating or row.pk in recalculated)
    }


def recalculated(changes: Sequence[RatingChange], contest: int) -> dict[int, list[RatingChange]]:
    """The changes of those whose history has this contest (a primary key) already."""
    by_name = {change.handle.lower(): change for change in changes}
    rows = Handle.objects.filter(rating_changes__contest=contest)
    return {row.pk: [by_name[row.canonical]] for row in rows if row.canonical in by_name}
