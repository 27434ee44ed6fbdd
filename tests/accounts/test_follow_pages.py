"""The buttons on the page of a member, and the lists of who follows whom."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from codetrack.accounts import services
from codetrack.accounts.models import Block, Follow, SeenBy, User
from codetrack.accounts.views.follows import WHOLE
from codetrack.core.models import Event
from tests.cast import Cast
from tests.factories import MemberFactory, MembershipFactory

pytestmark = pytest.mark.django_db

type Browser = Callable[[User], Client]

HTMX = {"HX-Request": "true"}


def follow(follower: User, followed: User) -> None:
    Follow.objects.create(follower=follower, followed=followed)


def names(client: Client, path: str) -> list[str]:
    return [one.member.username for one in client.get(path).context["people"]]


# --- on the page of a member -------------------------------------------------


def test_a_button_follows_and_unfollows(browser: Browser, cast: Cast) -> None:
    alice = browser(cast.alice)
    page = alice.get("/members/bob/").content.decode()
    assert 'action="/members/bob/follow/"' in page and 'data-keys="f"' in page
    assert alice.post("/members/bob/follow/").url == "/members/bob/"
    page = alice.get("/members/bob/").content.decode()
    assert 'action="/members/bob/unfollow/"' in page and "<b>1</b> follower</a>" in page
    alice.post("/members/BOB/unfollow/")
    assert not Follow.objects.exists()


def test_the_button_comes_back_alone_to_a_page_that_asks_for_it(
    browser: Browser, cast: Cast
) -> None:
    alice = browser(cast.alice)
    relation = alice.post("/members/bob/follow/", {"part": "relation"}, headers=HTMX)
    assert relation.content.decode().strip().startswith('<div class="relation"')
    assert "You follow Bob Fellow." in relation["HX-Trigger"]
    button = alice.post("/members/bob/unfollow/", {"part": "button"}, headers=HTMX)
    text = button.content.decode()
    assert text.strip().startswith("<form") and f'id="follow-{cast.bob.pk}"' in text
    assert "You no longer follow Bob Fellow." in button["HX-Trigger"]


def test_a_refusal_is_a_toast_and_changes_nothing(browser: Browser, cast: Cast) -> None:
    answer = browser(cast.alice).post("/members/alice/follow/", {"part": "button"}, headers=HTMX)
    assert answer.status_code == 200 and "That is you" in answer["HX-Trigger"]
    page = browser(cast.alice).post("/members/alice/follow/", follow=True).content.decode()
    assert "That is you" in page


def test_only_a_page_that_says_it_itself_is_left_a_message(browser: Browser, cast: Cast) -> None:
    alice, there = browser(cast.alice), {"next": "/members/"}
    assert alice.post("/members/bob/follow/", there, headers=HTMX).url == "/members/"
    assert "You follow Bob" not in alice.get("/members/").content.decode()
    alice.post("/members/erin/follow/", {**there, "part": WHOLE}, headers=HTMX)
    assert "You follow Erin Author." in alice.get("/members/").content.decode()
    alice.post("/members/alice/follow/", there, headers=HTMX)
    assert "That is you" in alice.get("/members/").content.decode()


@pytest.mark.parametrize("to", ["https://example.org/", "//example.org/", "/\\example.org", "x"])
def test_nobody_is_sent_elsewhere(browser: Browser, cast: Cast, to: str) -> None:
    assert browser(cast.alice).post("/members/bob/follow/", {"next": to}).url == "/members/bob/"


def test_who_is_followed_by_them_reads_so(browser: Browser, cast: Cast) -> None:
    follow(cast.bob, cast.alice)
    page = browser(cast.alice).get("/members/bob/").content.decode()
    assert "follows you" in page and "Follow back" in page


def test_blocking_says_what_happens_and_is_undone_there(browser: Browser, cast: Cast) -> None:
    follow(cast.bob, cast.alice)
    alice = browser(cast.alice)
    assert "is not told" in alice.get("/members/bob/").content.decode()
    page = alice.post("/members/bob/block/", follow=True).content.decode()
    assert "You blocked Bob Fellow." in page and "Unblock" in page
    assert 'action="/members/bob/follow/"' not in page
    assert not Follow.objects.exists()
    assert browser(cast.bob).get("/members/alice/").status_code == 404
    alice.post("/members/bob/unblock/", {"part": "relation"}, headers=HTMX)
    assert not Block.objects.exists()
    assert browser(cast.bob).get("/members/alice/").status_code == 200


def test_ones_own_page_has_counts_and_no_buttons(browser: Browser, cast: Cast) -> None:
    follow(cast.bob, cast.alice)
    page = browser(cast.alice).get("/members/alice/").content.decode()
    assert '<a href="/followers/"><b>1</b> follower</a>' in page
    assert "/members/alice/follow/" not in page and "/members/alice/block/" not in page


# --- lists -------------------------------------------------------------------


def test_own_lists_have_the_latest_first(browser: Browser, cast: Cast) -> None:
    for other in (cast.bob, cast.erin):
        follow(cast.alice, other)
        follow(other, cast.alice)
    alice = browser(cast.alice)
    assert names(alice, "/following/") == names(alice, "/followers/") == ["erin", "bob"]


def test_a_follower_is_followed_back_from_the_list(browser: Browser, cast: Cast) -> None:
    follow(cast.bob, cast.alice)
    alice = browser(cast.alice)
    assert "Follow back" in alice.get("/followers/").content.decode()
    answer = alice.post("/members/bob/follow/", {"next": "/followers/"})
    assert answer.url == "/followers/"
    assert "Follow back" not in alice.get("/followers/").content.decode()


def test_the_lists_of_others_show_whom_the_viewer_may_see(browser: Browser, cast: Cast) -> None:
    services.change_privacy(member=cast.bob, seen_by=SeenBy.SITE)
    for follower in (cast.alice, cast.erin, cast.charlie):
        follow(follower, cast.bob)
    path = "/members/bob/followers/"
    assert names(browser(cast.charlie), path) == ["charlie"]
    assert "And 2 more, whose pages are not for you." in (
        browser(cast.charlie).get(path).content.decode()
    )
    assert names(browser(cast.dana), path) == ["erin", "alice"]
    assert "And one more, whose page is not for you." in (
        browser(cast.dana).get(path).content.decode()
    )


def test_whose_page_is_not_seen_any_more_is_unfollowed_unseen(browser: Browser, cast: Cast) -> None:
    for followed in (cast.bob, cast.erin):
        follow(cast.alice, followed)
    follow(cast.dana, cast.bob)
    alice = browser(cast.alice)
    assert "/following/unseen/unfollow/" not in alice.get("/following/").content.decode()
    services.change_privacy(member=cast.bob, seen_by=SeenBy.NOBODY)
    page = alice.get("/following/").content.decode()
    assert "And one more" in page and 'action="/following/unseen/unfollow/"' in page
    assert 'action="/following/unseen/unfollow/"' not in (
        browser(cast.dana).get("/members/alice/following/").content.decode()
    )
    page = alice.post("/following/unseen/unfollow/", follow=True).content.decode()
    assert "And one more" not in page
    left = Follow.objects.values_list("follower__username", "followed__username")
    assert sorted(left) == [("alice", "erin"), ("dana", "bob")]


def test_who_went_private_is_unfollowed_and_not_shown(browser: Browser, cast: Cast) -> None:
    """Whatever page was open: what comes back is the list of one's own."""
    alice = browser(cast.alice)
    for headers in ({}, HTMX):
        services.change_privacy(member=cast.bob, seen_by=SeenBy.INSTITUTE)
        follow(cast.alice, cast.bob)
        services.change_privacy(member=cast.bob, seen_by=SeenBy.NOBODY)
        answer = alice.post("/members/bob/unfollow/", {"part": "relation"}, headers=headers)
        assert not Follow.objects.exists()
        there = answer["HX-Redirect"] if headers else answer["Location"]
        assert there == "/following/" and not answer.content
        assert "You no longer follow Bob Fellow." in alice.get(there).content.decode()


