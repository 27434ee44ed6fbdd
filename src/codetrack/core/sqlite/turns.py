"""Whose turn it is to write, among the threads of this process.

SQLite lets one write at a time, and whoever waits asks again after 100 ms at the most, by chance
when nobody writes. Between jobs of many threads a click would find such a moment after seconds:
here those who came first are first, and jobs let clicks pass.
"""

from __future__ import annotations

import threading
import time
from collections import deque

from codetrack.core.sqlite.waiting import Waiting

LONG_SECONDS = 0.25
PAUSE_SECONDS = 0.11  # longer than whoever waits in another process sleeps
PASSING = 4  # so many clicks pass a job that waits

_this_thread = threading.local()


def let_others_pass() -> None:
    """From now on, what this thread writes can wait: nobody looks at it."""
    _this_thread.waits = True


class Turns:
    """A lock that is given in the order in which it was asked for, sooner to those in a hurry."""

    def __init__(self, waiting: Waiting | None = None) -> None:
        self.waiting = waiting or Waiting("")
        self._lock = threading.Lock()
        self._hurried, self._others = deque[threading.Event](), deque[threading.Event]()
        self._taken = False
        self._passed = 0
        self._began = self._ended = self._spent = 0.0

    def take(self, seconds: float) -> bool:
        """Wait for one's turn; False when it did not come in this time."""
        line = self._others if hasattr(_this_thread, "waits") else self._hurried
        with self._lock:
            if not self._taken:
                return self._begin()
            mine = threading.Event()
            line.append(mine)
        if mine.wait(seconds):
            return True
        with self._lock:
            if mine.is_set():
                return True
            line.remove(mine)
            return False

    def give(self) -> None:
        """Let the next one write. Jobs that wrote for long give other processes, where one waits, a
        moment before.
        """
        self._spent += time.monotonic() - self._began
        is_long = self._spent > LONG_SECONDS and hasattr(_this_thread, "waits")
        if is_long and self.waiting.is_somebody():
            time.sleep(PAUSE_SECONDS)
            self._spent = 0.0
        with self._lock:
            self._taken, self._ended = False, time.monotonic()
            if self._hurried or self._others:
                self._begin()
                self._next().set()

    def _next(self) -> threading.Event:
        if self._hurried and not (self._others and self._passed == PASSING):
            self._passed += bool(self._others)
            return self._hurried.popleft()
        self._passed = 0
        return self._others.popleft()

    def _begin(self) -> bool:
        now = time.monotonic()
        if now - self._ended > PAUSE_SECONDS:
            self._spent = 0.0  # whoever waited had a moment
        self._taken, self._began = True, now
        return True
