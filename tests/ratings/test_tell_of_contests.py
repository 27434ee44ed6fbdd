"""What rated contests tell those who follow a member: results, new ranks, new highest ratings."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from codetrack.accounts.models import User
from codetrack.core.testing import HeldClock
from codetrack.platforms.base import Profile
from codetrack.ratings import services
from codetrack.ratings.models import Handle
from tests.ratings.conftest import NOON
from tests.ratings.deeds import account, career, items, play, prove, tell, words

WEEK = timedelta(weeks=1)


@pytest.fixture
def handle(clock: HeldClock, alice: User) -> Handle:
    """Proven, rated in two contests of the last two days; of those before there is no news."""
    handle = account(alice)
    prove(handle)
    return handle


def test_a_contest_tells_its_rank_and_its_change(handle: Handle, alice: User) -> None:
    play(handle, career(1450, 1430))
    tell()
    [last, first] = words(alice)
    assert (
        last == "Alice Member took part in Round 1001 on Codeforces: rank 101, rating 1450 → 1430."
    )
    assert first == "Alice Member took part in Round 1000 on Codeforces: rating 1450."
    assert [item.at for item in items()] == [NOON - timedelta(days=1), NOON - timedelta(days=2)]


def test_a_tier_never_reached_before_is_told(handle: Handle, alice: User) -> None:
    play(handle, career(1580, 1610, 1590, 1620))
    tell()
    [item] = items("rank")
    assert (item.params["tier"], item.params["contest"]) == ("Expert", "Round 1001")
    assert (
        "Alice Member became Expert on Codeforces with a rating of 1610, by Round 1001."
        in words(alice)
    )


def test_a_highest_rating_is_told_unless_it_brought_a_rank(handle: Handle, alice: User) -> None:
    """Neither of the first contest, before which there was nothing to exceed."""
    play(handle, career(1450, 1480, 1470, 1490, 1610))
    tell()
    assert [item.params["new"] for item in items("maximum")] == [1490, 1480]
    assert [item.params["new"] for item in items("rank")] == [1610]
    assert "Alice Member has a new highest rating on Codeforces: 1490, by Round 1003." in words(
        alice
    )


def test_ten_years_of_history_are_no_news(clock: HeldClock, alice: User) -> None:
    """But for the last week: of what was before nobody wants to hear now."""
    handle = account(alice)
    play(handle, career(*range(1000, 1500), every=WEEK))
    tell()
    assert items() == []  # nobody has shown that it is theirs
    prove(handle)
    tell()
    [contest] = items("contest")
    assert contest.at == NOON - WEEK
    assert items("rank") == []
    clock.forward(days=60)
    played = replace(career(1700)[0], contest_key="2000", old=1499, at=NOON + timedelta(days=50))
    play(handle, [*career(*range(1000, 1500), every=WEEK), played])
    tell()
    assert [item.at for item in items("contest")] == [played.at, NOON - WEEK]
    assert [item.params["tier"] for item in items("rank")] == ["Expert"]


def test_the_same_contests_again_are_no_news(handle: Handle) -> None:
    play(handle, career(1450, 1480))
    tell()
    before = [item.pk for item in items()]
    play(handle, career(1450, 1480, 1500))
    tell()
    assert {item.pk for item in items()} > set(before)
    assert len(items("contest")) == 3


def test_a_correction_changes_what_was_told(handle: Handle, alice: User) -> None:
    play(handle, career(1580, 1610))
    tell()
    told = [item.pk for item in items("contest")]
    play(handle, career(1580, 1595))
    tell()
    assert [item.params["delta"] for item in items("contest")] == [15, None]
    assert [item.pk for item in items("contest")] == told
    assert items("rank") == []  # it was none after all
    assert [item.params["new"] for item in items("maximum")] == [1595]


def test_a_contest_that_is_withdrawn_is_taken_away(handle: Handle) -> None:
    play(handle, career(1450, 1480, 1520))
    tell()
    play(handle, career(1450, 1480, 1520)[:2])
    tell()
    assert [item.params["new"] for item in items("contest")] == [1480, 1450]
    assert [item.params["new"] for item in items("maximum")] == [1480]


def test_what_is_not_proven_is_not_told(clock: HeldClock, bob: User) -> None:
    play(account(bob), career(1450, 1480))
    tell()
    assert items() == []


def test_an_account_that_is_let_go_takes_its_contests_along(handle: Handle, alice: User) -> None:
    play(handle, career(1450, 1480))
    tell()
    services.unlink_handle(claim=handle.claims.open().get(), by=alice)
    tell()
    assert items() == []


def test_an_account_that_another_proves_tells_of_them_from_then_on(
    handle: Handle, alice: User, bob: User
) -> None:
    play(handle, career(1450, 1480))
    tell()
    claim = services.link_handle(member=bob, platform="codeforces", text=handle.shown)
    assert claim.handle_id == handle.pk
    proof = services.start_proof(claim=claim, method="organization", by=bob)
    texts = {"organization": services.token_of(proof)}
    found = Profile(handle=handle.shown, texts=texts)
    services.settle_proof(proof=proof, found=found, at=NOON)
    tell()
    assert {item.member_id for item in items()} == {bob.pk}
    assert len(items("contest")) == 2
