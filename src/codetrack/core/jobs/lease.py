"""The statements by which workers share the table of jobs; each is safe against all the others.

Keys: at most one job of a key waits and at most one runs (two partial unique indexes), and a
waiting one is not claimed while its like runs. So one sync a handle runs at a time, and yet whoever
enqueues during a run gets another run after it: a key unique over waiting *and* running would
swallow that call, and a consumer woken while it works would oversleep the newest events. Enqueueing
onto a waiting job writes to its row, so that no worker takes it before the caller has committed
what the job is to see.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.db.models import F, Q
from django.utils.translation import gettext

from codetrack.core import clock
from codetrack.core.errors import Conflict
from codetrack.core.jobs.wake import CHANNEL, bell
from codetrack.core.models import Job

#: Claims of one job that ended with neither an outcome nor an error: it kills its workers.
LAPSES = 20

_ENQUEUE = """
INSERT INTO core_job (queue, task, args, key, priority, run_at, status, attempts, failures,
                      max_attempts, worker, enqueued_at, error)
VALUES (%s, %s, %s, %s, %s, %s, 0, 0, 0, %s, '', %s, '')
ON CONFLICT (key) WHERE status = 0 DO UPDATE SET
    priority = {greatest}(core_job.priority, excluded.priority),
    run_at = CASE WHEN core_job.attempts > 0 THEN core_job.run_at
                  ELSE {least}(core_job.run_at, excluded.run_at) END
RETURNING id
"""

_NOTIFY = "WITH put AS ({insert}) SELECT id, pg_notify(%s, '') FROM put"

_CLAIM = """
UPDATE core_job
SET status = 1, attempts = attempts + 1, worker = %s, lease_until = %s, started_at = %s
WHERE id {among} (
    SELECT id FROM core_job AS waiting
    WHERE queue = %s AND status = 0 AND run_at <= %s AND NOT EXISTS (
        SELECT 1 FROM core_job AS running
        WHERE running.key = waiting.key AND running.status = 1)
    ORDER BY priority DESC, run_at, id LIMIT %s {lock}){end}
RETURNING *
"""

_FINISH = """
UPDATE core_job SET status = 2, finished_at = %s, lease_until = NULL
WHERE status = 1 AND ({mine})
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class New:
    """A job to be enqueued."""

    queue: str
    task: str
    args: dict[str, Any]
    key: str | None
    priority: int
    run_at: datetime
    max_attempts: int


def enqueue(job: New, *, now: datetime) -> int:
    """Insert the job, or merge it into the waiting one with its key; return the id.

    The earlier time counts, except that a job that waits after an error keeps its back-off.
    """
    values = [job.queue, job.task, json.dumps(job.args), job.key, job.priority]
    times = [_time(job.run_at), job.max_attempts, _time(now)]
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            insert = _ENQUEUE.format(greatest="greatest", least="least")
            cursor.execute(_NOTIFY.format(insert=insert), [*values, *times, CHANNEL])
        else:
            cursor.execute(_ENQUEUE.format(greatest="max", least="min"), [*values, *times])
        pk: int = cursor.fetchall()[0][0]
    transaction.on_commit(bell.ring)
    return pk


def claim(*, queue: str, worker: str, limit: int, lease: float) -> list[Job]:
    """Take up to `limit` jobs that are due, for `lease` seconds, the most urgent first."""
    due = Job.objects.filter(queue=queue, status=Job.Status.READY, run_at__lte=clock.now())
    if not due.exists():  # a cheap read first: on SQLite the statement below locks out all writers
        return []
    if connection.vendor == "postgresql":
        # ANY(ARRAY(…)) runs the subquery once; IN (…) may run it for each row, past its limit.
        parts = {"among": "= ANY(ARRAY", "lock": "FOR UPDATE SKIP LOCKED", "end": ")"}
    else:
        parts = {"among": "IN", "lock": "", "end": ""}
    with transaction.atomic():
        now = clock.now()  # on SQLite the turn to write has come by now, and may have taken long
        until = _time(now + timedelta(seconds=lease))
        values = [worker, until, _time(now), queue, _time(now), limit]
        claimed = list(Job.objects.raw(_CLAIM.format(**parts), values))
    return sorted(claimed, key=lambda job: (-job.priority, job.run_at, job.pk))


def ahead_of(key: str) -> int | None:
    """How many jobs of the same queue run now or are claimed before the waiting one of this key."""
    mine = Job.objects.filter(key=key, status=Job.Status.READY).first()
    if mine is None:
        return None
    due = Q(status=Job.Status.READY, run_at__lte=max(clock.now(), mine.run_at))
    sooner = Q(run_at__lt=mine.run_at) | Q(run_at=mine.run_at, pk__lt=mine.pk)
    before = due & (Q(priority__gt=mine.priority) | (Q(priority=mine.priority) & sooner))
    return Job.objects.filter(before | Q(status=Job.Status.RUNNING), queue=mine.queue).count()


