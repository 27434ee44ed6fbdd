"""Asking a platform for many things: a few threads fetch while the caller writes what has come."""

from __future__ import annotations

import threading
from collections.abc import Callable, Generator, Iterable, Sequence
from queue import SimpleQueue

from django.db import connections

from codetrack.platforms.base import Blocked, PlatformError, RateLimited

type Answers[T, R] = Generator[tuple[T, R | PlatformError]]

# Each thread takes the next slot of the platform's limit and waits for it. With this many ahead,
# a slow answer or a busy database leaves no slot unused.
THREADS = 6
ALONE = 3  # so few things are fetched by the caller itself
HOPELESS = 3  # failures in a row after which the rest is not asked for


def fetch_all[T, R](fetch: Callable[[T], R], wanted: Sequence[T]) -> Answers[T, R]:
    """What `fetch` says of each thing, as it comes in. Errors of the platform are answers, too.

    Ends early, leaving things out, when the platform does not let us in, asks us to slow down, or
    fails several times in a row. Any other exception of `fetch` is raised here.
    """
    answers = _alone(fetch, wanted) if len(wanted) <= ALONE else _threaded(fetch, wanted)
    failures = 0
    for thing, answer in answers:
        yield thing, answer
        failures = failures + 1 if isinstance(answer, PlatformError) else 0
        if failures >= HOPELESS or isinstance(answer, Blocked | RateLimited):
            answers.close()
            return


def _alone[T, R](fetch: Callable[[T], R], wanted: Iterable[T]) -> Answers[T, R]:
    for thing in wanted:
        yield thing, _ask(fetch, thing)


def _ask[T, R](fetch: Callable[[T], R], thing: T) -> R | PlatformError:
    try:
        return fetch(thing)
    except PlatformError as error:
        return error


def _threaded[T, R](fetch: Callable[[T], R], wanted: Iterable[T]) -> Answers[T, R]:
    pool = _Pool(fetch, wanted)
    try:
        yield from pool.answers()
    finally:
        pool.stop()


class _Pool[T, R]:
    """Threads that share what is wanted and hand over what they fetched."""

    def __init__(self, fetch: Callable[[T], R], wanted: Iterable[T]) -> None:
        self.fetch = fetch
        self._wanted = iter(wanted)
        self._lock = threading.Lock()
        self._stopped = False
        # An answer, or the exception that ended a thread, or None when a thread has nothing left.
        self._out: SimpleQueue[tuple[T, R | PlatformError] | BaseException | None] = SimpleQueue()
        self._threads = [
            threading.Thread(target=self._work, name=f"fetch-{number}", daemon=True)
            for number in range(THREADS)
        ]
        for thread in self._threads:
            thread.start()

    def answers(self) -> Answers[T, R]:
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
        try:
            while (thing := self._next()) is not None:
                self._out.put((thing[0], _ask(self.fetch, thing[0])))
            self._out.put(None)
        except BaseException as error:  # noqa: BLE001 - it is raised again by `answers`
            self._out.put(error)
        finally:
            connections.close_all()

    def _next(self) -> tuple[T] | None:
        with self._lock:
            if self._stopped:
                return None
            return next(((thing,) for thing in self._wanted), None)
