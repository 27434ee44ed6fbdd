"""Which platforms are asked now."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from pytest_django import Settings

from codetrack.accounts.models import User
from codetrack.core.models import Job
from codetrack.platforms.base import Profile, Transient
from codetrack.ratings import services
from codetrack.ratings.models import Claim, Handle
from tests.ratings.conftest import NOON

pytestmark = pytest.mark.usefixtures("clock")
type Link = Callable[..., Claim]
AN_HOUR_AGO = NOON - timedelta(hours=1)


@pytest.fixture
def handle(alice: User, link: Link) -> Handle:
    """A linked account that was due an hour ago."""
    handle = link(alice).handle
    Job.objects.all().delete()
    Handle.objects.update(next_sync_at=AN_HOUR_AGO)
    return handle


def read(handle: Handle) -> None:
    """Read well at noon, with a rating and no contests yet."""
    profile = Profile(handle=handle.shown, rating=1450)
    services.apply_profiles(found={handle.pk: profile}, at=NOON)


def planned() -> list[str]:
    jobs = Job.objects.filter(task__endswith="sync_platform").order_by("pk")
    return [job.args["args"][0] for job in jobs]


def test_each_platform_with_a_due_account_is_one_job(
    handle: Handle, bob: User, charlie: User, link: Link
) -> None:
    link(bob, "other")
    services.link_handle(member=charlie, platform="leetcode", text="third")
    Handle.objects.update(next_sync_at=AN_HOUR_AGO)
    assert services.plan_reading(at=NOON) == ["codeforces", "leetcode"]
    assert planned() == ["codeforces", "leetcode"]


def test_planning_again_plans_nothing_twice(handle: Handle) -> None:
    services.plan_reading(at=NOON)
    services.plan_reading(at=NOON)
    assert len(planned()) == 1


def test_a_plan_that_was_lost_is_made_again(handle: Handle) -> None:
    services.plan_reading(at=NOON)
    Job.objects.all().delete()
    services.plan_reading(at=NOON + timedelta(minutes=5))
    assert len(planned()) == 1


def test_what_is_not_due_is_left_alone(handle: Handle) -> None:
    Handle.objects.update(next_sync_at=NOON + timedelta(minutes=1))
    assert services.plan_reading(at=NOON) == []
    assert planned() == []


def test_what_nobody_names_is_left_alone(handle: Handle, alice: User) -> None:
    services.unlink_handle(claim=Claim.objects.get(), by=alice)
    assert services.plan_reading(at=NOON) == []


def test_a_platform_that_is_switched_off_is_left_alone(handle: Handle, settings: Settings) -> None:
    off: dict[str, Any] = settings.PLATFORMS["codeforces"] | {"enabled": False}
    settings.PLATFORMS = settings.PLATFORMS | {"codeforces": off}
    assert services.plan_reading(at=NOON) == []


def test_what_a_profile_announced_is_planned_until_it_is_read(handle: Handle) -> None:
    """A worker was killed after the profile."""
    read(handle)
    assert services.plan_reading(at=NOON) == ["codeforces"]
    services.apply_attempts(read={handle.pk: []}, at=NOON)
    assert services.plan_reading(at=NOON) == ["codeforces"]
    services.apply_history(read={handle.pk: []}, at=NOON)  # not believed, and not asked for again
    assert services.plan_reading(at=NOON) == []


def test_what_failed_waits_for_its_next_try(handle: Handle) -> None:
    read(handle)
    services.record_failure(handles=[handle.pk], error=Transient("down"), at=NOON)
    assert services.plan_reading(at=NOON) == []
    assert services.plan_reading(at=NOON + timedelta(minutes=5)) == ["codeforces"]
