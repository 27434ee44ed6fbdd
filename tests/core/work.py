"""Tasks for the tests of the queue. What they did is read from the table of limits' buckets."""

from __future__ import annotations

import threading
import time

from codetrack.core import jobs
from codetrack.core.errors import Problem, Unavailable
from codetrack.core.models import Bucket

started: list[str] = []
#: What the jobs of `held` wait for.
let_go = threading.Event()


@jobs.task()
def nothing() -> None:
    """Does nothing, as fast as it can."""


@jobs.task()
def note(text: str) -> None:
    started.append(text)


@jobs.task(queue_name="sync")
def slow(text: str, seconds: float) -> None:
    started.append(text)
    time.sleep(seconds)


@jobs.task(queue_name="sync")
def held(text: str) -> None:
    """Takes until the test lets it go."""
    started.append(text)
    assert let_go.wait(60)


@jobs.task(queue_name="judge")
def judged(text: str) -> None:
    started.append(text)


@jobs.task(max_attempts=3, backoff=10)
def stumble(text: str) -> None:
    started.append(text)
    raise Unavailable("The moon is in the way.")


@jobs.task()
def come_back(seconds: float) -> None:
    raise Unavailable("Later, please.", retry_after=seconds)


@jobs.task()
def refuse() -> None:
    raise Problem("This will never do.")


@jobs.task(atomic=True)
def count(key: str, fails: bool = False) -> None:
    """Counts its runs in a row, in the transaction of its outcome."""
    Bucket.objects.get_or_create(key=key, defaults={"tokens": 0, "at": 0})
    bucket = Bucket.objects.select_for_update().get(key=key)
    bucket.tokens += 1
    bucket.save()
    if fails:
        raise Unavailable("After writing, before the end.")


def no_task() -> None:
    """Lacks its decorator."""
