"""What the submissions of accounts say: which problems they have solved, and when first."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Count

from codetrack.core import events
from codetrack.platforms.base import Attempt, Verdict
from codetrack.platforms.base import Problem as Read
from codetrack.ratings.events import ProblemsSolved
from codetrack.ratings.models import Handle, Problem, Solve
from codetrack.ratings.services.bulk import save_all
from codetrack.ratings.services.profiles import lock

JUDGED_WITHIN = timedelta(days=1)  # an attempt pending for longer is not waited for


def apply_attempts(*, read: Mapping[int, Sequence[Attempt]], at: datetime) -> None:
    """Write what is new in the attempts of handles (by primary key), newest first, read at `at`.

    The cursor stops before an attempt that is still being judged, so that it is read again.
    """
    with transaction.atomic():
        handles = [
            handle
            for handle in lock(read).select_related("current")
            if handle.attempts_read_at is None or handle.attempts_read_at <= at
        ]
        if not handles:
            return
        solved = {
            handle.pk: first for handle in handles if (first := _first_accepted(read[handle.pk]))
        }
        problems = _problems(handles[0].platform, solved)
        Solve.objects.bulk_create(
            [
                Solve(
                    handle_id=pk,
                    problem_id=problems[key],
                    at=attempt.at,
                    language=attempt.language,
                    remote_id=attempt.remote_id,
                )
                for pk, first in solved.items()
                for key, attempt in first.items()
            ],
            ignore_conflicts=True,
        )
        counts = dict(
            Solve.objects.filter(handle__in=handles).values_list("handle").annotate(n=Count("pk"))
        )
        for handle in handles:
            _note_attempts(handle, read[handle.pk], counts.get(handle.pk, 0), at)
        save_all(handles, ["attempts_read_at", "attempt_cursor"])
        save_all([row.current for row in handles if row.current is not None], ["solved"])


def _first_accepted(attempts: Sequence[Attempt]) -> dict[str, Attempt]:
    """The oldest accepted attempt at each problem, by the problem's key."""
    return {one.problem.key: one for one in attempts if one.verdict == Verdict.ACCEPTED}


def _problems(platform: str, solved: Mapping[int, Mapping[str, Attempt]]) -> dict[str, int]:
    """The row of each problem; what the platform says of it now replaces what it said before."""
    told: dict[str, Read] = {
        key: one.problem for first in solved.values() for key, one in first.items()
    }
    rows = [
        Problem(
            platform=platform,
            key=key,
            title=told[key].title,
            url=told[key].url,
            difficulty=told[key].difficulty,
            tags=list(told[key].tags),
        )
        for key in sorted(told)
    ]
    Problem.objects.bulk_create(
        rows,
        update_conflicts=True,
        unique_fields=["platform", "key"],
        update_fields=["title", "url", "difficulty", "tags"],
    )
    return {row.key: row.pk for row in rows}


def _note_attempts(handle: Handle, attempts: Sequence[Attempt], solved: int, at: datetime) -> None:
    known, handle.attempts_read_at = handle.attempts_read_at, at
    handle.attempt_cursor = _cursor(attempts, handle.attempt_cursor, at)
    snapshot = handle.current
    if snapshot is None:
        return
    new, snapshot.solved = solved - (snapshot.solved or 0), solved
    if known and new > 0:
        payload = ProblemsSolved(handle_id=handle.pk, platform=handle.platform, count=new)
        events.record(payload, subject=handle)


def _cursor(attempts: Sequence[Attempt], before: str, at: datetime) -> str:
    """The newest attempt with none before it still being judged."""
    cursor = before
    for attempt in reversed(attempts):
        if attempt.verdict == Verdict.PENDING and attempt.at > at - JUDGED_WITHIN:
            break
        cursor = attempt.remote_id
    return cursor
