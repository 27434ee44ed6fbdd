"""What the foot of a page says of the platforms: when they were read, and whether they fail."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from codetrack.accounts.models import User
from codetrack.core.testing import HeldClock
from codetrack.ratings.models import Claim, Handle
from tests.ratings.conftest import NOON

pytestmark = pytest.mark.usefixtures("clock")
PAGE = "/settings/appearance/"
type Link = Callable[..., Claim]


def foot(member: User) -> str:
    client = Client()
    client.force_login(member)
    return client.get(PAGE).content.decode().partition("<footer")[2]


def test_a_platform_that_answers_says_when_it_was_read(
    alice: User, link: Link, clock: HeldClock
) -> None:
    handle = link(alice).handle_id
    Handle.objects.filter(pk=handle).update(state=Handle.State.OK, fresh_at=NOON)
    clock.forward(minutes=2)
    assert "Codeforces read <time" in foot(alice)
    assert "2 min ago" in foot(alice)


def test_a_platform_that_fails_says_since_when(alice: User, bob: User, link: Link) -> None:
    handle, other = link(alice), link(bob, "other_one")
    Handle.objects.filter(pk=handle.handle_id).update(
        state=Handle.State.BLOCKED, fresh_at=NOON - timedelta(days=3), state_at=NOON
    )
    assert "Codeforces not reached since 18 Nov, 12:00" in foot(bob)
    assert other.handle.fresh_at is None


def test_one_account_in_trouble_is_not_the_platform(alice: User, bob: User, link: Link) -> None:
    handle, other = link(alice), link(bob, "other_one")
    before = NOON - timedelta(hours=1)
    Handle.objects.filter(pk=handle.handle_id).update(state=Handle.State.STALE, state_at=before)
    Handle.objects.filter(pk=other.handle_id).update(state=Handle.State.OK, fresh_at=NOON)
    assert "Codeforces read" in foot(bob)
    assert "not reached" not in foot(bob)


def test_a_platform_never_reached_is_told_too(alice: User, link: Link) -> None:
    handle = link(alice).handle_id
    Handle.objects.filter(pk=handle).update(state=Handle.State.STALE, state_at=NOON)
    assert "Codeforces not reached yet" in foot(alice)


def test_where_nobody_has_a_handle_and_to_visitors_nothing_is_said(
    client: Client, alice: User
) -> None:
    assert 'class="health"' not in foot(alice)
    assert 'class="health"' not in client.get("/").content.decode()


def test_most_pages_pay_no_query_for_it(alice: User, link: Link) -> None:
    link(alice)
    client = Client()
    client.force_login(alice)
    client.get(PAGE)
    with CaptureQueriesContext(connection) as seen:
        client.get(PAGE)
    assert not any("ratings_handle" in one["sql"] for one in seen)
