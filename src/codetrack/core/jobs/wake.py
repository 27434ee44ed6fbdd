"""How a waiting worker hears of new jobs at once; it looks by itself every second all the same."""

from __future__ import annotations

import threading
from collections.abc import Callable

import structlog
from django.db import DEFAULT_DB_ALIAS, Error, connection, connections

CHANNEL = "codetrack_jobs"
#: SQLite tells nobody of a commit of another process; reading its counter costs 20 µs.
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
    hear = _hear_postgresql if connection.vendor == "postgresql" else _hear_sqlite
    while not stopping.is_set():
        _try(hear, stopping)
        stopping.wait(1)


def _try(hear: Callable[[threading.Event], None], stopping: threading.Event) -> None:
    try:
        hear(stopping)
    except Error as error:
        log.warning("jobs.not_listening", error=str(error))
    finally:
        connection.close()


def _hear_postgresql(stopping: threading.Event) -> None:
    ear = connections.create_connection(DEFAULT_DB_ALIAS)
    try:
        with ear.cursor() as cursor:
            cursor.execute(f"LISTEN {CHANNEL}")
        bell.ring()  # for what was said before we listened
        while not stopping.is_set():
            with ear.wrap_database_errors:
                for _ in ear.connection.notifies(timeout=0.5, stop_after=1):
                    bell.ring()
    finally:
        ear.close()


def _hear_sqlite(stopping: threading.Event) -> None:
    seen = None
    with connection.cursor() as cursor:
        while not stopping.wait(LOOK_SECONDS):
            version = cursor.execute("PRAGMA data_version").fetchone()
            if version != seen:
                bell.ring()
            seen = version
