"""A few threads that ask the database for the loop, which never waits."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import close_old_connections, connections

THREADS = 4
#: So many questions are answered in some seconds; who comes later is told to come back.
WAITING = 5_000


class Busy(Exception):
    """More is asked than can be answered soon."""


class Asking:
    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(THREADS, thread_name_prefix="live-asking")
        self._waiting = 0

    async def ask[T](self, question: Callable[[], T]) -> T:
        """The answer; raises what the question raises, or Busy."""
        if self._waiting >= WAITING:
            raise Busy
        self._waiting += 1
        try:
            loop = asyncio.get_running_loop()
            return await loop.run_in_executor(self._threads, _answer, question)
        finally:
            self._waiting -= 1

    def stop(self) -> None:
        """End the threads, each of which has to close its own connection."""
        together = Barrier(THREADS)
        for _ in range(THREADS):
            self._threads.submit(_leave, together)
        self._threads.shutdown()


def _answer[T](question: Callable[[], T]) -> T:
    close_old_connections()
    return question()


def _leave(together: Barrier) -> None:
    together.wait()
    connections.close_all()
