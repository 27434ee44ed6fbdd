"""A few threads that ask the database for the loop, which never waits."""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import InterfaceError, OperationalError, close_old_connections, connections

THREADS = 4
#: So many questions may wait, and so long; after that, whoever asked is told to come back.
WAITING, PATIENCE_SECONDS = 5_000, 10
#: So long a connection to the database is trusted without a look at it.
TRUST_SECONDS = 1

_thread = threading.local()


class Busy(Exception):
    """More is asked than can be answered soon."""


class Asking:
    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="live-asking")
        self._waiting = 0

    async def ask[T](self, question: Callable[[], T]) -> T:
        """The answer; raises what the question raises, or Busy. A question may be asked twice."""
        if self._waiting >= WAITING:
            raise Busy
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            asked = time.monotonic()
            return await loop.run_in_executor(self._threads, _answer, question, asked)
        finally:
            self._waiting -= 1

    def stop(self) -> None:
        """End the threads, each of which has to close its own connection."""
        together = Barrier(THREADS)
        for _ in range(THREADS):
            self._threads.submit(_leave, together)
        self._threads.shutdown()


def _answer[T](question: Callable[[], T], asked: float) -> T:
    now = time.monotonic()
    if now - asked > PATIENCE_SECONDS:
        raise Busy
    if now - getattr(_thread, "looked", 0) > TRUST_SECONDS:
        close_old_connections()
        _thread.looked = now
    try:
        return question()
    except (InterfaceError, OperationalError):  # the database was restarted since the last look
        close_old_connections()
        return question()  # it only reads


def _leave(together: Barrier) -> None:
    together.wait()
    connections.close_all()
