"""Asking for an account to be read now."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from codetrack.accounts.models import User
from codetrack.core import clock as house
from codetrack.core.errors import NotAllowed
from codetrack.core.models import Event, Job
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
