"""An account that is hidden, and a platform that turns this site away, are each said once."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from codetrack.accounts.models import User
from codetrack.core import clock as house
from codetrack.core.models import Event
from codetrack.core.testing import HeldClock
from codetrack.platforms.base import Blocked, PlatformError, Private, Profile, Transient
from codetrack.ratings import services
from codetrack.ratings.models import Claim, Handle

pytestmark = pytest.mark.usefixtures("clock")
type Link = Callable[..., Claim]
FOUND = Profile(handle="nila_v", rating=1500)


def read(handles: list[Handle], said: Profile | PlatformError) -> None:
    services.apply_profiles(found={row.pk: said for row in handles}, at=house.now())


def said(tag: str) -> int:
    return Event.objects.filter(tag=f"ratings:{tag}").count()


def test_a_hidden_account_is_said_once_until_it_is_shown_again(
    alice: User, link: Link, clock: HeldClock
) -> None:
    handle = link(alice).handle
    for answer in (Private("no"), Private("no"), FOUND, Private("no")):
        clock.forward(hours=1)
        read([handle], answer)
    assert said("handle:hidden") == 2


def test_a_platform_that_turns_us_away_is_said_once_however_many_accounts_it_has(
    alice: User, bob: User, link: Link, clock: HeldClock
) -> None:
    handles = [link(alice).handle, link(bob, "other").handle]
    read(handles, Blocked("no"))
    clock.forward(hours=1)
    pks = [row.pk for row in handles]
    services.record_failure(handles=pks, error=Blocked("no"), at=house.now())
    assert said("platform:blocked") == 1
    clock.forward(hours=1)
    services.record_failure(handles=pks, error=Transient("down"), at=house.now())
    assert said("platform:blocked") == 1