def test_a_follower_is_removed_from_the_list_and_not_told(browser: Browser, cast: Cast) -> None:
    for follower in (cast.bob, cast.erin):
        follow(follower, cast.alice)
    alice = browser(cast.alice)
    assert 'action="/members/bob/remove/"' in alice.get("/followers/").content.decode()
    assert "/remove/" not in browser(cast.bob).get("/members/alice/followers/").content.decode()
    answer = alice.post("/members/bob/remove/", {"next": "/followers/"})
    assert answer.url == "/followers/" and names(alice, answer.url) == ["erin"]
    event = Event.objects.get()
    assert (event.tag, event.actor_id) == ("accounts:followers:removed", cast.alice.pk)
    assert event.data == {"member_id": cast.alice.pk, "count": 1}
    assert event.topics == [f"account:{cast.alice.pk}", f"member:{cast.alice.pk}"]
    assert alice.post("/members/bob/remove/").status_code == 404
    assert browser(cast.charlie).post("/members/erin/remove/").status_code == 404


def test_followers_whose_pages_are_not_seen_are_removed_without_a_name(
    browser: Browser, cast: Cast
) -> None:
    for follower in (cast.bob, cast.erin, cast.dana):
        follow(follower, cast.alice)
    follow(cast.bob, cast.erin)
    alice = browser(cast.alice)
    assert "/followers/unseen/remove/" not in alice.get("/followers/").content.decode()
    for hidden in (cast.bob, cast.erin):
        services.change_privacy(member=hidden, seen_by=SeenBy.NOBODY)
    page = alice.get("/followers/").content.decode()
    assert "Remove these 2" in page and "bob" not in page.lower()
    assert alice.post("/members/bob/remove/").status_code == 404
    assert "/unseen/" not in browser(cast.dana).get("/members/alice/followers/").content.decode()
    alice.post("/followers/unseen/remove/", follow=True)
    left = Follow.objects.values_list("follower__username", "followed__username")
    assert sorted(left) == [("bob", "erin"), ("dana", "alice")]
    assert Event.objects.latest("pk").data == {"member_id": cast.alice.pk, "count": 2}
    events = Event.objects.count()
    alice.post("/followers/unseen/remove/")
    assert Event.objects.count() == events


