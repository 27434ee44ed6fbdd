"""Whose deeds a member is shown: of whom they follow, and may see now."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from codetrack.accounts.models import Block, Membership, SeenBy, User
from codetrack.core.errors import Problem
from codetrack.core.testing import HeldClock, hold_clock
from codetrack.standings.queries.feed import feed_of
from tests.cast import Cast
from tests.factories import MemberFactory, MembershipFactory
from tests.standings.deeds import NOON, contest, did, follow, solved, texts

BOB_SOLVED = "Bob Fellow solved Lantern Row on Codeforces, rated 1900."


@pytest.fixture(autouse=True)
def held() -> Iterator[HeldClock]:
    with hold_clock(NOON) as held:
        yield held


def test_a_member_sees_what_those_they_follow_did_the_newest_first(cast: Cast) -> None:
    follow(cast.alice, cast.bob, cast.erin)
    did(
        solved(cast.bob, NOON - timedelta(hours=2), count=5),
        contest(cast.erin, NOON - timedelta(hours=1)),
        solved(cast.dana),
    )
    assert texts(cast.alice) == [
        "Erin Author took part in Lantern Round 7 on Codeforces: rank 1,204, rating 1500 → 1542.",
        "Bob Fellow solved 5 problems, the hardest rated 1900: Lantern Row on Codeforces.",
    ]


def test_who_follows_nobody_sees_nothing(cast: Cast) -> None:
    did(solved(cast.bob), solved(cast.alice))
    assert texts(cast.alice) == []


def test_who_belongs_elsewhere_sees_nothing_though_they_follow(cast: Cast) -> None:
    follow(cast.charlie, cast.bob)
    did(solved(cast.bob))
    assert texts(cast.charlie) == []
    User.objects.filter(pk=cast.bob.pk).update(seen_by=SeenBy.SITE)
    assert texts(cast.charlie) == [BOB_SOLVED]


def test_who_goes_private_is_seen_no_more_and_the_follow_stays(cast: Cast) -> None:
    follow(cast.alice, cast.bob)
    did(solved(cast.bob))
    User.objects.filter(pk=cast.bob.pk).update(seen_by=SeenBy.NOBODY)
    assert texts(cast.alice) == []
    User.objects.filter(pk=cast.bob.pk).update(seen_by=SeenBy.INSTITUTE)
    assert texts(cast.alice) == [BOB_SOLVED]


def test_who_blocks_is_seen_no_more(cast: Cast) -> None:
    follow(cast.alice, cast.bob)
    did(solved(cast.bob))
    Block.objects.create(blocker=cast.bob, blocked=cast.alice)
    assert texts(cast.alice) == []


def test_who_leaves_the_institute_is_seen_no_more(cast: Cast) -> None:
    follow(cast.alice, cast.bob)
    did(solved(cast.bob))
    Membership.objects.filter(member=cast.bob).update(state=Membership.State.ENDED)
    assert texts(cast.alice) == []


def test_who_has_no_account_any_more_is_seen_no_more(cast: Cast) -> None:
    follow(cast.alice, cast.bob)
    did(solved(cast.bob))
    User.objects.filter(pk=cast.bob.pk).update(is_active=False)
    assert texts(cast.alice) == []


def test_one_member_is_seen_without_being_followed_by_who_may_see_them(cast: Cast) -> None:
    did(solved(cast.bob), solved(cast.erin))
    assert [told.text for told in feed_of(cast.alice, of=cast.bob).items] == [BOB_SOLVED]
    assert feed_of(cast.charlie, of=cast.bob).items == []


def test_one_kind_is_asked_for_alone(cast: Cast) -> None:
    follow(cast.alice, cast.bob)
    did(solved(cast.bob), contest(cast.bob))
    for kind in ("solved", "contest"):
        assert [told.kind.key for told in feed_of(cast.alice, kinds=[kind]).items] == [kind]
    assert feed_of(cast.alice, kinds=["none-such"]).items == []


def test_pages_follow_each_other_though_much_happened_at_one_moment(cast: Cast) -> None:
    follow(cast.alice, cast.bob)
    did(*(contest(cast.bob, key=str(number)) for number in range(7)))
    cursor, seen = "", []
    while True:
        page = feed_of(cast.alice, cursor=cursor, size=3)
        seen += [told.item.pk for told in page.items]
        if page.next is None:
            break
        cursor = page.next
    assert len(seen) == len(set(seen)) == 7
    assert seen == sorted(seen, reverse=True)


def test_a_cursor_made_up_by_hand_is_refused(cast: Cast) -> None:
    with pytest.raises(Problem) as refused:
        feed_of(cast.alice, cursor="made-up")
    assert refused.value.code == "bad_cursor"


def test_it_takes_as_many_queries_for_30_as_for_1(cast: Cast) -> None:
    follow(cast.alice, cast.bob)
    did(solved(cast.bob))
    with CaptureQueriesContext(connection) as one:
        assert len(texts(cast.alice)) == 1
    for number in range(29):
        member = MemberFactory()
        MembershipFactory(member=member, institute=cast.institute)
        follow(cast.alice, member)
        did(contest(member, NOON - timedelta(minutes=number)))
    with CaptureQueriesContext(connection) as thirty:
        assert len(texts(cast.alice)) == 30
    assert len(one) == len(thirty) == 2
