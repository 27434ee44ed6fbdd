"""What apps use of the queue: declaring a task, enqueueing one by name, repeating one."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import django.tasks
from django.apps import apps
from django.db import transaction
from django.tasks import Task, task_backends
from django.utils.module_loading import import_string

from codetrack.core.jobs import backend, lease, schedule
from codetrack.core.jobs.backend import LeaseBackend

type AnyTask = Task[..., Any]
# The stub of Django's decorator knows no options of backends.
_task: Callable[..., Callable[[Callable[..., object]], AnyTask]] = django.tasks.task


def task(
    *,
    queue_name: str = "default",
    priority: int = 0,
    max_attempts: int = 5,
    backoff: float = 2.0,
    atomic: bool = False,
) -> Callable[[Callable[..., object]], AnyTask]:
    """Make a function of a `tasks.py` a task; the options are those of `backend.LeaseTask`.

    Another backend named in TASKS tries again by its own rules; `atomic` holds there too.
    """
    if isinstance(task_backends["default"], LeaseBackend):
        options = {"max_attempts": max_attempts, "backoff": backoff, "atomic": atomic}
        return _task(queue_name=queue_name, priority=priority, **options)
    plain = _task(queue_name=queue_name, priority=priority)
    return (lambda function: plain(transaction.atomic(function))) if atomic else plain


def later(
    name: str,
    *args: object,
    key: str | None = None,
    run_after: datetime | None = None,
    priority: int | None = None,
    **kwargs: object,
) -> None:
    """Enqueue the task `name` ("ratings.sync_due": app label, function of its `tasks.py`).

    The job belongs to the caller's transaction. With a `key` it is merged into a job of this key
    that waits already. Arguments are ids and plain values. Raises LookupError for an unknown name.
    """
    wanted = resolve(name)
    if run_after or priority is not None:
        wanted = wanted.using(run_after=run_after, priority=priority)
    backend.put(wanted, args, kwargs, key=key)


def place(key: str) -> int | None:
    """How many jobs of its queue come before the one that waits with this key; those that run now
    count. None when none waits: it runs, is done, or stands in the queue of another backend.
    """
    return lease.ahead_of(key)


@cache
def resolve(name: str) -> AnyTask:
    """The task of this name; raises LookupError saying what is missing."""
    label, _, function = name.partition(".")
    module = f"{apps.get_app_config(label).name}.tasks"
    try:
        found = import_string(f"{module}.{function}")
    except ImportError as error:
        raise LookupError(f"There is no task {name!r}: {error}.") from error
    if not isinstance(found, Task):
        raise LookupError(f"{module}.{function} is no task: it lacks @jobs.task().")
    return found


def every(
    *, seconds: float = 0, minutes: float = 0, hours: float = 0, cron: str = ""
) -> Callable[[AnyTask], AnyTask]:
    """Repeat a task without arguments: at an interval, or by five cron fields in UTC.

    Written above `@jobs.task()`. After downtime it runs once, not once for every missed time.
    """
    interval = timedelta(seconds=seconds, minutes=minutes, hours=hours)

    def register(wanted: AnyTask) -> AnyTask:
        schedule.register(wanted, schedule.Cron(cron) if cron else schedule.Interval(interval))
        return wanted

    return register
