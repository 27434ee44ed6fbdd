"""How a job runs, fails, comes back, and is fenced off from a worker that lost it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from codetrack.core import clock
from codetrack.core.jobs import lease, runner
from codetrack.core.jobs import worker as workers_module
from codetrack.core.jobs.worker import Worker
from codetrack.core.models import Bucket, Job
from codetrack.core.testing import HeldClock, hold_clock, run_jobs
from tests.core import work
from tests.core.names import later

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def forget() -> None:
    work.started.clear()


@pytest.fixture
def held() -> Iterator[HeldClock]:
    with hold_clock() as clock_in_hand:
        yield clock_in_hand


def test_jobs_run_by_priority_then_age() -> None:
    for text, priority in [("first", 0), ("urgent", 10), ("second", 0), ("idle", -5)]:
        later(work.note, text, priority=priority)
    assert run_jobs() == 4
    assert work.started == ["urgent", "first", "second", "idle"]
    assert set(Job.objects.values_list("status", flat=True)) == {Job.Status.DONE}


def test_an_error_is_tried_again_ever_later_then_given_up(held: HeldClock) -> None:
    later(work.stumble, "a")
    waits = []
    for _ in range(3):
        before = clock.now()
        assert run_jobs() == 1
        job = Job.objects.get()
        waits.append((job.run_at - before).total_seconds())
        held.forward(hours=1)
    assert 5 <= waits[0] <= 15 and 10 <= waits[1] <= 30
    assert job.status == Job.Status.FAILED and job.failures == 3
    assert "The moon is in the way." in job.error
    assert run_jobs() == 0


def test_who_names_a_time_is_asked_then(held: HeldClock) -> None:
    later(work.come_back, 90.0)
    run_jobs()
    assert Job.objects.get().run_at == clock.now() + timedelta(seconds=90)


def test_what_cannot_go_well_is_not_tried_again() -> None:
    later(work.refuse)
    run_jobs()
    job = Job.objects.get()
    assert job.status == Job.Status.FAILED and job.attempts == 1


def test_a_job_whose_task_is_gone_waits_for_the_code_that_has_it() -> None:
    pk = later(work.note, "a")
    Job.objects.filter(pk=pk).update(task="tests.core.work.removed")
    with pytest.raises(ImportError):
        run_jobs()
    job = Job.objects.get()
    assert job.status == Job.Status.READY and "removed" in job.error


def test_a_surprise_is_raised_in_tests() -> None:
    later(work.note)
    with pytest.raises(TypeError):
        run_jobs()
    assert Job.objects.get().status == Job.Status.READY


def test_rows_of_an_atomic_task_are_undone_with_its_error(held: HeldClock) -> None:
    later(work.count, "runs", True)
    run_jobs()
    assert not Bucket.objects.filter(key="runs").exists()
    assert Job.objects.get().status == Job.Status.READY


def test_an_atomic_task_that_lost_its_lease_writes_nothing(held: HeldClock) -> None:
    later(work.count, "runs")
    [mine] = _claim("slow")
    held.forward(seconds=31)
    assert lease.reap() == 1
    [theirs] = _claim("fast")
    assert not runner.execute(mine)
    assert not Bucket.objects.filter(key="runs").exists()
    runner.execute(theirs)
    assert Bucket.objects.get(key="runs").tokens == 1
    assert Job.objects.get().status == Job.Status.DONE


def test_a_late_outcome_of_a_lost_lease_is_ignored(held: HeldClock) -> None:
    later(work.note, "a")
    [mine] = _claim("slow")
    held.forward(seconds=31)
    lease.reap()
    [theirs] = _claim("fast")
    assert lease.finish([mine]) == 0
    assert not lease.fail(mine, error="too late")
    assert not lease.retry(mine, run_at=clock.now())
    assert lease.finish([theirs]) == 1


def test_a_lease_in_hand_is_renewed_and_another_is_not(held: HeldClock) -> None:
    later(work.note, "a")
    later(work.note, "b")
    first, _second = _claim("w")
    held.forward(seconds=20)
    lease.renew([first.pk], worker="w", lease=30)
    held.forward(seconds=20)
    assert lease.reap() == 1
    first.refresh_from_db()
    assert first.status == Job.Status.RUNNING


def test_a_job_that_kills_its_workers_is_given_up(held: HeldClock) -> None:
    later(work.note, "a")
    for _ in range(lease.LAPSES + 1):
        assert len(_claim("w")) == 1
        held.forward(seconds=31)
        lease.reap()
    job = Job.objects.get()
    assert job.status == Job.Status.FAILED and "workers ended" in job.error


def test_what_was_claimed_and_not_begun_is_given_back() -> None:
    later(work.note, "a")
    later(work.note, "b")
    lease.release(_claim("w"))
    assert run_jobs() == 2
    assert work.started == ["a", "b"]


def test_ended_jobs_are_pruned_by_age(held: HeldClock) -> None:
    later(work.note, "a")
    later(work.refuse)
    run_jobs()
    held.forward(days=2)
    later(work.note, "b")
    lease.prune(done=timedelta(days=1), failed=timedelta(days=30))
    assert sorted(Job.objects.values_list("status", flat=True)) == [0, 3]
    held.forward(days=30)
    lease.prune(done=timedelta(days=1), failed=timedelta(days=30))
    assert list(Job.objects.values_list("status", flat=True)) == [0]


def test_a_batch_is_marked_done_in_one_statement(
    django_assert_max_num_queries: DjangoAssertNumQueries, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(workers_module, "FLUSH_SECONDS", 600.0)  # however long it takes here
    for number in range(10):
        later(work.note, str(number))
    with django_assert_max_num_queries(12):
        assert Worker(["default"]).run_until_idle() == 10


def _claim(worker: str) -> list[Job]:
    return lease.claim(queue="default", worker=worker, limit=10, lease=30)
