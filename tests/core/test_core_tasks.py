"""The periodic job of core that throws away what is over."""

from __future__ import annotations

import pytest

from codetrack.core import clock, jobs, limits
from codetrack.core.jobs import schedule
from codetrack.core.models import Bucket, Event, Job
from codetrack.core.testing import hold_clock, run_jobs
from tests.core import work
from tests.core.names import later

pytestmark = pytest.mark.django_db


def test_what_is_over_is_thrown_away_every_hour() -> None:
    assert "codetrack.core.tasks.prune" in schedule.periodic
    with hold_clock() as held:
        later(work.nothing)
        run_jobs()
        limits.take("mail", "alice", times=1, per=60)
        Event.objects.create(tag="tests:a:b", at=clock.now(), until=clock.now())
        held.forward(days=8)
        jobs.later("core.prune")
        run_jobs()
    assert list(Job.objects.values_list("task", flat=True)) == ["codetrack.core.tasks.prune"]
    assert not Bucket.objects.exists() and not Event.objects.exists()
