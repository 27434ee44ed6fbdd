"""The thread that follows the event log and hands on what is new: one in each process."""

from __future__ import annotations

import threading
from collections.abc import Callable

import structlog
from django.db import Error, connection

from codetrack.core import commits, events
from codetrack.live import reading
from codetrack.live.memory import Entry

#: How often SQLite is asked: what happens is seen after half of it, on average.
LOOK_SECONDS = 0.1
#: What comes at once is read at once: many transactions are one look.
REST_SECONDS = 0.02

log = structlog.get_logger(__name__)


class Tail(threading.Thread):
    """Hands every event after the place `after` to `take`, once and in order; in its own thread."""

    def __init__(self, *, after: int, take: Callable[[list[Entry]], object]) -> None:
        super().__init__(name="live-tail", daemon=True)
        self._after = after
        self._take = take
        self._stopping = threading.Event()

    def run(self) -> None:
        channel = events.CHANNEL
        while not self._stopping.is_set():
            try:
                commits.follow(
                    self._stopping, self._look, channel=channel, every=LOOK_SECONDS, doubt=True
                )
            except Error as error:
                log.warning("live.not_following", error=str(error))
            finally:
                connection.close()
            self._stopping.wait(1)

    def _look(self) -> None:
        while entries := reading.after(self._after):
            self._after = entries[-1].seq
            self._take(entries)
            self._stopping.wait(REST_SECONDS)

    def stop(self) -> None:
        """End it, and wait until its connections are closed."""
        self._stopping.set()
        self.join()
