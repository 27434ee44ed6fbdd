"""`jobs.later` for the tasks of tests, which belong to no app."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.tasks import Task

from codetrack.core.jobs.backend import LeaseBackend


def later(
    task: Task[..., Any],
    *args: object,
    key: str | None = None,
    run_after: datetime | None = None,
    priority: int | None = None,
) -> int:
    """Enqueue and return the id of the job."""
    wanted = task.using(run_after=run_after, priority=priority)
    backend = wanted.get_backend()
    assert isinstance(backend, LeaseBackend)
    return backend.put(wanted, list(args), {}, key=key)
