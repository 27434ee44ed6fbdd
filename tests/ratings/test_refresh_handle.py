"""Asking for an account to be read now."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from codetrack.accounts.models import User
from codetrack.core import clock as house
from codetrack.core.errors import NotAllowed, TooMany
from codetrack.core.models import Event, Job
from codetrack.core.testing import HeldClock
from codetrack.ratings import services
from codetrack.ratings.models import Claim, Handle

pytestmark = pytest.mark.usefixtures("clock")
type Link = Callable[..., Claim]


@pytest.fixture
def handle(alice: User, link: Link) -> Handle:
    """Linked, and nothing asked for."""
    handle = link(alice).handle
    Job.objects.all().delete()
    Handle.objects.update(asked_at=None)
    return handle


def test_it_comes_before_the_scheduled_readings(handle: Handle, alice: User) -> None:
    services.request_refresh(handle=handle, by=alice)
    [job] = Job.objects.all()
    assert job.priority > 0
    handle.refresh_from_db()
    assert handle.asked_at == house.now()


def test_asking_twice_is_asking_once(handle: Handle, alice: User) -> None:
    services.request_refresh(handle=handle, by=alice)
    services.request_refresh(handle=handle, by=alice)
    assert Job.objects.count() == 1
    assert Event.objects.filter(tag="ratings:handle:refresh_asked").count() == 1


def test_an_outsider_cannot_ask(handle: Handle, charlie: User) -> None:
    with pytest.raises(NotAllowed):
        services.request_refresh(handle=handle, by=charlie)


def test_who_has_unlinked_it_cannot_ask(handle: Handle, alice: User) -> None:
    services.unlink_handle(claim=Claim.objects.get(), by=alice)
    with pytest.raises(NotAllowed):
        services.request_refresh(handle=handle, by=alice)


def test_a_site_admin_can_ask(handle: Handle, charlie: User) -> None:
    charlie.is_superuser = True
    services.request_refresh(handle=handle, by=charlie)
    assert Job.objects.count() == 1


def test_a_reading_that_never_came_can_be_asked_for_again(
    handle: Handle, alice: User, clock: HeldClock
) -> None:
    services.request_refresh(handle=handle, by=alice)
    Job.objects.all().delete()
    clock.forward(minutes=11)
    services.request_refresh(handle=handle, by=alice)
    assert Job.objects.count() == 1


def test_the_plan_finds_an_account_whose_first_reading_failed(
    handle: Handle, clock: HeldClock
) -> None:
    clock.forward(minutes=11)
    assert services.plan_reading(at=house.now()) == ["codeforces"]


def test_six_times_a_minute_is_enough(handle: Handle, alice: User) -> None:
    for _ in range(6):
        services.request_refresh(handle=handle, by=alice)
    with pytest.raises(TooMany):
        services.request_refresh(handle=handle, by=alice)
