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
    assert (row.new, row.revised_at, row.first_new) == (1437, house.now(), 1450)
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


def test_what_a_rating_was_at_first_is_kept_through_all_corrections(
    handle: Handle, clock: HeldClock
) -> None:
    apply(handle, career(400, 1450))
    for new in (1437, 1441):
        clock.forward(days=1)
        apply(handle, career(400, new))
    row = RatingChange.objects.get(contest__key="1001")
    assert (row.new, row.first_new) == (1441, 1450)
    assert RatingChange.objects.get(contest__key="1000").first_new is None


def test_another_place_alone_is_no_corrected_rating(handle: Handle) -> None:
    apply(handle, career(400))
    apply(handle, [replace(career(400)[0], rank=7)])
    row = RatingChange.objects.get()
    assert (row.rank, row.first_new) == (7, None)


def test_a_platform_that_does_not_tell_the_rating_before_leaves_it_unknown(handle: Handle) -> None:
    apply(handle, [replace(one, old=None) for one in career(400, 1450)])
    assert set(RatingChange.objects.values_list("old", flat=True)) == {None}


def test_an_older_whole_history_is_left_alone(handle: Handle, clock: HeldClock) -> None:
    apply(handle, career(400, 1200, 1450))
    services.apply_history(read={handle.pk: career(400)}, at=house.now() - timedelta(minutes=1))
    assert stored() == [400, 1200, 1450]


def test_the_correction_of_an_older_round_leaves_the_latest_rating(handle: Handle) -> None:
    apply(handle, career(400, 1200, 1450))
    row = apply(handle, [replace(career(400, 1200)[1], new=1190)], complete=False)
    assert stored() == [400, 1190, 1450]
    assert row.history_rating == 1450


# --- what the profile does not tell


@pytest.fixture
def leetcoder(bob: User) -> Handle:
    """Rated 1450 after 3 contests, says LeetCode, and not how high it was before."""
    handle = services.link_handle(member=bob, platform="leetcode", text="nila_v").handle
    read_leetcode(handle, 1450)
    return handle


def read_leetcode(handle: Handle, rating: int) -> Handle:
    profile = Profile(handle="nila_v", rating=rating, contests=3, solved=5, mark="5/9")
    services.apply_profiles(found={handle.pk: profile}, at=house.now())
    return Handle.objects.select_related("current").get(pk=handle.pk)


def highest(handle: Handle) -> int | None:
    row = Handle.objects.select_related("current").get(pk=handle.pk)
    return row.current.max_rating if row.current else None


def test_the_highest_rating_is_that_of_the_history(leetcoder: Handle, clock: HeldClock) -> None:
    assert highest(leetcoder) == 1450
    apply(leetcoder, career(1400, 1600, 1450))
    assert highest(leetcoder) == 1600
    clock.forward(days=1)
    read_leetcode(leetcoder, 1450)
    assert highest(leetcoder) == 1600
    read_leetcode(leetcoder, 1650)
    assert highest(leetcoder) == 1650


def test_a_corrected_maximum_is_a_lower_one(leetcoder: Handle) -> None:
    apply(leetcoder, career(1400, 1600, 1450))
    apply(leetcoder, career(1400, 1580, 1450))
    assert highest(leetcoder) == 1580


def test_the_number_of_contests_is_the_platforms_where_it_tells_it(leetcoder: Handle) -> None:
    row = apply(leetcoder, career(1400, 1450))
    assert row.current is not None
    assert row.current.contests == 3


def test_where_rounds_are_not_told_a_history_is_read_again_for_corrections(
    leetcoder: Handle, clock: HeldClock
) -> None:
    """A day, three days and seven days after the last contest, a week ago today."""
    last = career(1400, 1450)
    apply(leetcoder, [*last[:1], replace(last[1], at=NOON - timedelta(hours=3))])
    wanted = []
    for hour in range(0, 24 * 9, 3):
        read_leetcode(leetcoder, 1450)
        if Handle.objects.filter(platform="leetcode").history_wanted(again=True).exists():
            wanted.append((hour + 3) / 24)
            services.apply_history(read={leetcoder.pk: []}, at=house.now())
        clock.forward(hours=3)
    assert wanted == [1, 3, 7]


def test_a_round_that_can_be_asked_for_is_read_again_as_a_whole(handle: Handle) -> None:
    last = replace(career(400)[0], at=NOON - timedelta(hours=3))
    apply(handle, [last])
    job = Job.objects.get(task__endswith="read_round")
    assert job.run_at == NOON + timedelta(hours=21)


def test_an_old_round_is_not_read_again(handle: Handle) -> None:
    apply(handle, career(400, 1200))
    assert not Job.objects.filter(task__endswith="read_round").exists()
