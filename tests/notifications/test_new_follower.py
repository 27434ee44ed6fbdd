"""Members are told who follows them: in the inbox, by mail only if they want it."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from codetrack.accounts import services
from codetrack.accounts.models import Follow, SeenBy, User
from codetrack.accounts.notices import new_follower
from codetrack.core import notices
from codetrack.core.models import Event
from codetrack.core.testing import HeldClock
from codetrack.notifications import queries
from codetrack.notifications.models import Notice
from codetrack.notifications.services import set_preference
from tests.cast import Cast
from tests.core.servers import MailServer
from tests.factories import MembershipFactory
from tests.notifications.rows import told

pytestmark = pytest.mark.django_db


def follow(follower: User, followed: User) -> None:
    services.follow(follower=follower, followed=followed)


def test_the_followed_is_told_in_one_thread(post: MailServer, held: HeldClock, cast: Cast) -> None:
    follow(cast.bob, cast.alice)
    follow(cast.erin, cast.alice)
    told(held)
    (thread,) = queries.inbox(cast.alice).items
    assert thread.unread == 2 and thread.key == f"followers:{cast.alice.pk}"
    assert thread.newest.title == "Erin Author follows you"
    assert thread.newest.notice.url == "/members/erin/"
    assert Notice.objects.count() == 2 and not post.mails


def test_by_mail_for_who_wants_it(post: MailServer, held: HeldClock, cast: Cast) -> None:
    set_preference(member=cast.alice, kind="new_follower", channel="email", how=notices.NOW)
    follow(cast.bob, cast.alice)
    told(held)
    assert [mail["Subject"] for mail in post.mails] == ["Bob Fellow follows you"]


def test_who_follows_again_and_again_is_told_of_once(
    post: MailServer, held: HeldClock, cast: Cast
) -> None:
    for _ in range(3):
        follow(cast.bob, cast.alice)
        services.unfollow(follower=cast.bob, followed=cast.alice)
    told(held)
    assert not Notice.objects.exists()
    for _ in range(2):
        follow(cast.bob, cast.alice)
        services.unfollow(follower=cast.bob, followed=cast.alice)
    follow(cast.bob, cast.alice)
    told(held)
    assert Notice.objects.count() == 1


def test_nobody_is_told_of_whom_they_blocked(post: MailServer, held: HeldClock, cast: Cast) -> None:
    follow(cast.bob, cast.alice)
    services.block(blocker=cast.alice, blocked=cast.bob)
    told(held)
    assert not Notice.objects.exists()


def test_who_may_not_be_seen_is_not_named(post: MailServer, held: HeldClock, cast: Cast) -> None:
    services.change_privacy(member=cast.bob, seen_by=SeenBy.NOBODY)
    follow(cast.bob, cast.alice)
    told(held)
    assert Follow.objects.exists() and not Notice.objects.exists()


def test_many_followers_of_one_cost_as_much_as_two(held: HeldClock, cast: Cast) -> None:
    def cost() -> int:
        follows = Event.objects.filter(tag="accounts:member:followed")
        with CaptureQueriesContext(connection) as seen:
            list(new_follower(list(follows)))
        return len(seen)

    crowd = [MembershipFactory(institute=cast.institute).member for _ in range(8)]
    for follower in crowd[:2]:
        follow(follower, cast.alice)
    few = cost()
    for follower in crowd[2:]:
        follow(follower, cast.alice)
    assert cost() == few
