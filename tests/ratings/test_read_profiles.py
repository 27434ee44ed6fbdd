"""What a reading of profiles leaves in the tables, good or bad."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from codetrack.accounts.models import User
from codetrack.core import clock as house
from codetrack.core.models import Event
from codetrack.core.testing import HeldClock
from codetrack.platforms.base import (
    Activity,
    Blocked,
    ChangedLayout,
    NotFound,
    PlatformError,
    Private,
    Profile,
    RateLimited,
    Transient,
)
from codetrack.platforms.base import RatingChange as Change
from codetrack.ratings import services
from codetrack.ratings.models import (
    CalendarDay,
    Claim,
    Contest,
    Handle,
    RatingChange,
    Snapshot,
)
from tests.ratings.conftest import NOON

pytestmark = pytest.mark.usefixtures("clock")
type Link = Callable[..., Claim]
EXPERT = Profile(
    handle="Nila_V", rating=1847, max_rating=1871, rank_name="expert", max_rank_name="expert"
)
UNKNOWN = NotFound("Codeforces has no account “nila_v”.")


@pytest.fixture
def handle(alice: User, link: Link) -> Handle:
    return link(alice).handle


def read(handle: Handle, found: Profile | PlatformError) -> Handle:
    services.apply_profiles(found={handle.pk: found}, at=house.now())
    return Handle.objects.select_related("current").get(pk=handle.pk)


def tags() -> list[str]:
    return list(Event.objects.order_by("pk").values_list("tag", flat=True))


def test_a_profile_becomes_the_last_good_reading(handle: Handle) -> None:
    row = read(handle, EXPERT)
    assert row.current is not None
    assert (row.current.rating, row.current.max_rating) == (1847, 1871)
    assert row.current.fetched_at == row.fresh_at == NOON
    assert (row.state, row.state_at, row.failures) == (Handle.State.OK, NOON, 0)
    assert row.shown == "Nila_V"
    assert row.asked_at is None


def test_somebody_never_rated_is_unrated_and_not_zero(handle: Handle) -> None:
    row = read(handle, Profile(handle="nila_v"))
    assert row.current is not None
    assert row.current.rating is None
    assert row.state == Handle.State.OK
    assert not row.lacks_history


def test_a_rating_does_not_vanish_while_its_contests_are_here(
    handle: Handle, clock: HeldClock
) -> None:
    read(handle, EXPERT)
    change = Change(
        handle="Nila_V",
        contest_key="1",
        contest_name="Round 1",
        rank=9,
        old=1800,
        new=1847,
        at=NOON,
    )
    services.apply_history(read={handle.pk: [change]}, at=NOON)
    clock.forward(hours=3)
    row = read(handle, Profile(handle="Nila_V", solved=12))
    assert row.current is not None
    assert (row.current.rating, row.current.rank_name) == (1847, "expert")
    assert row.current.solved == 12


def test_the_first_reading_is_an_event_and_the_next_one_is_none(
    handle: Handle, clock: HeldClock
) -> None:
    read(handle, EXPERT)
    clock.forward(hours=3)
    read(handle, EXPERT)
    assert tags() == ["ratings:handle:linked", "ratings:handle:read"]


def test_one_snapshot_a_day_is_kept_the_last_one(handle: Handle, clock: HeldClock) -> None:
    read(handle, EXPERT)
    clock.forward(hours=3)
    read(handle, Profile(handle="nila_v", rating=1900))
    clock.forward(days=1)
    row = read(handle, Profile(handle="nila_v", rating=1950))
    ratings = Snapshot.objects.order_by("day").values_list("rating", flat=True)
    assert list(ratings) == [1900, 1950]
    assert row.current is not None
    assert row.current.rating == 1950


def test_counts_that_a_profile_does_not_tell_are_carried_on(
    handle: Handle, clock: HeldClock
) -> None:
    read(handle, EXPERT)
    Snapshot.objects.update(contests=64, solved=731)
    clock.forward(days=1)
    row = read(handle, EXPERT)
    assert row.current is not None
    assert (row.current.contests, row.current.solved) == (64, 731)


def test_an_older_reading_never_replaces_a_newer_one(handle: Handle) -> None:
    read(handle, EXPERT)
    late = Profile(handle="nila_v", rating=1)
    services.apply_profiles(found={handle.pk: late}, at=NOON - timedelta(minutes=1))
    handle.refresh_from_db()
    assert handle.current is not None
    assert handle.current.rating == 1847


@pytest.mark.parametrize(
    ("error", "state"),
    [
        (Transient("codeforces.com is not available (HTTP 503)."), Handle.State.STALE),
        (RateLimited("codeforces.com"), Handle.State.STALE),
        (Blocked("codeforces.com does not let this server in."), Handle.State.BLOCKED),
        (ChangedLayout("codeforces.com answers in another form."), Handle.State.CHANGED),
    ],
)
def test_a_failure_is_shown_and_the_data_stays(
    handle: Handle, clock: HeldClock, error: PlatformError, state: Handle.State
) -> None:
    read(handle, EXPERT)
    clock.forward(hours=3)
    services.record_failure(handles=[handle.pk], error=error, at=house.now())
    row = Handle.objects.select_related("current").get()
    assert (row.state, row.state_at, row.error) == (state, house.now(), error.message)
    assert row.current is not None
    assert (row.current.rating, row.fresh_at) == (1847, NOON)


def test_each_further_failure_waits_longer(handle: Handle, clock: HeldClock) -> None:
    waits = []
    for _ in range(9):
        services.record_failure(handles=[handle.pk], error=Transient("down"), at=house.now())
        handle.refresh_from_db()
        assert handle.next_sync_at is not None
        waits.append((handle.next_sync_at - house.now()).total_seconds() / 60)
        clock.forward(hours=6)
    assert waits == [5, 10, 20, 40, 80, 160, 320, 360, 360]
    assert handle.failures == 9
    assert handle.state_at == NOON


def test_a_named_wait_is_honoured(handle: Handle) -> None:
    slow = RateLimited("codeforces.com", retry_after=3600)
    services.record_failure(handles=[handle.pk], error=slow, at=house.now())
    handle.refresh_from_db()
    assert handle.next_sync_at == NOON + timedelta(hours=1)


def test_a_good_reading_ends_the_trouble(handle: Handle, clock: HeldClock) -> None:
    services.record_failure(handles=[handle.pk], error=Blocked("no"), at=house.now())
    clock.forward(hours=1)
    row = read(handle, EXPERT)
    assert (row.state, row.error, row.state_at) == (Handle.State.OK, "", house.now())


def test_failures_are_forgotten_once_everything_is_read(handle: Handle, clock: HeldClock) -> None:
    """Else what fails after the profile would be tried every five minutes for ever."""
    services.record_failure(handles=[handle.pk], error=Transient("no"), at=house.now())
    assert read(handle, EXPERT).failures == 1
    services.apply_attempts(read={handle.pk: []}, at=house.now())
    handle.refresh_from_db()
    assert handle.failures == 0


def test_a_failure_of_a_job_does_not_hide_what_another_read_since(
    handle: Handle, clock: HeldClock
) -> None:
    began = house.now()
    clock.forward(minutes=1)
    read(handle, EXPERT)
    services.record_failure(handles=[handle.pk], error=Transient("down"), at=began)
    handle.refresh_from_db()
    assert handle.state == Handle.State.OK


def test_an_unknown_handle_is_said_to_be_unknown_at_once(handle: Handle) -> None:
    row = read(handle, UNKNOWN)
    assert row.state == Handle.State.GONE
    assert row.is_unknown
    assert row.error == UNKNOWN.message


def test_an_account_with_data_is_gone_only_when_denied_twice(
    handle: Handle, clock: HeldClock
) -> None:
    read(handle, EXPERT)
    clock.forward(hours=3)
    assert read(handle, UNKNOWN).state == Handle.State.STALE
    clock.forward(minutes=1)
    row = read(handle, UNKNOWN)
    assert row.state == Handle.State.STALE
    assert row.next_sync_at == house.now() + timedelta(minutes=9)
    clock.forward(minutes=9)
    row = read(handle, UNKNOWN)
    assert row.state == Handle.State.GONE
    assert not row.is_unknown
    assert row.current is not None
    assert row.current.rating == 1847
    assert tags()[-1] == "ratings:handle:gone"


def test_being_found_again_forgets_the_first_denial(handle: Handle, clock: HeldClock) -> None:
    read(handle, EXPERT)
    clock.forward(hours=3)
    read(handle, UNKNOWN)
    clock.forward(hours=1)
    assert read(handle, EXPERT).state == Handle.State.OK
    clock.forward(hours=3)
    assert read(handle, UNKNOWN).state == Handle.State.STALE


def test_a_thousand_handles_take_as_many_queries_as_one(
    db: None, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    rows = [
        Handle(platform="codeforces", canonical=f"m{i}", shown=f"m{i}", state_at=NOON)
        for i in range(1000)
    ]
    Handle.objects.bulk_create(rows)
    Handle.objects.update(fresh_at=NOON - timedelta(hours=3))
    found = {row.pk: Profile(handle=row.shown, rating=1500) for row in rows}
    with django_assert_max_num_queries(8):
        services.apply_profiles(found=found, at=house.now())
    assert Snapshot.objects.filter(rating=1500).count() == 1000
    assert set(tags()) == {"ratings:numbers:changed"}


def test_a_thousand_known_accounts_are_confirmed_by_a_few_statements(
    db: None, clock: HeldClock, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    rows = [
        Handle(platform="codeforces", canonical=f"m{i}", shown=f"m{i}", state_at=NOON)
        for i in range(1000)
    ]
    Handle.objects.bulk_create(rows)
    found = {row.pk: Profile(handle=row.shown, rating=1500) for row in rows}
    services.apply_profiles(found=found, at=house.now())
    clock.forward(hours=3)
    with django_assert_max_num_queries(7):
        services.apply_profiles(found=found, at=house.now())
    next_times = Handle.objects.values_list("next_sync_at", "fresh_at").distinct()
    assert list(next_times) == [(house.now() + timedelta(hours=5), house.now())]


# --- when it is read next


def contest(ends_at: datetime) -> None:
    """One of Codeforces, and alice took part in the one before."""
    length = timedelta(hours=2)
    Contest.objects.create(
        platform="codeforces", key="9", name="Round 9", starts_at=ends_at - length, duration=length
    )


def test_a_known_account_is_read_less_and_less(handle: Handle, clock: HeldClock) -> None:
    waits = []
    for _ in range(4):
        row = read(handle, EXPERT)
        assert row.next_sync_at
        waits.append((row.next_sync_at - house.now()) / timedelta(hours=1))
        clock.forward(hours=waits[-1])
    assert waits == [3, 5, 8, 12]
    assert read(handle, replace(EXPERT, rating=1850)).next_sync_at == house.now() + timedelta(
        hours=6
    )


def test_a_place_among_others_moves_by_itself_and_is_no_news(
    handle: Handle, clock: HeldClock
) -> None:
    read(handle, replace(EXPERT, global_rank=4000, country_rank=40))
    clock.forward(hours=3)
    row = read(handle, replace(EXPERT, global_rank=3990, country_rank=39))
    assert row.rhythm == timedelta(hours=5)
    assert row.current is not None
    assert (row.current.global_rank, row.current.country_rank) == (3990, 39)


def test_who_takes_part_is_read_an_hour_after_a_contest(handle: Handle) -> None:
    contest(NOON - timedelta(minutes=30))
    assert read(handle, EXPERT).next_sync_at == NOON + timedelta(hours=3)
    change = Change(
        handle="nila_v",
        contest_key="8",
        contest_name="Round 8",
        rank=1,
        old=1800,
        new=1847,
        at=NOON - timedelta(days=100),
    )
    services.apply_history(read={handle.pk: [change]}, at=NOON)
    assert read(handle, EXPERT).next_sync_at == NOON + timedelta(minutes=30)


# --- platforms that tell more


@pytest.fixture
def leetcoder(bob: User) -> Handle:
    return services.link_handle(member=bob, platform="leetcode", text="nila_v").handle


LEET = Profile(
    handle="nila_v",
    rating=1650,
    contests=12,
    solved=300,
    solved_by={"Easy": 200, "Medium": 90, "Hard": 10},
    global_rank=51_000,
    mark="300/512",
)


def test_everything_that_is_told_is_kept(leetcoder: Handle) -> None:
    row = read(leetcoder, replace(LEET, provisional=True, country_rank=7))
    last = row.current
    assert last is not None
    assert (last.contests, last.solved, last.global_rank, last.country_rank) == (12, 300, 51_000, 7)
    assert last.solved_by == {"Easy": 200, "Medium": 90, "Hard": 10}
    assert last.provisional
    assert last.max_rating == 1650


def test_another_mark_is_a_visit(leetcoder: Handle, clock: HeldClock) -> None:
    row = read(leetcoder, LEET)
    assert (row.mark, row.active_at) == ("300/512", NOON)
    services.apply_attempts(read={row.pk: []}, at=NOON)
    clock.forward(hours=3)
    row = read(leetcoder, LEET)
    assert (row.active_at, row.lacks_attempts) == (NOON, False)
    clock.forward(hours=3)
    row = read(leetcoder, replace(LEET, mark="300/513"))
    assert (row.active_at, row.lacks_attempts) == (house.now(), True)


def test_a_visit_in_the_future_is_a_visit_now(handle: Handle) -> None:
    """Two clocks differ: it must not look as if attempts were missing for ever."""
    row = read(handle, replace(EXPERT, active_at=NOON + timedelta(minutes=5)))
    assert row.active_at == NOON


def test_a_higher_count_of_the_platform_is_news(leetcoder: Handle, clock: HeldClock) -> None:
    read(leetcoder, LEET)
    clock.forward(hours=3)
    read(leetcoder, replace(LEET, solved=303, mark="303/520"))
    read(leetcoder, replace(LEET, solved=302, mark="302/520"))
    [event] = Event.objects.filter(tag="ratings:problems:solved")
    assert event.data["count"] == 3


def test_a_count_that_is_missing_once_leaves_no_gap(leetcoder: Handle, clock: HeldClock) -> None:
    read(leetcoder, LEET)
    clock.forward(days=1)
    row = read(leetcoder, replace(LEET, solved=None, solved_by={}, contests=None))
    last = row.current
    assert last is not None
    assert (last.contests, last.solved, last.solved_by["Hard"]) == (12, 300, 10)


def test_a_hidden_account_is_shown_as_hidden_and_asked_for_once_a_day(leetcoder: Handle) -> None:
    read(leetcoder, LEET)
    row = read(leetcoder, Private("“nila_v” does not show a profile."))
    assert row.state == Handle.State.PRIVATE
    assert row.next_sync_at == NOON + timedelta(days=1)
    assert row.current is not None
    assert row.current.rating == 1650


def test_a_profile_that_carries_everything_is_applied_as_a_whole(charlie: User) -> None:
    handle = services.link_handle(member=charlie, platform="codechef", text="nila_v").handle
    change = Change(
        handle="nila_v",
        contest_key="START1",
        contest_name="Starters 1",
        rank=90,
        old=None,
        new=1723,
        at=NOON - timedelta(days=4),
    )
    chef = Profile(
        handle="nila_v",
        rating=1723,
        max_rating=1723,
        contests=1,
        solved=75,
        mark="2026-11-20:3/75",
        history=(change,),
        activity=Activity(days={NOON.date(): 3}),
    )
    row = read(handle, chef)
    assert RatingChange.objects.get().new == 1723
    assert CalendarDay.objects.get().submissions == 3
    assert not row.lacks_history
    read(handle, replace(chef, history=(replace(change, new=1720),)))
    assert RatingChange.objects.get().first_new == 1723


# --- the end of an outage


def test_what_waits_since_an_outage_is_read_soon_after_it(
    handle: Handle, bob: User, clock: HeldClock
) -> None:
    other = services.link_handle(member=bob, platform="codeforces", text="other").handle
    read(handle, EXPERT)
    for _ in range(7):
        clock.forward(hours=6)
        services.record_failure(
            handles=[handle.pk, other.pk], error=Transient("down"), at=house.now()
        )
    other.refresh_from_db()
    assert other.next_sync_at == house.now() + timedelta(minutes=320)
    read(handle, EXPERT)
    other.refresh_from_db()
    assert other.next_sync_at == house.now() + timedelta(minutes=10)
    assert other.state == Handle.State.STALE


def test_one_account_that_fails_alone_moves_no_other(handle: Handle, bob: User) -> None:
    other = services.link_handle(member=bob, platform="codeforces", text="other").handle
    for row in (handle, other):
        services.record_failure(handles=[row.pk], error=ChangedLayout("odd"), at=NOON)
    Handle.objects.filter(pk=other.pk).update(next_sync_at=NOON + timedelta(hours=6))
    read(handle, EXPERT)
    other.refresh_from_db()
    assert other.next_sync_at == NOON + timedelta(hours=6)
