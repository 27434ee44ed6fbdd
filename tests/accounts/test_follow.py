"""Following and being left alone: once each, and only whom one may see."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from codetrack.accounts import queries, services
from codetrack.accounts.models import Block, Follow, SeenBy, User
from codetrack.core import paging
from codetrack.core.errors import Conflict, HouseError, Missing, Problem, TooMany
from codetrack.core.models import Event
from tests.cast import Cast, make_cast
from tests.factories import MemberFactory, MembershipFactory

pytestmark = pytest.mark.django_db


def tags() -> list[str]:
    return list(Event.objects.order_by("pk").values_list("tag", flat=True))


def follow(follower: User, followed: User) -> None:
    services.follow(follower=follower, followed=followed)


def followees(member: User) -> set[int]:
    return set(queries.followees_of(member).values_list("pk", flat=True))


def followers(member: User) -> set[int]:
    return set(queries.followers_of(member).values_list("pk", flat=True))


def hide(member: User) -> None:
    services.change_privacy(member=member, seen_by=SeenBy.NOBODY)


def all_at_once(*acts: Callable[[], object]) -> None:
    def run(act: Callable[[], object]) -> None:
        try:
            act()
        except (Conflict, Missing):
            pass
        finally:
            connection.close()

    with ThreadPoolExecutor(len(acts)) as pool:
        list(pool.map(run, acts))


# --- following ---------------------------------------------------------------


def test_a_member_follows_another_once(cast: Cast) -> None:
    for _ in range(2):
        follow(cast.alice, cast.bob)
    assert tags() == ["accounts:member:followed"]
    assert followees(cast.alice) == {cast.bob.pk}
    assert followers(cast.bob) == {cast.alice.pk}


def test_who_follows_stands_in_no_payload(cast: Cast) -> None:
    """Everybody who listens to the page of the followed is sent the payload."""
    follow(cast.alice, cast.bob)
    event = Event.objects.get()
    assert event.data == {"member_id": cast.bob.pk} and event.actor_id == cast.alice.pk
    assert event.topics == [f"account:{cast.alice.pk}", f"member:{cast.bob.pk}"]


def test_a_member_follows_another_no_more(cast: Cast) -> None:
    follow(cast.alice, cast.bob)
    for _ in range(2):
        services.unfollow(follower=cast.alice, followed=cast.bob)
    assert tags() == ["accounts:member:followed", "accounts:member:unfollowed"]
    assert followees(cast.alice) == set()


def test_nobody_follows_themselves(cast: Cast) -> None:
    with pytest.raises(Problem) as caught:
        follow(cast.alice, cast.alice)
    assert caught.value.code == "oneself" and not Event.objects.exists()


def test_whom_one_may_not_see_one_cannot_follow(cast: Cast) -> None:
    hide(cast.bob)
    for follower, followed in [(cast.alice, cast.bob), (cast.charlie, cast.alice)]:
        with pytest.raises(Missing):
            follow(follower, followed)
    assert not Follow.objects.exists()


def test_an_account_that_was_switched_off_is_not_followed(cast: Cast) -> None:
    User.objects.filter(pk=cast.bob.pk).update(is_active=False)
    cast.bob.refresh_from_db()
    with pytest.raises(Missing):
        follow(cast.ada, cast.bob)


def test_who_opens_their_page_to_everybody_is_followed_by_outsiders(cast: Cast) -> None:
    services.change_privacy(member=cast.bob, seen_by=SeenBy.SITE)
    follow(cast.charlie, cast.bob)
    assert followees(cast.charlie) == {cast.bob.pk}


def test_nobody_is_told_without_end_that_the_same_member_follows(cast: Cast) -> None:
    for _ in range(10):
        follow(cast.alice, cast.bob)
        services.unfollow(follower=cast.alice, followed=cast.bob)
    with pytest.raises(TooMany):
        follow(cast.alice, cast.bob)
    assert not Follow.objects.exists() and tags().count("accounts:member:followed") == 10
    follow(cast.alice, cast.erin)


def test_following_without_end_is_slowed_down(cast: Cast) -> None:
    for _ in range(60):
        follow(cast.alice, cast.bob)
    with pytest.raises(TooMany):
        follow(cast.alice, cast.bob)


@pytest.mark.parametrize("ending", ["hides", "leaves", "switched off"])
def test_who_is_not_seen_any_more_is_in_no_list_and_comes_back(cast: Cast, ending: str) -> None:
    follow(cast.alice, cast.bob)
    follow(cast.bob, cast.alice)
    if ending == "hides":
        hide(cast.bob)
    elif ending == "leaves":
        services.leave(member=cast.bob)
    else:
        User.objects.filter(pk=cast.bob.pk).update(is_active=False)
    assert followees(cast.alice) == followers(cast.alice) == set()
    assert Follow.objects.count() == 2
    if ending == "hides":
        services.change_privacy(member=cast.bob, seen_by=SeenBy.INSTITUTE)
        assert followees(cast.alice) == {cast.bob.pk}


def test_the_lists_of_another_hold_only_whom_the_viewer_may_see(cast: Cast) -> None:
    for followed in (cast.bob, cast.erin):
        follow(cast.alice, followed)
    hide(cast.erin)
    assert list(queries.followees_of(cast.alice, cast.dana)) == [cast.bob]
    assert list(queries.followers_of(cast.bob, cast.charlie)) == []


def test_whom_one_followed_last_comes_first(cast: Cast) -> None:
    for followed in (cast.bob, cast.erin, cast.dana):
        follow(cast.alice, followed)
    page = paging.cut(queries.followees_of(cast.alice), by=("-since",), size=2)
    assert page.items == [cast.dana, cast.erin]
    rest = paging.cut(queries.followees_of(cast.alice), by=("-since",), cursor=page.next or "")
    assert rest.items == [cast.bob]


# --- being left alone --------------------------------------------------------


def test_blocking_ends_following_both_ways_in_one_event(cast: Cast) -> None:
    follow(cast.alice, cast.bob)
    follow(cast.bob, cast.alice)
    for _ in range(2):
        services.block(blocker=cast.alice, blocked=cast.bob)
    assert not Follow.objects.exists()
    assert tags()[2:] == ["accounts:member:blocked"]


def test_a_block_is_told_to_no_topic_that_the_blocked_hears(cast: Cast) -> None:
    services.block(blocker=cast.alice, blocked=cast.bob)
    topics = Event.objects.get().topics
    assert topics == [f"account:{cast.alice.pk}", f"rights:{cast.bob.pk}"]


def test_who_is_blocked_finds_nobody_there(cast: Cast) -> None:
    services.block(blocker=cast.alice, blocked=cast.bob)
    assert cast.alice not in queries.visible_to(cast.bob)
    assert cast.bob in queries.visible_to(cast.alice)
    with pytest.raises(Missing):
        follow(cast.bob, cast.alice)
    with pytest.raises(Missing):
        services.block(blocker=cast.bob, blocked=cast.alice)


def test_who_blocked_somebody_unblocks_them_before_following(cast: Cast) -> None:
    services.block(blocker=cast.alice, blocked=cast.bob)
    with pytest.raises(Conflict, match="Unblock them first"):
        follow(cast.alice, cast.bob)
    for _ in range(2):
        services.unblock(blocker=cast.alice, blocked=cast.bob)
    follow(cast.alice, cast.bob)
    assert tags()[1:] == ["accounts:member:unblocked", "accounts:member:followed"]


def test_an_admin_who_was_blocked_looks_after_the_member_and_cannot_follow(cast: Cast) -> None:
    services.block(blocker=cast.alice, blocked=cast.ada)
    assert cast.alice in queries.visible_to(cast.ada)
    with pytest.raises(Conflict) as caught:
        follow(cast.ada, cast.alice)
    assert "block" not in caught.value.message


def test_nobody_blocks_themselves_or_whom_they_do_not_see(cast: Cast) -> None:
    with pytest.raises(Problem):
        services.block(blocker=cast.alice, blocked=cast.alice)
    with pytest.raises(Missing):
        services.block(blocker=cast.charlie, blocked=cast.alice)
    assert not Block.objects.exists()


# --- at once -----------------------------------------------------------------


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_are_one_row_and_one_event() -> None:
    cast = make_cast()
    all_at_once(*[partial(follow, cast.alice, cast.bob)] * 4)
    assert Follow.objects.count() == 1 and tags() == ["accounts:member:followed"]
    all_at_once(*[partial(services.unfollow, follower=cast.alice, followed=cast.bob)] * 4)
    assert tags()[1:] == ["accounts:member:unfollowed"]
    all_at_once(*[partial(services.block, blocker=cast.alice, blocked=cast.bob)] * 4)
    assert tags()[2:] == ["accounts:member:blocked"]


@pytest.mark.django_db(transaction=True)
def test_who_is_blocked_while_following_does_not_follow() -> None:
    cast = make_cast()
    for member in (cast.bob, cast.erin, cast.dana):
        all_at_once(
            partial(follow, member, cast.alice),
            partial(services.block, blocker=cast.alice, blocked=member),
            partial(follow, cast.alice, member),
        )
    assert Block.objects.count() == 3 and not Follow.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_members_who_follow_each_other_at_once_do_not_lock_each_other_out() -> None:
    cast = make_cast()
    all_at_once(*[partial(follow, cast.alice, cast.bob), partial(follow, cast.bob, cast.alice)] * 3)
    assert Follow.objects.count() == 2 == tags().count("accounts:member:followed")


# --- suggestions -------------------------------------------------------------


def test_fellows_are_suggested_whom_most_follow_first(cast: Cast) -> None:
    follow(cast.erin, cast.dana)
    follow(cast.alice, cast.erin)
    services.block(blocker=cast.alice, blocked=cast.ada)
    assert queries.suggestions(cast.alice) == [cast.dana, cast.bob]


def test_whom_friends_follow_and_who_is_of_the_same_batch_comes_first(cast: Cast) -> None:
    """Before those whom many follow, and all of it in one question."""
    near, beside, other, famous = [
        MembershipFactory(institute=cast.institute, batch=batch).member
        for batch in ("2026", "2027", "", "")
    ]
    cast.alice.memberships.update(batch="2027")
    follow(cast.alice, cast.bob)
    for follower, followed in [(cast.bob, near), (cast.erin, famous), (cast.dana, famous)]:
        follow(follower, followed)
    follow(cast.dana, cast.erin)
    found = queries.suggestions(cast.alice, limit=4)
    assert found == [near, beside, famous, cast.erin] and other not in found
    assert cast.alice.membership
    with CaptureQueriesContext(connection) as asked:
        assert queries.suggestions(cast.alice, limit=4) == found
    assert len(asked) == 1


def test_those_without_a_batch_are_not_of_the_same(cast: Cast) -> None:
    follow(cast.erin, cast.dana)
    assert cast.alice.membership and not cast.alice.membership.batch
    assert queries.suggestions(cast.alice)[0] == cast.dana


def test_who_follows_an_outsider_is_suggested(cast: Cast) -> None:
    services.change_privacy(member=cast.charlie, seen_by=SeenBy.SITE)
    services.change_privacy(member=cast.bob, seen_by=SeenBy.SITE)
    assert queries.suggestions(cast.charlie) == []
    follow(cast.bob, cast.charlie)
    assert queries.suggestions(cast.charlie) == [cast.bob]


def test_somebody_of_another_institute_is_not_suggested(cast: Cast) -> None:
    stranger = MembershipFactory(member=MemberFactory(seen_by=SeenBy.SITE)).member
    assert stranger not in queries.suggestions(cast.alice)


def test_refusals_have_words_for_people(cast: Cast) -> None:
    with pytest.raises(HouseError) as caught:
        follow(cast.charlie, cast.alice)
    assert caught.value.status == 404 and caught.value.message
