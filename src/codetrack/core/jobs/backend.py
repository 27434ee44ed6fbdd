"""The backend for `django.tasks` that keeps jobs in the table `Job`; `worker` runs them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.tasks import Task, TaskResult, TaskResultStatus
from django.tasks.backends.base import BaseTaskBackend
from django.tasks.signals import task_enqueued

from codetrack.core import clock
from codetrack.core.jobs import lease
from codetrack.core.models import Job

if TYPE_CHECKING:
    type AnyTask = Task[..., Any]
    BaseTask = Task[..., Any]
else:
    BaseTask = Task


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseTask(BaseTask):
    """A task with what a worker has to know of it."""

    #: After so many errors the job has failed.
    max_attempts: int = 5
    #: Seconds before the second try, doubled with each further one up to an hour, ± 50 %.
    backoff: float = 2.0
    #: Run in one transaction with writing the outcome: rows are written exactly once. Such a task
    #: may not talk to the outside.
    atomic: bool = False


class LeaseBackend(BaseTaskBackend):
    """Enqueues in the caller's transaction.

    `OPTIONS["batch"]` says how many jobs of a queue a worker takes at once, 1 where it says
    nothing: more for queues of short jobs.
    """

    task_class = LeaseTask
    supports_defer = True
    supports_priority = True

    def batch(self, queue: str) -> int:
        sizes: Mapping[str, int] = self.options.get("batch", {})
        return sizes.get(queue, 1)

    def enqueue(  # type: ignore[override]  # the stub's parameters cannot be bound here
        self, task: AnyTask, args: Sequence[Any], kwargs: Mapping[str, Any]
    ) -> TaskResult[..., Any]:
        pk = self.put(task, args, kwargs)
        result = _result(task, str(pk), args, kwargs)
        task_enqueued.send(type(self), task_result=result)
        return result

    def put(
        self,
        task: AnyTask,
        args: Sequence[Any],
        kwargs: Mapping[str, Any],
        *,
        key: str | None = None,
    ) -> int:
        """Enqueue and return the id of the job: a new one, or the waiting one with this key."""
        now = clock.now()
        return lease.enqueue(
            lease.New(
                queue=task.queue_name,
                task=task.module_path,
                args={"args": list(args), "kwargs": dict(kwargs)},
                key=key,
                priority=task.priority,
                run_at=task.run_after or now,
                max_attempts=getattr(task, "max_attempts", 5),
            ),
            now=now,
        )


def put(
    task: AnyTask, args: Sequence[Any], kwargs: Mapping[str, Any], *, key: str | None = None
) -> None:
    """Enqueue on whatever backend the task has. The queue of a fleet knows no keys: that costs a
    needless run now and then, and no harm, because tasks are safe to repeat.
    """
    backend = task.get_backend()
    if isinstance(backend, LeaseBackend):
        backend.put(task, args, kwargs, key=key)
    else:
        task.enqueue(*args, **kwargs)


def result_of(task: AnyTask, job: Job) -> TaskResult[..., Any]:
    """What a task that takes its context may know of its job."""
    result = _result(task, str(job.pk), job.args["args"], job.args["kwargs"])
    result.worker_ids.extend([job.worker] * (job.failures + 1))
    return result


def _result(
    task: AnyTask, pk: str, args: Sequence[Any], kwargs: Mapping[str, Any]
) -> TaskResult[..., Any]:
    return TaskResult(
        task=task,
        id=pk,
        status=TaskResultStatus.READY,
        enqueued_at=clock.now(),
        started_at=None,
        finished_at=None,
        last_attempted_at=None,
        args=list(args),
        kwargs=dict(kwargs),
        backend=task.backend,
        errors=[],
        worker_ids=[],
    )
