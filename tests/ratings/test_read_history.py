"""Rated contests: added, corrected, withdrawn, never doubled."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from codetrack.accounts.models import User
from codetrack.core import clock as house
from codetrack.core.models import Event, Job
from codetrack.core.testing import HeldClock
from codetrack.platforms.base import Profile
from codetrack.platforms.base import RatingChange as Read
from codetrack.ratings import services
from codetrack.ratings.models import Claim, Contest, Handle, RatingChange
from tests.ratings.conftest import NOON

pytestmark = pytest.mark.usefixtures("clock")
type Link = Callable[..., Claim]


@pytest.fixture
def handle(alice: User, link: Link) -> Handle:
    handle = link(alice).handle
    services.apply_profiles(found={handle.pk: Profile(handle="nila_v", rating=1450)}, at=NOON)
    return handle


def career(*ratings: int) -> list[Read]:
    """One contest a week from ten weeks ago, leading from 0 through these ratings."""
    return [
        Read(
            handle="nila_v",
            contest_key=str(1000 + place),
            contest_name=f"Round {1000 + place}",
            rank=100 + place,
            old=ratings[place - 1] if place else 0,
            new=new,
            at=NOON - timedelta(weeks=10 - place),
        )
        for place, new in enumerate(ratings)
    ]


def apply(handle: Handle, rows: Sequence[Read], *, complete: bool = True) -> Handle:
    services.apply_history(read={handle.pk: rows}, at=house.now(), complete=complete)
    return Handle.objects.select_related("current").get(pk=handle.pk)


def stored() -> list[int]:
    return list(RatingChange.objects.order_by("at").values_list("new", flat=True))


def changed() -> list[Event]:
    return list(Event.objects.filter(tag="ratings:rating:changed").order_by("pk"))


def test_a_history_is_stored_with_its_contests(handle: Handle) -> None:
    assert Handle.objects.select_related("current").get().lacks_history
    row = apply(handle, career(400, 1200, 1450))
    assert stored() == [400, 1200, 1450]
    assert row.current is not None
    assert row.current.contests == 3
    assert not row.lacks_history
    assert Contest.objects.count() == 3


def test_unknown_contests_ask_for_the_list_once(handle: Handle) -> None:
    apply(handle, career(400, 1200))
    apply(handle, career(400, 1200, 1450))
    assert Job.objects.filter(task__endswith="read_contests").count() == 1


def test_the_first_history_is_no_change(handle: Handle) -> None:
    apply(handle, career(400, 1200, 1450))
    assert not changed()


def test_a_new_contest_is_one_event(handle: Handle) -> None:
    apply(handle, career(400, 1200))
    apply(handle, career(400, 1200, 1450))
    [event] = changed()
    assert event.data == {
        "handle_id": handle.pk,
        "platform": "codeforces",
        "old": 1200,
        "new": 1450,
        "contests": 1,
        "revised": 0,
    }


def test_the_same_history_again_changes_nothing(handle: Handle) -> None:
    apply(handle, career(400, 1200, 1450))
    before = list(RatingChange.objects.values())
    apply(handle, career(400, 1200, 1450))
    assert list(RatingChange.objects.values()) == before
    assert not changed()


def test_a_recalculated_rating_is_corrected_in_place(handle: Handle, clock: HeldClock) -> None:
    apply(handle, career(400, 1200, 1450))
    clock.forward(days=3)
    apply(handle, career(400, 1200, 1437))
    row = RatingChange.objects.get(contest__key="1002")
    assert (row.new, row.revised_at) == (1437, house.now())
    assert RatingChange.objects.filter(revised_at=None).count() == 2
    [event] = changed()
    assert (event.data["contests"], event.data["revised"]) == (0, 1)


def test_a_contest_that_was_withdrawn_leaves_the_history(handle: Handle) -> None:
    apply(handle, career(400, 1200, 1450))
    row = apply(handle, career(400, 1200))
    assert stored() == [400, 1200]
    assert row.current is not None
    assert row.current.contests == 2
    assert changed()[0].data["revised"] == 1


def test_one_round_alone_withdraws_nothing(handle: Handle) -> None:
    apply(handle, career(400, 1200))
    row = apply(handle, career(400, 1200, 1450)[2:], complete=False)
    assert stored() == [400, 1200, 1450]
    assert not row.lacks_history


def test_an_empty_history_of_a_rated_account_is_not_believed(handle: Handle) -> None:
    apply(handle, career(400, 1200))
    row = apply(handle, [])
    assert stored() == [400, 1200]
    assert row.lacks_history


def test_taking_part_means_that_there_are_new_attempts(handle: Handle, clock: HeldClock) -> None:
    services.apply_attempts(read={handle.pk: []}, at=NOON)
    clock.forward(days=8)
    row = apply(handle, [replace(career(400)[0], at=NOON + timedelta(days=7))])
    assert row.lacks_attempts


def test_somebody_active_is_read_whole_every_few_days(handle: Handle, clock: HeldClock) -> None:
    """A contest that moved the rating by nothing, or an old correction, shows in no profile."""
    apply(handle, career(400, 1200, 1450))
    for days, lacks in ((2, False), (4, True)):
        clock.forward(days=2)
        seen = Profile(handle="nila_v", rating=1450, active_at=NOON + timedelta(days=days))
        services.apply_profiles(found={handle.pk: seen}, at=house.now())
        row = Handle.objects.select_related("current").get()
        assert row.lacks_history is lacks
        assert Handle.objects.lacking_history().exists() is lacks


def test_somebody_absent_is_not_read_again(handle: Handle, clock: HeldClock) -> None:
    apply(handle, career(400, 1200, 1450))
    clock.forward(days=30)
    absent = Profile(handle="nila_v", rating=1450, active_at=NOON - timedelta(days=1))
    services.apply_profiles(found={handle.pk: absent}, at=house.now())
    assert not Handle.objects.lacking_history().exists()
