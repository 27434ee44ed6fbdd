"""What the submissions of accounts say: what was tried, and what is solved since when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from django.db import transaction

from codetrack.core import events
from codetrack.platforms.base import UNNUMBERED, Participation, Verdict
from codetrack.platforms.base import Attempt as Read
from codetrack.ratings.events import ProblemsSolved
from codetrack.ratings.models import JUDGED_WITHIN, Attempt, Handle, Solve
from codetrack.ratings.services.audience import Audience
from codetrack.ratings.services.bulk import lock, save_all
from codetrack.ratings.services.catalogue import counts_solved, solved_counts, store_problems
from codetrack.ratings.services.telling import tell_numbers

HELD = {Participation.CONTEST, Participation.UNOFFICIAL}  # judged again when the contest is over
FEW = 1_000  # problems that are named to the database; for more, all solves are looked at
FIELDS = ["problem", "verdict", "language", "at", "contest_key", "participation"]


def apply_attempts(*, read: Mapping[int, Sequence[Read] | None], at: datetime) -> None:
    """Write what is new in the attempts of handles (by primary key), newest first, read at `at`.

    None: their owner hides them; they count as read, and what is known stays. The cursor stops
    before an attempt whose verdict may still change, so that it is read again.
    """
    with transaction.atomic():
        handles = [
            handle
            for handle in lock(read).prefetch_related("current")
            if handle.attempts_read_at is None or handle.attempts_read_at <= at
        ]
        told = {row.pk: rows for row in handles if (rows := read[row.pk]) is not None}
        changed = {handle.pk for handle in handles if handle.attempts_read_at is None}
        if told:
            _drop_unnumbered(told, at)
            changed |= _write(handles[0].platform, told)
        listed = [handle for handle in handles if handle.pk in told]
        if listed and not counts_solved(listed[0].platform):
            changed -= _count(listed)
        tell_numbers(handle for handle in handles if handle.pk in changed)
        for handle in handles:
            handle.attempts_read_at = at
            handle.attempt_cursor = _cursor(told.get(handle.pk, ()), handle.attempt_cursor, at)
            if handle.state == Handle.State.OK:
                handle.failures = 0  # this is the last that is read of an account
        save_all(handles, ["attempts_read_at", "attempt_cursor", "failures"])


def _write(platform: str, told: Mapping[int, Sequence[Read]]) -> set[int]:
    """The problems, the attempts at them, and the first accepted one at each.

    Returns the handles of which another is the first now, or none.
    """
    problems = store_problems(platform, (one.problem for rows in told.values() for one in rows))
    rows = {
        (pk, one.remote_id): _row(pk, one, problems) for pk, ones in told.items() for one in ones
    }
    Attempt.objects.bulk_create(
        rows.values(),
        update_conflicts=True,
        unique_fields=["handle", "remote_id"],
        update_fields=FIELDS,
    )
    return _write_solves(told, list(rows.values()))


def _drop_unnumbered(pks: Iterable[int], at: datetime) -> None:
    """Those that are read again: they may have a number by now, and stand twice."""
    rows = Attempt.objects.filter(handle__in=list(pks), remote_id__startswith=UNNUMBERED)
    rows.filter(at__gt=at - JUDGED_WITHIN).delete()


def _row(handle: int, one: Read, problems: Mapping[str, int]) -> Attempt:
    return Attempt(
        handle_id=handle,
        problem_id=problems[one.problem.key],
        remote_id=one.remote_id,
        verdict=one.verdict,
        language=one.language,
        at=one.at,
        contest_key=one.contest_key or "",
        participation=one.participation,
    )


def _write_solves(pks: Iterable[int], attempts: Sequence[Attempt]) -> set[int]:
    """The first accepted attempt at each problem that is told of here; returns whose changed.

    One that was accepted during a contest and refused afterwards is none any more.
    """
    rows = Solve.objects.filter(handle__in=pks)
    tried = {row.problem_id for row in attempts}
    if len(tried) <= FEW:
        rows = rows.filter(problem__in=tried)
    stored = {(one.handle_id, one.problem_id): one for one in rows}
    first: dict[tuple[int, int], Attempt] = {}
    refused: set[tuple[int, str]] = set()
    for row in sorted(attempts, key=lambda row: row.at, reverse=True):
        if row.verdict == Verdict.ACCEPTED:
            first[row.handle_id, row.problem_id] = row
        else:
            refused.add((row.handle_id, row.remote_id))
    gone, new, changed = [], [], set()
    for pair in {(row.handle_id, row.problem_id) for row in attempts}:
        old, found = stored.get(pair), first.get(pair)
        void = old is not None and (pair[0], old.remote_id) in refused
        better = found is not None and (old is None or void or found.at < old.at)
        if old is not None and (void or better):
            gone.append(old.pk)
            changed.add(old.handle_id)
        if found is not None and better:
            new.append(_solve(found))
            changed.add(found.handle_id)
    Solve.objects.filter(pk__in=gone).delete()
    Solve.objects.bulk_create(new)
    return changed


def _solve(first: Attempt) -> Solve:
    return Solve(
        handle_id=first.handle_id,
        problem_id=first.problem_id,
        at=first.at,
        language=first.language,
        remote_id=first.remote_id,
    )


def _count(handles: Sequence[Handle]) -> set[int]:
    """Note how many problems each has solved; more than before is news of a known account.

    Returns those of whom that was told.
    """
    counts, audience = solved_counts(handles), Audience(handles)
    told: set[int] = set()
    for handle in handles:
        snapshot, solved = handle.current, counts.get(handle.pk, 0)
        if snapshot is None:
            continue
        new, snapshot.solved = solved - (snapshot.solved or 0), solved
        if handle.attempts_read_at and new > 0:
            payload = ProblemsSolved(handle_id=handle.pk, platform=handle.platform, count=new)
            events.record(payload, subject=handle, topics=audience.of(handle))
            told.add(handle.pk)
    save_all([row.current for row in handles if row.current is not None], ["solved"])
    return told


def _cursor(attempts: Sequence[Read], before: str, at: datetime) -> str:
    """The newest attempt with none before it whose verdict may change.

    That is one being judged, or one in a contest: it is judged by further tests afterwards. One
    without a number may get it.
    """
    cursor = before
    for attempt in reversed(attempts):
        open_ = attempt.verdict == Verdict.PENDING or attempt.participation in HELD
        open_ = open_ or attempt.remote_id.startswith(UNNUMBERED)
        if open_ and attempt.at > at - JUDGED_WITHIN:
            break
        cursor = attempt.remote_id
    return cursor
