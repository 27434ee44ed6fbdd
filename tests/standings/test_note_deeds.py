"""What members did is written once, corrected in place, taken away, announced and forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from codetrack.core.models import Event
from codetrack.core.testing import HeldClock, hold_clock
from codetrack.standings import feeds
from codetrack.standings.feeds import Kind, Scope
from codetrack.standings.models import FeedItem
from codetrack.standings.services import feed
from codetrack.standings.services.feed import note
from codetrack.standings.tasks import prune_feed
from tests.cast import Cast
from tests.factories import MemberFactory
from tests.standings.deeds import NOON, contest, did, follow, solved

CONTESTS = {"contest"}


@pytest.fixture(autouse=True)
def held() -> Iterator[HeldClock]:
    with hold_clock(NOON) as held:
        yield held


def announced() -> list[Event]:
    return list(Event.objects.filter(tag="standings:feed:changed").order_by("pk"))


def test_what_is_noted_twice_is_there_once(cast: Cast) -> None:
    did(solved(cast.bob), contest(cast.bob))
    did(solved(cast.bob), contest(cast.bob))
    assert FeedItem.objects.count() == 2


def test_a_correction_changes_it_in_place(cast: Cast) -> None:
    did(contest(cast.bob))
    before = FeedItem.objects.get()
    did(contest(cast.bob, NOON - timedelta(minutes=5), delta=37))
    after = FeedItem.objects.get()
    assert after.pk == before.pk
    assert (after.params["delta"], after.at) == (37, NOON - timedelta(minutes=5))


def test_what_vanished_is_taken_away_within_its_scope_alone(cast: Cast) -> None:
    elsewhere = replace(contest(cast.bob), key="leetcode:1")
    others = [solved(cast.bob), elsewhere, contest(cast.erin)]
    old = contest(cast.bob, NOON - timedelta(days=9), key="2")
    did(contest(cast.bob), old, *others)
    week = Scope(
        member=cast.bob.pk, kinds=CONTESTS, since=NOON - timedelta(days=7), prefix="codeforces:"
    )
    note(items=[contest(cast.bob, key="3")], within=[week])
    kept = {(row.member_id, row.kind, row.key) for row in FeedItem.objects.all()}
    assert kept == {one.name for one in (*others, old, contest(cast.bob, key="3"))}


def test_what_is_older_than_90_days_is_neither_written_nor_kept(
    cast: Cast, held: HeldClock
) -> None:
    did(contest(cast.bob), contest(cast.bob, NOON - timedelta(days=91), key="2"))
    assert FeedItem.objects.count() == 1
    held.forward(days=89)
    prune_feed.call()
    assert FeedItem.objects.count() == 1
    held.forward(days=2)
    prune_feed.call()
    assert not FeedItem.objects.exists()


def test_followers_hear_of_it_once_and_for_an_hour(cast: Cast) -> None:
    follow(cast.alice, cast.bob, cast.erin)
    follow(cast.dana, cast.bob)
    did(contest(cast.bob), solved(cast.bob), solved(cast.erin))
    [event] = announced()
    assert event.topics == [f"feed:{pk}" for pk in sorted((cast.alice.pk, cast.dana.pk))]
    assert event.until == NOON + timedelta(hours=1)


def test_nobody_hears_of_what_is_no_news(cast: Cast) -> None:
    did(solved(cast.bob))
    assert announced() == []  # nobody follows bob
    follow(cast.alice, cast.bob)
    did(solved(cast.bob))
    assert announced() == []  # it was known
    whole = Scope(member=cast.bob.pk, kinds={"solved"}, since=NOON - timedelta(days=7))
    note(within=[whole])
    assert len(announced()) == 1  # it is gone


def test_so_many_followers_hear_at_once_and_no_more(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever is beyond sees it with the next page: one star does not fill the log."""
    monkeypatch.setattr(feed, "HEARERS", 5)
    monkeypatch.setattr(feed, "TOGETHER", 2)
    for _ in range(7):
        follow(MemberFactory(), cast.bob)
    did(solved(cast.bob))
    assert [len(event.topics) for event in announced()] == [2, 2, 1]


def test_two_kinds_of_one_name_are_refused() -> None:
    again = Kind(key="solved", app="tests", label="Solved", icon="check", order=1)
    with pytest.raises(ValueError, match="two kinds of feed items named solved"):
        feeds.register(again)
