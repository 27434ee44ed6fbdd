"""Runs one claimed job and writes how it ended. Whether and when jobs are claimed is `worker`'s."""

from __future__ import annotations

import random
import traceback
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import structlog
from django.db import connection, transaction
from django.tasks import Task, TaskContext
from django.utils.module_loading import import_string

from codetrack.core import clock
from codetrack.core.jobs import backend, lease
from codetrack.core.models import Job

LONGEST_WAIT = 3600.0
ERROR_LENGTH = 8000

log = structlog.get_logger(__name__)
type AnyTask = Task[..., Any]
type OnError = Callable[[Job, Exception], None]


class LostLease(Exception):
    """Another worker has this job by now: what was about to be written is rolled back."""


def log_error(job: Job, error: Exception) -> None:
    log.warning("jobs.error", job=job.pk, task=job.task, error=str(error), exc_info=error)


def execute(job: Job, *, on_error: OnError = log_error) -> bool:
    """Run a job; True if it went well and is still to be marked done.

    An error is written down (wait again, or failed), then told to `on_error`.
    """
    task: AnyTask | None = None
    try:
        task = _load(job)
        return _run(task, job)
    except LostLease:
        log.warning("jobs.lost_lease", job=job.pk, task=job.task)
    except Exception as error:  # noqa: BLE001 - the border between our code and any task's
        _settle(job, error, backoff=getattr(task, "backoff", 2.0))
        on_error(job, error)
    return False


def _load(job: Job) -> AnyTask:
    task = import_string(job.task)
    if not isinstance(task, Task):
        raise TypeError(f"{job.task} is not a task.")
    return task


def _run(task: AnyTask, job: Job) -> bool:
    args, kwargs = job.args["args"], job.args["kwargs"]
    if task.takes_context:
        args = [TaskContext(task_result=backend.result_of(task, job)), *args]
    if not getattr(task, "atomic", False):
        task.call(*args, **kwargs)
        return True
    with transaction.atomic():
        task.call(*args, **kwargs)
        if not lease.finish([job]):
            raise LostLease
    return False


def _settle(job: Job, error: Exception, *, backoff: float) -> None:
    """Write down that a job went wrong: it waits for its next try, or has failed."""
    if not connection.in_atomic_block:  # a test's own transaction has to survive
        connection.close_if_unusable_or_obsolete()  # the error may be that of the connection
    text = "".join(traceback.format_exception(error))[-ERROR_LENGTH:]
    if getattr(error, "permanent", False) or job.failures + 1 >= job.max_attempts:
        lease.fail(job, error=text)
        return
    jitter = random.uniform(0.5, 1.5)  # noqa: S311 - spreads load, guards nothing
    wait = (
        getattr(error, "retry_after", None) or min(LONGEST_WAIT, backoff * 2**job.failures) * jitter
    )
    lease.retry(job, run_at=clock.now() + timedelta(seconds=wait), error=text)
