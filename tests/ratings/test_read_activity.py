"""What platforms count themselves: days and topics."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from codetrack.accounts.models import User
from codetrack.platforms.base import Activity
from codetrack.ratings import services
from codetrack.ratings.models import CalendarDay, Claim, Handle
from tests.ratings.conftest import NOON

pytestmark = pytest.mark.usefixtures("clock")
FRIDAY, SATURDAY = date(2026, 11, 20), date(2026, 11, 21)


@pytest.fixture
def handle(alice: User, link: Callable[..., Claim]) -> Handle:
    return link(alice).handle


def apply(handle: Handle, days: dict[date, int], **topics: int) -> Handle:
    services.apply_activity(read={handle.pk: Activity(days=days, topics=topics)}, at=NOON)
    handle.refresh_from_db()
    return handle


def stored() -> dict[date, int]:
    return dict(CalendarDay.objects.values_list("day", "submissions"))


def test_days_are_stored_as_the_platform_counts_them(handle: Handle) -> None:
    apply(handle, {FRIDAY: 3, SATURDAY: 1})
    assert stored() == {FRIDAY: 3, SATURDAY: 1}


def test_a_day_may_grow_and_never_shrinks(handle: Handle) -> None:
    apply(handle, {FRIDAY: 3, SATURDAY: 1})
    apply(handle, {FRIDAY: 2, SATURDAY: 4})
    assert stored() == {FRIDAY: 3, SATURDAY: 4}


def test_days_outside_of_the_window_are_kept(handle: Handle) -> None:
    apply(handle, {FRIDAY: 3})
    apply(handle, {SATURDAY: 1})
    apply(handle, {})
    assert stored() == {FRIDAY: 3, SATURDAY: 1}


def test_topics_are_replaced_unless_none_are_told(handle: Handle) -> None:
    assert apply(handle, {}, graphs=4, dp=2).topics == {"graphs": 4, "dp": 2}
    assert apply(handle, {}, graphs=5).topics == {"graphs": 5}
    assert apply(handle, {}).topics == {"graphs": 5}


def test_an_older_reading_is_left_alone(handle: Handle) -> None:
    services.apply_attempts(read={handle.pk: []}, at=NOON + timedelta(minutes=1))
    assert apply(handle, {FRIDAY: 3}, dp=1).topics == {}
    assert stored() == {}


def test_days_of_several_accounts_stay_apart(handle: Handle, bob: User) -> None:
    other = services.link_handle(member=bob, platform="codeforces", text="other").handle
    read = {handle.pk: Activity(days={FRIDAY: 1}), other.pk: Activity(days={FRIDAY: 2})}
    services.apply_activity(read=read, at=NOON)
    rows = CalendarDay.objects.values_list("handle", "submissions")
    assert dict(rows) == {handle.pk: 1, other.pk: 2}
