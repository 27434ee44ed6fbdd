"""Two hundred kills of workers, on the database that the environment names; `make soak` runs it."""

from __future__ import annotations

import secrets
from collections.abc import Iterator

import pytest
from django.db import connection
from pytest_django.fixtures import Settings

from codetrack.demo.servers import DemoServers
from codetrack.demo.servers import pretend as pretend_world
from tests.faults.kills import Report, kill_during_jobs, kill_during_mail
from tests.faults.notices import kill_during_notices
from tests.faults.nursery import Nursery
from tests.faults.post import Post
from tests.faults.syncs import kill_during_sync

KILLS = 200
MINUTES = 8

pytestmark = [
    pytest.mark.soak,
    pytest.mark.timeout(MINUTES * 60),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def nursery() -> Iterator[Nursery]:
    with Nursery() as nursery:
        yield nursery


def test_kills_during_jobs(nursery: Nursery, capsys: pytest.CaptureFixture[str]) -> None:
    seed = secrets.randbelow(1_000_000)
    check(kill_during_jobs(nursery, kills=KILLS, seed=seed), "jobs", seed, capsys)


def test_kills_during_mail(
    nursery: Nursery, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    settings.MAILERS = {"default": {"BACKEND": "codetrack.core.mail.QueuedBackend"}}
    seed = secrets.randbelow(1_000_000)
    with Post() as post:
        settings.MAIL_URL = post.url
        check(kill_during_mail(nursery, post, kills=KILLS, seed=seed), "mail", seed, capsys)


def test_kills_during_sync(nursery: Nursery, capsys: pytest.CaptureFixture[str]) -> None:
    seed = secrets.randbelow(1_000_000)
    with DemoServers(world=pretend_world(interval=0, size=40)) as servers:
        check(kill_during_sync(nursery, servers, kills=KILLS, seed=seed), "sync", seed, capsys)


def test_kills_during_notices(
    nursery: Nursery, settings: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    """Web and worker, until five hundred ratings have changed."""
    seed = secrets.randbelow(1_000_000)
    with Post(slowness=0.01) as post:
        settings.MAIL_URL = post.url
        told = kill_during_notices(nursery, post, least=500, seed=seed)
    with capsys.disabled():
        print(f"\nsoak notices on {connection.vendor}, seed {seed}: {told}")  # noqa: T201
    assert (told.lost, told.doubled) == ([], [])
    assert told.notices == told.events


def check(report: Report, work: str, seed: int, capsys: pytest.CaptureFixture[str]) -> None:
    with capsys.disabled():
        print(f"\nsoak {work} on {connection.vendor}, seed {seed}: {report}")  # noqa: T201
    assert (report.lost, report.doubled) == ([], [])
    assert report.hits > KILLS / 2
