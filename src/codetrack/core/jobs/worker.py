"""Threads that claim jobs and run them; any number of processes may do so at once."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Protocol

import structlog
from django.conf import settings
from django.db import connection
from django.tasks import task_backends

from codetrack.core.jobs import lease, runner, schedule, wake
from codetrack.core.jobs.backend import LeaseBackend
from codetrack.core.models import Job
from codetrack.core.sqlite import turns

LEASE_SECONDS = 30.0
TICK_SECONDS = 1.0
# Outcomes of short jobs are written together, but no later than this.
FLUSH_SECONDS = 0.1
GRACE_SECONDS = 20.0

log = structlog.get_logger(__name__)


class Worker:
    """Runs the jobs of some queues (of all, if none are named), `threads` at a time for each queue
    (as `settings.JOB_THREADS` has it, if none are given).

    A queue has threads of its own, so that slow syncs never hold up a mail.
    """

    def __init__(
        self,
        queues: Sequence[str] | None = None,
        *,
        threads: int | Mapping[str, int] | None = None,
        lease_seconds: float = LEASE_SECONDS,
        on_error: runner.OnError = runner.log_error,
    ) -> None:
        self.queues = list(queues or settings.JOB_QUEUES)
        self.threads = settings.JOB_THREADS if threads is None else threads
        self.lease_seconds = lease_seconds
        self.on_error = on_error
        self.name = f"{socket.gethostname()[:60]}:{os.getpid()}:{secrets.token_hex(4)}"
        self._stopping = threading.Event()
        self._running: list[threading.Thread] = []
        # Jobs that a thread has in hand: only their leases are renewed.
        self._held: set[int] = set()

    def start(self) -> None:
        """Start the threads and return."""
        self._spawn(self._keep, "keeper")
        self._spawn(partial(wake.listen, self._stopping), "listener")
        for queue in self.queues:
            for number in range(self._threads_of(queue)):
                self._spawn(partial(self._serve, queue), f"{queue}-{number}")

    def stop(self, grace: float = GRACE_SECONDS) -> None:
        """End after the jobs that run now; what still runs after `grace` seconds goes to others."""
        self._stopping.set()
        wake.bell.ring()
        end = time.monotonic() + grace
        for thread in self._running:
            thread.join(max(0.0, end - time.monotonic()))
        held = Job.objects.filter(worker=self.name, status=Job.Status.RUNNING)
        lease.release(list(held))

    def run(self) -> None:
        """The whole life of a worker process."""
        until_told(self)

    def run_until_idle(self) -> int:
        """Run everything that is due, in this thread; return how many jobs were run."""
        count = 0
        while True:
            self._tick()
            done = sum(self._round(queue) for queue in self.queues)
            if not done:
                return count
            count += done

    def _threads_of(self, queue: str) -> int:
        return self.threads if isinstance(self.threads, int) else self.threads.get(queue, 1)

    def _spawn(self, target: Callable[[], None], name: str) -> None:
        thread = threading.Thread(target=target, name=f"jobs-{name}", daemon=True)
        self._running.append(thread)
        thread.start()

    def _serve(self, queue: str) -> None:
        """One thread: claim, run, sleep until something may be due."""
        turns.let_others_pass()
        while not self._stopping.is_set():
            seen = wake.bell.count
            if not self._guarded(partial(self._round, queue)):
                wake.bell.sleep(seen, seconds=TICK_SECONDS)
        connection.close()

    def _keep(self) -> None:
        """The thread that keeps leases alive and looks after what is due."""
        while not self._stopping.is_set() and self._guarded(schedule.plan) is None:
            pass  # without its database it has waited a second by now
        while not self._stopping.is_set():
            self._guarded(self._tick)
            self._stopping.wait(TICK_SECONDS)
        connection.close()

    def _guarded(self, work: Callable[[], int]) -> int | None:
        """Do a step; if it fails (mostly for want of the database) wait a second, return None."""
        try:
            return work()
        except Exception as error:
            log.warning("jobs.step_failed", error=str(error), exc_info=error)
            connection.close()
            self._stopping.wait(TICK_SECONDS)
            return None

    def _tick(self) -> int:
        if self._held:
            lease.renew(self._held, worker=self.name, lease=self.lease_seconds)
        reaped = lease.reap()
        schedule.tick()
        for work in schedule.each_second:
            work()
        return reaped

    def _round(self, queue: str) -> int:
        """Claim a batch and run it; return its size."""
        batch = lease.claim(
            queue=queue, worker=self.name, limit=_batch(queue), lease=self.lease_seconds
        )
        held = [job.pk for job in batch]
        self._held.update(held)
        try:
            self._run(batch)
        finally:
            self._held.difference_update(held)
        return len(batch)

    def _run(self, batch: Sequence[Job]) -> None:
        done: list[Job] = []
        flushed = time.monotonic()
        for number, job in enumerate(batch):
            if self._stopping.is_set():
                lease.release(batch[number:])
                break
            if runner.execute(job, on_error=self.on_error):
                done.append(job)
            if time.monotonic() - flushed > FLUSH_SECONDS:
                lease.finish(done)
                done, flushed = [], time.monotonic()
        lease.finish(done)


class Working(Protocol):
    """Whatever starts threads and ends them."""

    def start(self) -> None: ...
    def stop(self) -> None: ...


def until_told(working: Working) -> None:
    """Start, and stop at SIGTERM or SIGINT."""
    asked = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: asked.set())
    working.start()
    asked.wait()
    working.stop()


def _batch(queue: str) -> int:
    backend = task_backends["default"]
    return backend.batch(queue) if isinstance(backend, LeaseBackend) else 1
