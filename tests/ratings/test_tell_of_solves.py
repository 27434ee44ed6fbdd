"""What solved problems tell those who follow a member: one item a day, and days in a row."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from codetrack.accounts.models import User
from codetrack.core.testing import HeldClock
from codetrack.platforms.base import Activity, Attempt, Profile, Verdict
from codetrack.ratings import services
from codetrack.ratings.models import Handle, Problem
from tests.ratings.conftest import NOON
from tests.ratings.deeds import DAY, account, attempt, items, prove, solve, tell, words

HOUR = timedelta(hours=1)


@pytest.fixture
def handle(clock: HeldClock, alice: User) -> Handle:
    handle = account(alice)
    prove(handle)
    return handle


def test_what_is_solved_on_one_day_is_one_item_that_grows(handle: Handle, alice: User) -> None:
    first = attempt("1-A", 3 * HOUR, difficulty=1700)
    solve(handle, first)
    tell()
    [item] = items()
    assert words(alice) == ["Alice Member solved Task 1-A on Codeforces, rated 1700."]
    solve(handle, first, attempt("1-B", 2 * HOUR, difficulty=1900), attempt("1-C", HOUR))
    tell()
    [grown] = items()
    assert (grown.pk, grown.at) == (item.pk, NOON - HOUR)
    assert words(alice) == [
        "Alice Member solved 3 problems, the hardest rated 1900: Task 1-B on Codeforces."
    ]
    assert grown.url == "https://example.org/1-B"


def test_the_day_is_that_of_the_member(handle: Handle, alice: User) -> None:
    """One in the morning in Tokyo is the afternoon of the day before in London."""
    User.objects.filter(pk=alice.pk).update(time_zone="Asia/Tokyo")
    solve(handle, attempt("1-A", 20 * HOUR), attempt("1-B", 22 * HOUR), attempt("1-C", 16 * HOUR))
    tell()
    assert {item.key: item.params["count"] for item in items()} == {
        "2026-11-21": 2,
        "2026-11-20": 1,
    }


def test_platforms_are_counted_together(handle: Handle, alice: User) -> None:
    other = account(alice, "leetcode")
    prove(other)
    solve(handle, attempt("1-A"))
    solve(other, attempt("two-sum", difficulty=None, level="Hard"))
    tell()
    [item] = items()
    assert item.params["count"] == 2


def test_what_a_platform_lists_after_it_counted_is_told(clock: HeldClock, bob: User) -> None:
    handle = account(bob, "leetcode")
    prove(handle)
    services.apply_profiles(found={handle.pk: Profile(handle=handle.shown, solved=3)}, at=NOON)
    services.apply_profiles(found={handle.pk: Profile(handle=handle.shown, solved=4)}, at=NOON)
    tell()
    assert items() == []  # a number without a day
    solve(handle, attempt("two-sum", difficulty=None, level="Easy"))
    tell()
    assert words(bob) == ["Bob Fellow solved Task two-sum on LeetCode."]


def test_a_problem_under_two_keys_counts_once(handle: Handle) -> None:
    solve(handle, attempt("1-A", 2 * HOUR), attempt("2-A", 3 * HOUR), attempt("3-B"))
    original = Problem.objects.get(key="1-A")
    Problem.objects.filter(key="2-A").update(twin=original)
    tell()
    [item] = items()
    assert item.params["count"] == 2


def test_a_twin_of_what_was_solved_long_ago_is_nothing_new(handle: Handle) -> None:
    solve(handle, attempt("1-A", 30 * DAY), attempt("2-A"))
    Problem.objects.filter(key="2-A").update(twin=Problem.objects.get(key="1-A"))
    tell()
    assert items() == []


def test_what_is_refused_afterwards_is_taken_away(handle: Handle) -> None:
    one = attempt("1-A")
    solve(handle, one, attempt("1-B"))
    tell()
    assert items()[0].params["count"] == 2
    solve(handle, attempt("1-A", verdict=Verdict.WRONG_ANSWER), attempt("1-B"))
    tell()
    assert items()[0].params["count"] == 1
    solve(handle, attempt("1-B", verdict=Verdict.WRONG_ANSWER))
    tell()
    assert items() == []


def test_only_the_last_week_is_told(handle: Handle) -> None:
    solve(handle, attempt("1-A", 5 * DAY), attempt("1-B", 8 * DAY), attempt("1-C", 2_000 * DAY))
    tell()
    assert [item.key for item in items()] == ["2026-11-16"]


def test_what_was_told_stays_while_days_go_by(
    handle: Handle, clock: HeldClock, alice: User
) -> None:
    solve(handle, attempt("1-A"))
    tell()
    clock.forward(days=20)
    solve(handle, attempt("1-A"), attempt("1-B", -19 * DAY))
    tell()
    assert [item.key for item in items()] == ["2026-12-10", "2026-11-21"]


def test_what_is_not_proven_is_not_told(clock: HeldClock, bob: User) -> None:
    solve(account(bob), attempt("1-A"))
    tell()
    assert items() == []


def test_an_account_that_is_let_go_takes_its_problems_along(
    handle: Handle, clock: HeldClock, alice: User
) -> None:
    solve(handle, *(attempt(f"1-{number}", number * DAY) for number in range(1, 9)))
    tell()
    clock.forward(days=30)
    services.unlink_handle(claim=handle.claims.open().get(), by=alice)
    tell()
    assert items() == []


# --- days in a row


def in_a_row(count: int, *, before: int = 0) -> list[Attempt]:
    return [attempt(f"9-{number}", (before + number) * DAY) for number in range(count)]


def test_days_in_a_row_are_told_when_their_number_is_reached(handle: Handle, alice: User) -> None:
    solve(handle, *in_a_row(6))
    tell()
    assert items("streak") == []
    solve(handle, *in_a_row(7))
    tell()
    [item] = items("streak")
    assert (item.key, item.at) == ("7:2026-11-15", NOON)
    assert "Alice Member was at work on 7 days in a row." in words(alice)


def test_a_row_is_told_once_while_it_goes_on(handle: Handle, clock: HeldClock) -> None:
    solve(handle, *in_a_row(7))
    tell()
    before = items("streak")[0]
    clock.forward(days=1)
    solve(handle, *in_a_row(8, before=-1))
    tell()
    [item] = items("streak")
    assert (item.pk, item.key) == (before.pk, before.key)


def test_a_row_that_was_longer_than_known_is_told_once(handle: Handle) -> None:
    solve(handle, *in_a_row(7))
    tell()
    solve(handle, *in_a_row(9))
    tell()
    assert [item.key for item in items("streak")] == ["7:2026-11-13"]


def test_a_row_of_long_ago_is_no_news(handle: Handle) -> None:
    solve(handle, *in_a_row(29))
    tell()
    assert items("streak") == []  # the seventh day was three weeks ago
    solve(handle, *in_a_row(30))
    tell()
    assert [item.params["days"] for item in items("streak")] == [30]


def test_days_that_a_platform_counts_itself_belong_to_the_row(clock: HeldClock, bob: User) -> None:
    handle = account(bob, "leetcode")
    prove(handle)
    week = {date(2026, 11, 14) + number * DAY: 2 for number in range(7)}
    services.apply_activity(read={handle.pk: Activity(days=week)}, at=NOON)
    solve(handle, attempt("two-sum"))
    tell()
    assert [item.params["days"] for item in items("streak")] == [7]
