"""Which accounts are read when."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from codetrack.accounts.models import User
from codetrack.core.models import Job
from codetrack.ratings import services
from codetrack.ratings.models import Claim, Handle
from codetrack.ratings.services import profiles
from tests.ratings.conftest import NOON

pytestmark = pytest.mark.usefixtures("clock")
type Link = Callable[..., Claim]


@pytest.fixture
def three(alice: User, bob: User, charlie: User, link: Link) -> list[Handle]:
    """Three linked accounts that were due an hour ago."""
    members = zip((alice, bob, charlie), ("one", "two", "three"), strict=True)
    handles = [link(member, name).handle for member, name in members]
    Job.objects.all().delete()
    Handle.objects.update(next_sync_at=NOON - timedelta(hours=1))
    return handles


def planned() -> list[list[int]]:
    jobs = Job.objects.filter(task__endswith="sync_handles").order_by("pk")
    return [job.args["args"][1] for job in jobs]


def test_all_due_accounts_of_a_platform_are_one_job(three: list[Handle]) -> None:
    assert services.plan_reading(at=NOON) == 3
    assert planned() == [[handle.pk for handle in three]]


def test_planning_again_plans_nothing_twice(three: list[Handle]) -> None:
    services.plan_reading(at=NOON)
    assert services.plan_reading(at=NOON) == 0
    assert len(planned()) == 1


def test_a_reading_that_never_happened_is_planned_again(three: list[Handle]) -> None:
    services.plan_reading(at=NOON)
    assert services.plan_reading(at=NOON + timedelta(minutes=31)) == 3


def test_what_is_not_due_and_what_nobody_names_is_left_alone(
    three: list[Handle], alice: User
) -> None:
    services.unlink_handle(claim=Claim.objects.get(member=alice), by=alice)
    Handle.objects.filter(pk=three[1].pk).update(next_sync_at=NOON + timedelta(minutes=1))
    services.plan_reading(at=NOON)
    assert planned() == [[three[2].pk]]


def test_very_many_accounts_are_several_jobs_and_the_longest_overdue_come_first(
    three: list[Handle], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(profiles, "AT_ONCE", 2)
    Handle.objects.filter(pk=three[2].pk).update(next_sync_at=NOON - timedelta(days=1))
    services.plan_reading(at=NOON)
    assert planned() == [[three[2].pk, three[0].pk], [three[1].pk]]
