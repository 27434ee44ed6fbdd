"""A job belongs to the transaction that enqueues it, and is one of its key."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import transaction
from django.tasks import TaskResultStatus, task_backends
from django.tasks.backends.dummy import DummyBackend
from django.tasks.exceptions import InvalidTask
from pytest_django.fixtures import Settings

from codetrack.core import clock, jobs
from codetrack.core.jobs import lease
from codetrack.core.models import Job
from codetrack.core.testing import hold_clock, run_jobs
from tests.core import work
from tests.core.names import later

pytestmark = pytest.mark.django_db


class Undone(Exception):
    pass


def test_a_job_is_gone_with_its_transaction() -> None:
    with suppress(Undone), transaction.atomic():
        later(work.note, "a")
        assert Job.objects.count() == 1
        raise Undone
    assert not Job.objects.exists()


def test_a_job_is_named_by_app_and_function() -> None:
    jobs.later("core.send_mail", 12)
    job = Job.objects.get()
    assert job.task == "codetrack.core.tasks.send_mail"
    assert job.args == {"args": [12], "kwargs": {}}
    assert job.queue == "mail" and job.status == Job.Status.READY


@pytest.mark.parametrize("name", ["core.no_such", "nowhere.send_mail", "send_mail", "core.mail"])
def test_a_wrong_name_is_refused_at_once(name: str) -> None:
    with pytest.raises(LookupError):
        jobs.later(name)


def test_django_enqueues_too() -> None:
    result = work.note.using(priority=7).enqueue("a")
    assert result.status == TaskResultStatus.READY
    assert Job.objects.get(pk=int(result.id)).priority == 7


def test_a_queue_that_nobody_serves_is_refused() -> None:
    with pytest.raises(InvalidTask):
        work.note.using(queue_name="nowhere")


def test_a_job_for_later_waits() -> None:
    with hold_clock() as held:
        later(work.note, "a", run_after=clock.now() + timedelta(minutes=5))
        assert run_jobs() == 0
        held.forward(minutes=5)
        assert run_jobs() == 1


def test_one_job_of_a_key_waits() -> None:
    later(work.note, "a", key="k")
    later(work.note, "a", key="k")
    later(work.note, "b", key="other")
    later(work.note, "c")
    later(work.note, "c")
    assert Job.objects.count() == 4


def test_the_earlier_time_and_the_higher_priority_count() -> None:
    soon, late = clock.now() + timedelta(hours=1), clock.now() + timedelta(hours=2)
    later(work.note, "a", key="k", run_after=late, priority=1)
    later(work.note, "a", key="k", run_after=soon, priority=5)
    later(work.note, "a", key="k", run_after=late, priority=3)
    job = Job.objects.get()
    assert (job.run_at, job.priority) == (soon, 5)


def test_a_job_that_waits_after_an_error_keeps_its_back_off() -> None:
    with hold_clock():
        later(work.stumble, "a", key="k")
        run_jobs()
        waits_until = Job.objects.get().run_at
        later(work.stumble, "a", key="k")
        assert Job.objects.get().run_at == waits_until > clock.now()


def test_a_like_job_may_wait_while_one_runs_but_not_run_with_it() -> None:
    later(work.note, "a", key="k")
    [running] = _claim()
    later(work.note, "a", key="k")
    assert Job.objects.filter(key="k").count() == 2
    assert _claim() == []
    lease.finish([running])
    assert len(_claim()) == 1


def test_a_retry_takes_the_place_of_a_like_job_enqueued_meanwhile() -> None:
    later(work.note, "a", key="k")
    [running] = _claim()
    later(work.note, "a", key="k")
    at = clock.now() + timedelta(minutes=1)
    assert lease.retry(running, run_at=at)
    job = Job.objects.get()
    assert (job.pk, job.run_at, job.failures) == (running.pk, at, 1)


def test_a_lost_lease_takes_nobodys_place() -> None:
    later(work.note, "a", key="k")
    [running] = _claim()
    lease.fail(running, error="")
    later(work.note, "a", key="k")
    assert not lease.retry(running, run_at=clock.now())
    assert Job.objects.filter(key="k", status=Job.Status.READY).count() == 1


@pytest.fixture
def another_backend(settings: Settings) -> DummyBackend:
    name = "django.tasks.backends.dummy.DummyBackend"
    settings.TASKS = {"default": {"BACKEND": name, "QUEUES": settings.JOB_QUEUES}}
    backend = task_backends["default"]
    assert isinstance(backend, DummyBackend)
    return backend


def test_tasks_can_be_declared_and_enqueued_on_another_backend(
    another_backend: DummyBackend,
) -> None:
    task = jobs.task(queue_name="sync", max_attempts=9)(work.no_task)
    assert task.queue_name == "sync" and not hasattr(task, "max_attempts")
    jobs.later("core.send_mail", 12, key="k")
    assert [result.args for result in another_backend.results] == [[12]]
    assert not Job.objects.exists()


def test_an_atomic_task_is_so_on_another_backend(another_backend: DummyBackend) -> None:
    depths = []

    def look() -> None:
        depths.append(len(transaction.get_connection().savepoint_ids))

    look.__qualname__ = "look"  # tasks have to look as if they stood in a module
    for atomic in (False, True):
        jobs.task(atomic=atomic)(look).call()
    assert depths[1] == depths[0] + 1


def _claim() -> list[Job]:
    return lease.claim(queue="default", worker="w", limit=10, lease=30)