def finish(jobs: Sequence[Job]) -> int:
    """Mark jobs done in one statement; return how many still were this claim's to finish."""
    if not jobs:
        return 0
    mine = " OR ".join(["(id = %s AND attempts = %s)"] * len(jobs))
    fences = [value for job in jobs for value in (job.pk, job.attempts)]
    with connection.cursor() as cursor:
        cursor.execute(_FINISH.format(mine=mine), [_time(clock.now()), *fences])
        count: int = cursor.rowcount
    return count


def retry(
    job: Job,
    *,
    run_at: datetime,
    error: str = "",
    failed: bool = True,
    lapsed: datetime | None = None,
) -> bool:
    """Let a running job wait again; False if the claim is no longer ours, or, with `lapsed`, if its
    lease was renewed to after that moment.

    It takes the place of one with its key that was enqueued meanwhile: it keeps its back-off.
    """
    with transaction.atomic():
        if job.key:
            Job.objects.filter(key=job.key, status=Job.Status.READY).delete()
        mine = _running(job, lapsed).update(
            status=Job.Status.READY,
            run_at=run_at,
            lease_until=None,
            failures=F("failures") + int(failed),
            error=error or job.error,
        )
        if not mine:
            transaction.set_rollback(True)
    return bool(mine)


def fail(job: Job, *, error: str, lapsed: datetime | None = None) -> bool:
    """Give a running job up; False as with `retry`."""
    return bool(
        _running(job, lapsed).update(
            status=Job.Status.FAILED,
            lease_until=None,
            failures=F("failures") + 1,
            finished_at=clock.now(),
            error=error,
        )
    )


def run_again(job: Job) -> None:
    """Let a failed job start anew. Raises Conflict if it has not failed, or if its like waits."""
    failed = Job.objects.filter(pk=job.pk, status=Job.Status.FAILED)
    try:
        with transaction.atomic():
            anew = failed.update(
                status=Job.Status.READY, failures=0, run_at=clock.now(), finished_at=None
            )
    except IntegrityError:
        anew = 0
    if not anew:
        raise Conflict(gettext("This job has not failed, or one like it waits already."))
    transaction.on_commit(bell.ring)


def release(jobs: Sequence[Job]) -> None:
    """Give back what was claimed and not begun."""
    for job in jobs:
        retry(job, run_at=job.run_at, failed=False)


def renew(pks: Collection[int], *, worker: str, lease: float) -> None:
    """Prolong the leases of the jobs that a worker has in hand.

    `pks` may grow while this waits for its turn to write, and is only read then: who claims a job
    meanwhile has it renewed, too.
    """
    with transaction.atomic():
        held = Job.objects.filter(pk__in=list(pks), worker=worker, status=Job.Status.RUNNING)
        # Skip what another thread is finishing: waiting for it here could be a deadlock.
        locked = held.select_for_update(skip_locked=connection.features.has_select_for_update)
        free = list(locked.values_list("pk", flat=True))
        until = clock.now() + timedelta(seconds=lease)
        Job.objects.filter(pk__in=free).update(lease_until=until)


def reap() -> int:
    """Let the jobs of dead workers wait again; give up one that has killed too many of them."""
    now = clock.now()
    lapsed = Job.objects.filter(status=Job.Status.RUNNING, lease_until__lt=now)
    reaped = 0
    for job in lapsed.order_by("lease_until")[:100]:
        if job.attempts - job.failures > LAPSES:
            error = f"{LAPSES} workers ended while they ran this job."
            reaped += fail(job, error=error, lapsed=now)
        else:
            reaped += retry(job, run_at=now, failed=False, lapsed=now)
    if reaped:
        bell.ring()
    return reaped


def prune(*, done: timedelta, failed: timedelta) -> int:
    """Delete what ended longer ago than this; return how many rows."""
    now = clock.now()
    old = Q(status=Job.Status.DONE, finished_at__lt=now - done)
    old |= Q(status=Job.Status.FAILED, finished_at__lt=now - failed)
    return Job.objects.filter(old).delete()[0]


def _running(job: Job, lapsed: datetime | None) -> Any:
    claimed = Job.objects.filter(pk=job.pk, attempts=job.attempts, status=Job.Status.RUNNING)
    return claimed.filter(lease_until__lt=lapsed) if lapsed else claimed


def _time(value: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(value)
