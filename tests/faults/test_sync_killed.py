"""kill -9 in the middle of reading accounts: all that the platforms have ends up here, once."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest

from codetrack.core.models import Job
from codetrack.demo.servers import DemoServers, pretend
from tests.faults.nursery import Nursery
from tests.faults.syncs import kill_during_sync

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def servers() -> Iterator[DemoServers]:
    with DemoServers(world=pretend(interval=0, size=40)) as servers:
        yield servers


@pytest.mark.timeout(300)
def test_five_kills_during_a_sync_of_three_platforms(
    nursery: Nursery, servers: DemoServers
) -> None:
    report = kill_during_sync(nursery, servers, kills=5, seed=int(time.time()))
    assert (report.lost, report.doubled) == ([], []), report
    assert report.done > 60 and report.hits > 0
    assert not Job.objects.filter(status=Job.Status.FAILED).exists()
