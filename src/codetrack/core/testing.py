"""What tests of every app need of core: a held clock, and jobs that run when the test says so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

from codetrack.core import clock
from codetrack.core.errors import HouseError
from codetrack.core.jobs.worker import Worker
from codetrack.core.models import Job


def run_jobs(queues: Sequence[str] | None = None) -> int:
    """Number the events and run, in this thread, what is due until nothing is; return how many.

    An error of the house is an outcome and is only written to its job; any other is raised here.
    """
    return Worker(queues, on_error=_raise_surprises).run_until_idle()


def _raise_surprises(job: Job, error: Exception) -> None:
    if not isinstance(error, HouseError):
        raise error


class HeldClock:
    """A clock that only moves when told to, or when the code under test waits."""

    def __init__(self, at: datetime) -> None:
        self.at = at.astimezone(UTC)

    def timestamp(self) -> float:
        return self.at.timestamp()

    def forward(
        self, *, seconds: float = 0, minutes: float = 0, hours: float = 0, days: float = 0
    ) -> None:
        self.at += timedelta(seconds=seconds, minutes=minutes, hours=hours, days=days)


@contextmanager
def hold_clock(at: datetime | None = None) -> Iterator[HeldClock]:
    """Hold `core.clock` at a moment (now, if none is given): `with hold_clock() as held:`.

    Within another one it gives the clock back to that.
    """
    held, before = HeldClock(at or clock.now()), clock.source()
    clock.set_source(held.timestamp, sleep=lambda seconds: held.forward(seconds=seconds))
    try:
        yield held
    finally:
        clock.set_source(*before)
