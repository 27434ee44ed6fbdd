"""A day with every platform down, and what comes after: nothing is lost, every page says what it
knows and how old that is, and the backlog is worked off at the pace of each platform.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import stamina
from django.test import Client
from pytest_django import Settings

from codetrack.accounts.models import User
from codetrack.core import http
from codetrack.core.jobs import schedule
from codetrack.core.models import Job
from codetrack.core.testing import HeldClock, hold_clock, run_jobs
from codetrack.demo.seed import ADMIN, seed
from codetrack.demo.servers import DemoServers, pretend
from codetrack.demo.trouble import Mode
from codetrack.ratings.models import Attempt, Handle, RatingChange, Snapshot, Solve
from tests.faults.syncs import adapter, lost

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
PLACES = ("/dashboard/", "/settings/handles/", f"/members/{ADMIN}/", f"/members/{ADMIN}/history/")
STEP = 1.0  # hours
PEOPLE = 6
NEVER = (Handle.State.GONE, Handle.State.NEW)  # the demo club has a misspelt handle


@pytest.fixture
def held() -> Iterator[HeldClock]:
    with hold_clock(NOON) as held:
        yield held


@pytest.fixture
def servers(settings: Settings, held: HeldClock) -> Iterator[DemoServers]:
    """A small club on three platforms."""
    world = pretend(interval=0, size=PEOPLE, clock=held.timestamp)
    with DemoServers(world=world) as servers, stamina.set_testing(True, attempts=http.TRIES):
        settings.PLATFORMS = {
            key: {**chosen, "enabled": True, "url": servers.url(key)}
            for key, chosen in settings.PLATFORMS.items()
        }
        seed(world, servers.url)
        # The seed has read the newest submissions alone.
        Handle.objects.update(attempts_read_at=None, attempt_cursor="")
        yield servers


@pytest.fixture
def ada(servers: DemoServers) -> Client:
    client = Client(headers={"host": "localhost"})
    client.force_login(User.objects.get(username=ADMIN))
    return client


@pytest.mark.timeout(240)
def test_a_day_with_every_platform_down_and_back(
    held: HeldClock, servers: DemoServers, ada: Client
) -> None:
    platforms = servers.pretend.platforms
    schedule.plan()
    pass_time(held, hours=3)
    before, numbers = known(), own_ratings()
    for platform in platforms.values():
        platform.trouble.make(Mode.DOWN)
        platform.requests = 0
    pass_time(held, hours=12)
    for platform in platforms.values():
        platform.world.club_round()
    pass_time(held, hours=12)

    assert known() == before, "what is known stays, and nothing is made up"
    assert not Handle.objects.claimed().filter(state=Handle.State.OK).exists()
    for path in PLACES:
        page = ada.get(path).content.decode()
        assert all(number in page for number in numbers), path
        assert "1 d ago" in page, path
        assert "not reached" in page or "could not be read" in page, path
    tried = Handle.objects.claimed().count() * http.TRIES
    for key, platform in platforms.items():
        assert 0 < platform.requests < 24 * tried, f"{key} is tried now and then, not all the time"

    for platform in platforms.values():
        platform.trouble.mend()
        platform.requests = 0
    back = held.at
    pass_time(held, hours=9)
    for key, platform in platforms.items():
        pace = http.platform(key).interval
        assert platform.requests * pace <= (held.at - back).total_seconds(), "asked at its pace"
    for path in PLACES:
        page = ada.get(path).content.decode()
        assert "could not be read" not in page, path

    pass_time(held, hours=80, step=8)  # in three days also a contest that moved no rating is found
    everybody = Handle.objects.claimed().exclude(state__in=NEVER).select_related("current")
    assert everybody.count() >= 2 * PEOPLE
    for handle in everybody:
        assert list(lost(adapter(platforms[handle.platform]), handle)) == []
    assert not Job.objects.filter(status=Job.Status.FAILED).exists()


def pass_time(held: HeldClock, *, hours: float, step: float = STEP) -> None:
    """Let the jobs of so much time run, as a worker would."""
    end = held.at + timedelta(hours=hours)
    while held.at < end:
        held.forward(hours=step)
        schedule.tick()
        run_jobs()


def own_ratings() -> list[str]:
    claimed = Handle.objects.filter(claims__member__username=ADMIN, claims__ended_at=None)
    ratings = claimed.values_list("current__rating", flat=True)
    assert len(ratings) == 3
    return [str(rating) for rating in ratings]


def known() -> dict[str, Any]:
    """Everything there is about anybody, but for when it was read."""
    current = Handle.objects.exclude(current=None)
    return {
        "ratings": set(RatingChange.objects.values_list("pk", "new", "revised_at")),
        "current": set(current.values_list("pk", "current__rating", "current__solved")),
        "rows": [table.objects.count() for table in (Snapshot, Attempt, Solve)],
    }