def test_long_lists_go_on_by_key(browser: Browser, cast: Cast) -> None:
    for _ in range(60):
        follow(cast.alice, MembershipFactory(institute=cast.institute).member)
    alice, seen, path = browser(cast.alice), [], "/following/"
    while path:
        page = alice.get(path)
        seen += [one.member.pk for one in page.context["people"]]
        path = f"/following/?cursor={page.context['next']}" if page.context["next"] else ""
    assert seen == sorted(seen, reverse=True) and len(seen) == 60
    assert alice.get("/following/?cursor=made-up").status_code == 422


def test_lists_cost_the_same_with_1_and_30_rows(browser: Browser, cast: Cast) -> None:
    def cost(path: str) -> int:
        browser(cast.alice).get(path)
        with CaptureQueriesContext(connection) as queries:
            browser(cast.alice).get(path)
        return len(queries)

    for other in (cast.bob, cast.erin):
        follow(cast.alice, other)
        follow(other, cast.alice)
    paths = ["/following/", "/followers/", "/members/bob/following/"]
    few = [cost(path) for path in paths]
    for _ in range(30):
        other = MembershipFactory(institute=cast.institute).member
        follow(cast.alice, other)
        follow(other, cast.alice)
        follow(cast.bob, other)
    assert [cost(path) for path in paths] == few


def test_an_empty_list_says_what_to_do(browser: Browser, cast: Cast) -> None:
    alice = browser(cast.alice)
    page = alice.get("/following/").content.decode()
    assert "You follow nobody yet" in page and 'href="/members/"' in page
    assert "Whom you could follow" in page and "Bob Fellow" in page
    assert "Nobody follows you yet" in alice.get("/followers/").content.decode()
    assert "Nobody follows Bob Fellow yet" in alice.get("/members/bob/followers/").content.decode()


def test_visitors_sign_in_first(client: Client, db: None) -> None:
    for path in ("/following/", "/followers/", "/members/bob/following/"):
        assert client.get(path).url.startswith("/accounts/login/")


def test_members_are_followed_from_the_list_of_members(browser: Browser, cast: Cast) -> None:
    page = browser(cast.alice).get("/members/").content.decode()
    assert 'action="/members/bob/follow/"' in page and "/members/alice/follow/" not in page


def test_a_member_who_is_alone_is_told(browser: Browser) -> None:
    page = browser(MemberFactory()).get("/following/").content.decode()
    assert "You follow nobody yet" in page and "Whom you could follow" not in page
