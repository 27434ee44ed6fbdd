"""A worker with its threads, over a real database that all of them share."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta

import pytest
from django.db import connection, transaction

from codetrack.core import clock
from codetrack.core.jobs import lease, schedule
from codetrack.core.jobs import worker as workers_module
from codetrack.core.jobs.worker import Worker
from codetrack.core.models import Bucket, Job, Schedule
from codetrack.core.testing import hold_clock
from tests.core import work
from tests.core.names import later
from tests.core.waiting import until

pytestmark = pytest.mark.django_db(transaction=True)
HOURLY = schedule.Interval(timedelta(hours=1))


@pytest.fixture(autouse=True)
def only_our_work(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    work.started.clear()
    work.let_go.clear()
    monkeypatch.setattr(schedule, "periodic", {})
    yield
    work.let_go.set()


def test_a_job_starts_at_once_when_it_is_committed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers_module, "TICK_SECONDS", 600.0)  # nobody looks by himself
    with running(Worker(["default"])):
        time.sleep(0.3)  # all threads sleep by now
        with transaction.atomic():
            later(work.note, "a")
            time.sleep(0.2)
            assert work.started == []
        until(lambda: work.started == ["a"])


def test_queues_do_not_hold_each_other_up() -> None:
    with running(Worker(["default", "sync"])):
        later(work.held, "slow")
        until(lambda: work.started == ["slow"])
        later(work.note, "quick")
        until(lambda: "quick" in work.started)
        work.let_go.set()


def test_many_workers_run_each_job_once() -> None:
    for number in range(200):
        later(work.count, f"runs-{number}")
    with ExitStack() as workers:
        for _ in range(3):
            workers.enter_context(running(Worker(["default"], threads=2)))
        until(lambda: not Job.objects.exclude(status=Job.Status.DONE).exists(), seconds=90)
    counted = Bucket.objects.filter(key__startswith="runs-")
    assert list(counted.values_list("tokens", flat=True)) == [1] * 200
    assert set(Job.objects.values_list("attempts", flat=True)) == {1}


def test_jobs_of_one_key_never_overlap() -> None:
    with running(Worker(["sync"], threads=3)):
        for number in range(4):
            later(work.slow, str(number), 0.2, key="one")
            until(lambda n=number: len(work.started) == n + 1)  # type: ignore[misc]
            assert Job.objects.filter(key="one", status=Job.Status.RUNNING).count() <= 1
    assert work.started == ["0", "1", "2", "3"]


def test_a_waiting_job_is_not_taken_before_its_second_caller_has_committed() -> None:
    if connection.vendor != "postgresql":
        pytest.skip("On SQLite nobody claims while somebody else writes.")
    later(work.note, "a", key="one")
    with ExitStack() as worker:
        with transaction.atomic():
            later(work.note, "a", key="one")
            worker.enter_context(running(Worker(["default"])))
            time.sleep(1.5)
            assert work.started == []
        until(lambda: work.started == ["a"])
    assert Job.objects.filter(key="one").count() == 1


def test_stopping_waits_for_what_runs_and_gives_back_the_rest() -> None:
    for number in range(5):
        later(work.held, str(number))
    worker = Worker(["sync"], threads=1)
    worker.start()
    until(lambda: bool(work.started))
    stopping = threading.Thread(target=stop, args=(worker,))
    stopping.start()
    until(worker._stopping.is_set)
    assert Job.objects.filter(status=Job.Status.RUNNING).count() == 1
    work.let_go.set()
    stopping.join()
    assert len(work.started) == Job.objects.filter(status=Job.Status.DONE).count() == 1
    assert Job.objects.filter(status=Job.Status.READY).count() == 4


def stop(worker: Worker) -> None:
    worker.stop()
    connection.close()


def test_stopping_gives_back_what_takes_too_long() -> None:
    later(work.held, "long")
    worker = Worker(["sync"])
    worker.start()
    until(lambda: work.started == ["long"])
    worker.stop(grace=0.1)
    assert Job.objects.get().status == Job.Status.READY
    work.let_go.set()
    until(lambda: not threads_named("jobs-sync"))
    assert Job.objects.get().status == Job.Status.READY  # its outcome came too late


def test_a_lease_is_kept_while_its_job_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers_module, "TICK_SECONDS", 0.1)
    job = Job.objects.filter(pk=later(work.held, "long"))
    with hold_clock() as held, running(Worker(["sync"])), running(Worker(["sync"])):
        until(lambda: work.started == ["long"])
        for _ in range(3):
            held.forward(seconds=workers_module.LEASE_SECONDS - 5)
            soon = clock.now() + timedelta(seconds=6)
            until(job.filter(lease_until__gt=soon).exists)
        work.let_go.set()
        until(job.filter(status=Job.Status.DONE).exists)
    assert work.started == ["long"]
    assert job.get().attempts == 1


def test_the_jobs_of_a_dead_worker_are_run_by_another() -> None:
    later(work.note, "a")
    lease.claim(queue="default", worker="dead", limit=10, lease=0.5)
    with running(Worker(["default"])):
        until(lambda: work.started == ["a"])


def test_a_lease_begins_when_the_job_is_claimed_however_long_that_took() -> None:
    if connection.vendor == "postgresql":
        pytest.skip("Nobody waits there to claim.")
    later(work.note, "a")
    written: list[datetime] = []
    with somebody_writes_for(1.0, last=lambda: written.append(clock.now())):
        [job] = lease.claim(queue="default", worker="w", limit=10, lease=0.8)
    assert job.lease_until and job.lease_until >= written[0] + timedelta(seconds=0.8)


def test_a_lease_that_is_renewed_at_the_last_moment_is_kept() -> None:
    later(work.note, "a")
    [job] = lease.claim(queue="default", worker="w", limit=10, lease=0.0)
    with somebody_writes_for(0.5, lambda: lease.renew([job.pk], worker="w", lease=30)):
        assert lease.reap() == 0
    assert Job.objects.get().status == Job.Status.RUNNING


def test_a_job_that_is_claimed_while_a_renewal_waits_is_renewed_with_the_others() -> None:
    if connection.vendor == "postgresql":
        pytest.skip("Nobody waits there to renew.")
    for text in ("a", "b"):
        later(work.note, text)
    first, second = lease.claim(queue="default", worker="w", limit=10, lease=0.5)
    in_hand = {first.pk}
    with somebody_writes_for(0.6, last=lambda: in_hand.add(second.pk)):
        lease.renew(in_hand, worker="w", lease=30)
    assert lease.reap() == 0


def test_a_step_that_fails_does_not_end_its_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    failures: list[int] = []

    def fail() -> None:
        failures.append(1)
        raise KeyError("surprise")

    monkeypatch.setattr(workers_module, "TICK_SECONDS", 0.2)
    monkeypatch.setattr(schedule, "each_second", [fail])
    monkeypatch.setattr(schedule, "plan", fail)
    with running(Worker(["default"])):
        until(lambda: len(failures) >= 2)
        monkeypatch.setattr(schedule, "plan", lambda: 0)
        until(lambda: len(failures) >= 4)
        later(work.note, "a")
        until(lambda: work.started == ["a"])


def test_periodic_tasks_are_enqueued_by_whoever_is_first(monkeypatch: pytest.MonkeyPatch) -> None:
    beat = {work.nothing.module_path: schedule.Periodic(work.nothing, HOURLY)}
    monkeypatch.setattr(schedule, "periodic", beat)
    with running(Worker(["default"])), running(Worker(["default"])):
        until(lambda: Job.objects.filter(task=work.nothing.module_path).exists())
        time.sleep(1.5)
    assert Job.objects.filter(task=work.nothing.module_path).count() == 1
    assert Schedule.objects.get().next_at > clock.now()


@contextmanager
def running(worker: Worker) -> Iterator[Worker]:
    worker.start()
    try:
        yield worker
    finally:
        worker.stop()


@contextmanager
def somebody_writes_for(
    seconds: float, write: Callable[[], object] = str, *, last: Callable[[], object] = str
) -> Iterator[None]:
    """Another process does `write` at first, `last` so much later, and only then commits."""
    begun = threading.Event()

    def hold() -> None:
        with transaction.atomic():
            write()
            begun.set()
            time.sleep(seconds)
            last()
        connection.close()

    writer = threading.Thread(target=hold)
    writer.start()
    begun.wait()
    try:
        yield
    finally:
        writer.join()


def threads_named(prefix: str) -> list[threading.Thread]:
    return [thread for thread in threading.enumerate() if thread.name.startswith(prefix)]
