"""How a waiting worker hears of new jobs at once; it looks by itself every second all the same."""

from __future__ import annotations

import threading

import structlog
from django.db import Error, connection

from codetrack.core import commits

CHANNEL = "codetrack_jobs"
#: How often SQLite is asked.
LOOK_SECONDS = 0.05

log = structlog.get_logger(__name__)


class Bell:
    """Rung when there may be work. A sleeper names the count it saw, so that no ring is missed."""

    def __init__(self) -> None:
        self._rung = threading.Condition()
        self.count = 0

    def ring(self) -> None:
        with self._rung:
            self.count += 1
            self._rung.notify_all()

    def sleep(self, seen: int, *, seconds: float) -> None:
        """Return when the count is no longer `seen`, or after `seconds`."""
        with self._rung:
            self._rung.wait_for(lambda: self.count != seen, timeout=seconds)


bell = Bell()


def listen(stopping: threading.Event) -> None:
    """Ring the bell for commits of other processes until `stopping`; for a thread of its own."""
    while not stopping.is_set():
        try:
            commits.follow(stopping, bell.ring, channel=CHANNEL, every=LOOK_SECONDS)
        except Error as error:
            log.warning("jobs.not_listening", error=str(error))
        finally:
            connection.close()
        stopping.wait(1)
