"""How many jobs come before one that waits."""

from __future__ import annotations

from datetime import timedelta

import pytest

from codetrack.core import clock, jobs
from codetrack.core.jobs import lease
from codetrack.core.models import Job
from codetrack.core.testing import run_jobs
from tests.core import work
from tests.core.names import later

pytestmark = pytest.mark.django_db


def test_the_first_one_has_nobody_before_it() -> None:
    later(work.note, "a", key="mine")
    assert jobs.place("mine") == 0


def test_what_was_enqueued_before_is_counted_and_what_comes_after_is_not() -> None:
    for text in "ab":
        later(work.note, text)
    later(work.note, "mine", key="mine")
    later(work.note, "c")
    assert jobs.place("mine") == 2


def test_the_more_urgent_goes_before_the_earlier() -> None:
    later(work.note, "a")
    later(work.note, "mine", key="mine", priority=50)
    later(work.note, "b", priority=60)
    assert jobs.place("mine") == 1


def test_what_runs_is_before_it() -> None:
    later(work.note, "a")
    assert lease.claim(queue="default", worker="w", limit=1, lease=30)
    later(work.note, "mine", key="mine", priority=50)
    assert jobs.place("mine") == 1


def test_what_is_put_off_or_stands_in_another_queue_is_not_before_it() -> None:
    later(work.note, "a", run_after=clock.now() + timedelta(hours=1), priority=60)
    jobs.later("core.send_mail", 1)
    later(work.note, "mine", key="mine")
    assert jobs.place("mine") == 0


def test_one_that_waits_after_an_error_has_those_before_it_that_are_due_sooner() -> None:
    soon, late = (clock.now() + timedelta(minutes=n) for n in (1, 3))
    later(work.note, "a", run_after=soon)
    later(work.note, "b", run_after=late)
    later(work.note, "mine", key="mine", run_after=clock.now() + timedelta(minutes=2))
    assert jobs.place("mine") == 1


def test_what_does_not_wait_has_no_place() -> None:
    assert jobs.place("mine") is None
    later(work.note, "mine", key="mine")
    [job] = lease.claim(queue="default", worker="w", limit=1, lease=30)
    assert jobs.place("mine") is None
    lease.release([job])
    run_jobs()
    assert Job.objects.get().status == Job.Status.DONE
    assert jobs.place("mine") is None
