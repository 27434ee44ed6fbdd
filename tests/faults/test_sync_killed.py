"""kill -9 in the middle of reading accounts: all that the platform has ends up here, once."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Iterator

import pytest
from django.db import transaction
from pytest_django.fixtures import Settings

from codetrack.accounts.models import User
from codetrack.core import clock, jobs
from codetrack.core.models import Event, Job
from codetrack.demo.servers import DemoServers, pretend
from codetrack.demo.world import Account, World
from codetrack.ratings.models import Claim, Handle, RatingChange, Solve
from tests.core.waiting import until
from tests.faults.nursery import Nursery

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def servers(settings: Settings) -> Iterator[DemoServers]:
    with DemoServers(world=pretend(interval=0, size=60)) as servers:
        yield servers


def test_five_kills_during_a_sync(nursery: Nursery, servers: DemoServers) -> None:
    world, moments = servers.pretend.world, random.Random(time.time())
    people = world.everybody()
    pks = link(people)
    order = {"codeforces": servers.url("codeforces"), "threads": 2}
    hits = 0
    for _ in range(5):
        plan(pks)
        pid = nursery.start(**order)
        time.sleep(moments.uniform(0.1, 0.6))
        nursery.kill(pid)
        hits += Job.objects.filter(status=Job.Status.RUNNING).exists()
        world.club_round()
    plan(pks)
    nursery.start(**order)
    until(
        lambda: not Job.objects.filter(status__lt=Job.Status.DONE, run_at__lt=clock.now()).exists(),
        seconds=60,
    )
    assert hits > 0
    assert not Job.objects.filter(status=Job.Status.FAILED).exists()
    for person in people:
        check(person, world)


def link(people: list[Account]) -> list[int]:
    now = clock.now()
    members = User.objects.bulk_create(
        User(username=f"m{one.number}", email=f"m{one.number}@example.org") for one in people
    )
    handles = Handle.objects.bulk_create(
        Handle(platform="codeforces", canonical=one.handle.lower(), shown=one.handle, state_at=now)
        for one in people
    )
    Claim.objects.bulk_create(
        Claim(handle=handle, platform="codeforces", member=member, created_at=now)
        for handle, member in zip(handles, members, strict=True)
    )
    return [handle.pk for handle in handles]


def plan(pks: list[int]) -> None:
    with transaction.atomic():
        jobs.later("ratings.sync_handles", "codeforces", pks)


def check(person: Account, world: World) -> None:
    """Everything that the platform has of a person is here once, and was told once."""
    handle = Handle.objects.select_related("current").get(canonical=person.handle.lower())
    assert handle.state == Handle.State.OK
    assert handle.current is not None
    assert handle.current.rating == person.rating
    stored = RatingChange.objects.filter(handle=handle).order_by("at", "pk")
    expected = Counter((result.round.id, result.new) for result in person.results)
    assert Counter((int(row.contest.key), row.new) for row in stored) == expected
    accepted = {
        f"{sent.task.round}-{sent.task.index}"
        for sent in world.attempts(person)
        if sent.verdict == "OK"
    }
    solved = set(Solve.objects.filter(handle=handle).values_list("problem__key", flat=True))
    assert solved == accepted
    assert handle.current.solved == len(accepted)
    told = Event.objects.filter(subject_type="ratings.handle", subject_id=handle.pk)
    assert told.filter(tag="ratings:handle:read").count() == 1
    added = sum(one.data["contests"] for one in told.filter(tag="ratings:rating:changed"))
    assert added <= stored.count()
