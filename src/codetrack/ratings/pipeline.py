"""Asking a platform for many things: a few threads fetch while the caller writes what has come."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Sequence
from queue import SimpleQueue

import structlog
from django.db import connections

from codetrack.core.sqlite import turns
from codetrack.platforms.base import (
    Blocked,
    ChangedLayout,
    Invalid,
    NotFound,
    PlatformError,
    Private,
    RateLimited,
)

log = structlog.get_logger(__name__)
type Answers[T, R] = Generator[tuple[T, R | PlatformError]]

# Each thread takes the next slot of the platform's limit and waits for it. With this many ahead,
# a slow answer or a busy database leaves no slot unused.
THREADS = 3
ALONE = 3  # so few things are fetched by the caller itself
ODD = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
HOPELESS = 3  # failures in a row after which the rest is not asked for
TOLD = (NotFound, Invalid, Private)  # errors by which the platform tells something: it is at work


def fetch_all[T, R](fetch: Callable[[T], R], wanted: Sequence[T]) -> Answers[T, R]:
    """What `fetch` says of each thing, as it comes in. Errors of the platform are answers, too.

    So is what odd data makes of an adapter: `ChangedLayout`, of this one thing alone.

    Ends early, leaving things out, when the platform does not let us in, asks us to slow down, or
    fails several times in a row. Any other exception of `fetch` is raised here.
    """
    pool = _Pool(fetch, wanted)
    try:
        yield from pool.alone() if len(wanted) <= ALONE else pool.threaded()
    finally:
        pool.stop()


class _Pool[T, R]:
    """Shares out what is wanted, and collects what was fetched."""

    def __init__(self, fetch: Callable[[T], R], wanted: Sequence[T]) -> None:
        self.fetch = fetch
        self._wanted = iter(wanted)
        self._lock = threading.Lock()
        self._stopped = False
        self._failures = 0
        self._threads: list[threading.Thread] = []
        # An answer, or the exception that ended a thread, or None when a thread has nothing left.
        self._out: SimpleQueue[tuple[T, R | PlatformError] | BaseException | None] = SimpleQueue()

    def alone(self) -> Answers[T, R]:
        while (thing := self._next()) is not None:
            yield thing[0], self._ask(thing[0])

    def threaded(self) -> Answers[T, R]:
        names = [f"fetch-{number}" for number in range(THREADS)]
        self._threads = [
            threading.Thread(target=self._work, name=one, daemon=True) for one in names
        ]
        for thread in self._threads:
            thread.start()
        running = len(self._threads)
        while running:
            answer = self._out.get()
            if answer is None:
                running -= 1
            elif isinstance(answer, BaseException):
                raise answer
            else:
                yield answer

    def stop(self) -> None:
        """Let no thread take another thing, and wait for those under way."""
        self._stopped = True
        for thread in self._threads:
            thread.join()

    def _work(self) -> None:
        turns.let_others_pass()
        try:
            while (thing := self._next()) is not None:
                self._out.put((thing[0], self._ask(thing[0])))
            self._out.put(None)
        except BaseException as error:  # noqa: BLE001 - raised again where the answers are taken
            self._out.put(error)
        finally:
            connections.close_all()

    def _next(self) -> tuple[T] | None:
        with self._lock:
            if self._stopped:
                return None
            return next(((thing,) for thing in self._wanted), None)

    def _ask(self, thing: T) -> R | PlatformError:
        try:
            answer = self.fetch(thing)
        except ODD as error:
            log.exception("ratings.odd_answer")
            return ChangedLayout(f"An answer that cannot be read: {type(error).__name__}.")
        except PlatformError as error:
            self._failures = 0 if isinstance(error, TOLD) else self._failures + 1
            if self._failures >= HOPELESS or isinstance(error, Blocked | RateLimited):
                self._stopped = True
            return error
        self._failures = 0
        return answer
