"""Everybody hears what they may see, and no longer than they may."""

from __future__ import annotations

from collections.abc import Callable
from threading import Event

import pytest
from allauth.usersessions.models import UserSession
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import transaction

from codetrack.accounts import services
from codetrack.accounts.models import SeenBy, User
from codetrack.core import clock
from codetrack.live import asking, hub, topics
from codetrack.ratings import services as ratings
from codetrack.ratings.models import Claim
from codetrack.ratings.services.audience import Audience
from codetrack.ratings.services.telling import tell_numbers
from tests.cast import Cast
from tests.factories import InstituteFactory
from tests.live.clients import Socket, happen

type Opens = Callable[[User], Socket]


def may(user: User, name: str) -> bool:
    return name in topics.allowed(user, [name])


def test_members_hear_of_each_other_and_outsiders_do_not(cast: Cast) -> None:
    topic = f"member:{cast.alice.pk}"
    assert may(cast.alice, topic) and may(cast.bob, topic) and may(cast.ada, topic)
    assert not may(cast.charlie, topic)


def test_nobody_hears_of_the_account_of_another(cast: Cast) -> None:
    topic = f"account:{cast.alice.pk}"
    assert may(cast.alice, topic)
    assert not any(may(user, topic) for user in (cast.bob, cast.ada, cast.charlie))


def test_an_institute_is_heard_by_its_members(cast: Cast) -> None:
    topic = f"institute:{cast.institute.pk}"
    assert may(cast.alice, topic) and may(cast.ada, topic)
    assert not may(cast.charlie, topic)
    assert not may(cast.alice, f"institute:{InstituteFactory().pk}")


def test_only_admins_hear_of_requests(cast: Cast) -> None:
    topic = f"admins:{cast.institute.pk}"
    assert may(cast.ada, topic)
    assert not may(cast.alice, topic) and not may(cast.charlie, topic)


@pytest.mark.parametrize(
    "name",
    [
        "", ":", "member", "member:", "member:0", "member:-1", "member:1.5", "member:x",
        "member:01", "member:1 ", " member:1", "Member:1", "member:1:2", "member:١",
        "nobody:1", "member:\x00",
        "member:999999999999999999", "member:99999999999999999999999999", "institute:404",
    ],
)  # fmt: skip
def test_what_does_not_exist_is_refused(cast: Cast, name: str) -> None:
    assert not may(cast.ada, name)


def test_the_socket_says_what_is_refused(page: Opens, cast: Cast) -> None:
    alice = page(cast.alice)
    own = f"member:{cast.alice.pk}"
    alice.say({"listen": [own, f"account:{cast.bob.pk}", "nonsense"]})
    assert alice.next("refused")["refused"] == sorted([f"account:{cast.bob.pk}", "nonsense"])
    assert alice.next("listening")["listening"] == [own]
    happen(f"account:{cast.bob.pk}")
    assert alice.hears_nothing()


def test_fifty_topics_are_enough(page: Opens, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    everything = topics.Kind(may_listen=lambda user, pk: True, of_user=False)
    monkeypatch.setitem(topics.kinds, "thing", everything)
    alice = page(cast.alice)
    alice.say({"listen": [f"thing:{number}" for number in range(1, 61)]})
    assert len(alice.next("refused")["refused"]) == 10
    assert len(alice.next("listening")["listening"]) == 50
    alice.say({"listen": ["thing:99"]})
    assert alice.next("refused")["refused"] == ["thing:99"]
    happen("thing:50", number=5)
    alice.next("listening")
    assert alice.numbers(1) == [5]


def test_nobody_is_asked_about_hundreds_of_topics(
    page: Opens, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each is a question to the database, and a message of 4 KiB has room for 400."""
    asked: list[int] = []

    def may_listen(user: AbstractBaseUser, pk: int) -> bool:
        asked.append(pk)
        return False

    thing = topics.Kind(may_listen=may_listen, of_user=False)
    monkeypatch.setitem(topics.kinds, "thing", thing)
    alice = page(cast.alice)
    alice.say({"listen": [f"thing:{number}" for number in range(1, 301)]})
    assert len(alice.next("refused")["refused"]) == 300
    assert len(asked) == 50


def test_the_wishes_of_one_member_do_not_hold_another_up(
    page: Opens, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Few threads ask the database for everybody."""
    goes_on = Event()

    def may_listen(user: AbstractBaseUser, pk: int) -> bool:
        return user.pk == cast.bob.pk or goes_on.wait(20)

    thing = topics.Kind(may_listen=may_listen, of_user=False)
    monkeypatch.setitem(topics.kinds, "thing", thing)
    crowd = [page(cast.alice) for _ in range(asking.THREADS + 1)]
    try:
        for alice in crowd:
            alice.say({"listen": ["thing:1"]})
        assert page(cast.bob).listen("thing:1") == ["thing:1"]
    finally:
        goes_on.set()
    assert [alice.next("listening")["listening"] for alice in crowd] == [["thing:1"]] * len(crowd)


def test_what_is_private_is_not_told_to_fellows(page: Opens, cast: Cast) -> None:
    alice, bob = page(cast.alice), page(cast.bob)
    alice.listen(f"account:{cast.alice.pk}")
    bob.listen(f"member:{cast.alice.pk}", f"institute:{cast.institute.pk}")
    services.create_token(owner=cast.alice, name="mine", may_write=True)
    services.confirm_address(member=cast.alice, email=cast.alice.email)
    told = [alice.next("seq")["tag"] for _ in range(2)]
    assert told == ["accounts:token:created", "accounts:address:confirmed"]
    assert bob.hears_nothing()


def test_requests_are_told_to_admins_and_to_who_asks(page: Opens, cast: Cast) -> None:
    ada, bob, charlie = page(cast.ada), page(cast.bob), page(cast.charlie)
    ada.listen(f"admins:{cast.institute.pk}")
    bob.listen(f"institute:{cast.institute.pk}")
    charlie.listen(f"account:{cast.charlie.pk}")
    request = services.request_membership(member=cast.charlie, institute=cast.institute)
    services.decline(membership=request, by=cast.ada)
    for client in (ada, charlie):
        told = [client.next("seq")["tag"] for _ in range(2)]
        assert told == ["accounts:membership:requested", "accounts:membership:declined"]
    assert bob.hears_nothing()


def test_who_is_removed_hears_no_more_at_once(page: Opens, cast: Cast) -> None:
    """Not even what is told in the same moment."""
    bob = page(cast.bob)
    alice_page, institute = f"member:{cast.alice.pk}", f"institute:{cast.institute.pk}"
    bob.listen(alice_page, institute, f"account:{cast.bob.pk}", f"member:{cast.bob.pk}")
    services.remove(membership=cast.membership(cast.bob), by=cast.ada)
    for _ in range(20):
        happen(alice_page, institute)
    happen(f"account:{cast.bob.pk}", number=9)
    assert bob.next("refused")["refused"] == sorted([alice_page, institute])
    ended = bob.next("seq")
    assert (ended["tag"], ended["topics"]) == (
        "accounts:membership:ended",
        [f"member:{cast.bob.pk}"],
    )
    assert bob.numbers(1) == [9]
    assert bob.hears_nothing()


def test_who_left_is_no_longer_heard_of_by_the_others(page: Opens, cast: Cast) -> None:
    alice = page(cast.alice)
    topic = f"member:{cast.bob.pk}"
    alice.listen(topic)
    services.leave(member=cast.bob)
    assert alice.next("refused")["refused"] == [topic]
    happen(topic)
    assert alice.hears_nothing()


def test_who_goes_private_is_no_longer_heard_of(page: Opens, cast: Cast) -> None:
    alice, ada = page(cast.alice), page(cast.ada)
    topic = f"member:{cast.bob.pk}"
    alice.listen(topic)
    ada.listen(topic)
    services.change_privacy(member=cast.bob, seen_by=SeenBy.NOBODY)
    assert alice.next("refused")["refused"] == [topic]
    assert ada.next("seq")["data"] == {"fields": ["seen_by"]}
    happen(topic)
    assert alice.hears_nothing()


def test_who_is_blocked_loses_the_topic_and_is_told_nothing(page: Opens, cast: Cast) -> None:
    bob, erin = page(cast.bob), page(cast.erin)
    topics = [f"member:{cast.alice.pk}", f"account:{cast.bob.pk}", f"member:{cast.bob.pk}"]
    bob.listen(*topics)
    erin.listen(topics[0])
    services.block(blocker=cast.alice, blocked=cast.bob)
    assert bob.next("refused")["refused"] == [topics[0]]
    happen(topics[0], number=7)
    assert erin.numbers(1) == [7]
    assert bob.hears_nothing()


def test_nobody_listens_to_the_rights_of_anybody(cast: Cast) -> None:
    topic = f"rights:{cast.alice.pk}"
    assert not any(may(user, topic) for user in (cast.alice, cast.bob, cast.ada))


def test_an_institute_does_not_hear_what_a_private_member_does(cast: Cast) -> None:
    claim = ratings.link_handle(member=cast.alice, platform="codeforces", text="alice_cf")
    Claim.objects.update(verified_at=clock.now())
    own, hill = f"member:{cast.alice.pk}", f"institute:{cast.institute.pk}"
    assert Audience([claim.handle]).of(claim.handle) == [own, hill]
    services.change_privacy(member=cast.alice, seen_by=SeenBy.NOBODY)
    assert Audience([claim.handle]).of(claim.handle) == [own]


def test_an_institute_hears_that_something_changed_and_not_whose_it_is(
    page: Opens, cast: Cast
) -> None:
    """Bob may not know what Alice does; that something is new, every fellow is told."""
    claim = ratings.link_handle(member=cast.alice, platform="codeforces", text="alice_cf")
    Claim.objects.update(verified_at=clock.now())
    services.block(blocker=cast.alice, blocked=cast.bob)
    own, hill = f"member:{cast.alice.pk}", f"institute:{cast.institute.pk}"
    bob, erin = page(cast.bob), page(cast.erin)
    bob.listen(hill)
    erin.listen(own, hill)
    with transaction.atomic():
        tell_numbers([claim.handle])
    told = erin.next("seq")
    assert told["tag"] == "ratings:numbers:changed" and told["topics"] == [own, hill]
    assert told["data"] == {"handle_id": claim.handle_id, "platform": "codeforces"}
    assert bob.next("seq") == {
        "seq": told["seq"], "tag": "live:something:changed", "topics": [hill], "data": {},
    }  # fmt: skip


def test_an_admin_who_steps_down_hears_of_no_more_requests(page: Opens, cast: Cast) -> None:
    services.make_institute_admin(membership=cast.membership(cast.bob), by=cast.ada)
    bob = page(cast.bob)
    topic = f"admins:{cast.institute.pk}"
    bob.listen(topic)
    services.withdraw_institute_admin(membership=cast.membership(cast.bob), by=cast.bob)
    assert bob.next("refused")["refused"] == [topic]


def test_a_session_that_is_ended_elsewhere_is_closed_at_once(page: Opens, cast: Cast) -> None:
    lost, kept = page(cast.alice), page(cast.alice)
    key = lost.headers["Cookie"].partition("=")[2]
    row = UserSession.objects.create(
        user=cast.alice, session_key=key, ip="127.0.0.1", user_agent="", data={}
    )
    services.end_sessions(member=cast.alice, sessions=[row.pk])
    assert lost.closed() == (1008, "You are signed out.")
    topic = f"account:{cast.alice.pk}"
    assert kept.listen(topic) == [topic]


def test_a_revoked_token_is_closed_at_once(program: Opens, cast: Cast) -> None:
    client = program(cast.alice)
    client.listen(f"member:{cast.alice.pk}")
    services.revoke_token(token=cast.alice.api_tokens.get(), by=cast.alice)
    assert client.closed() == (1008, "You are signed out.")


def test_rights_are_asked_again_without_an_event(
    page: Opens, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "CHECK_SECONDS", 0.2)
    alice, bob = page(cast.alice), page(cast.bob)
    topic = f"institute:{cast.institute.pk}"
    alice.listen(topic)
    bob.listen(topic)
    cast.bob.memberships.update(state="ended")
    User.objects.filter(pk=cast.alice.pk).update(is_active=False)
    assert bob.next("refused")["refused"] == [topic]
    assert alice.closed() == (1008, "You are signed out.")


def test_what_is_granted_while_connected_can_be_listened_to(page: Opens, cast: Cast) -> None:
    charlie = page(cast.charlie)
    topic = f"institute:{cast.institute.pk}"
    charlie.say({"listen": [topic]})
    charlie.next("refused")
    charlie.next("listening")
    services.join_by_link(member=cast.charlie, invitation=cast.institute.invitation)
    assert charlie.listen(topic) == [topic]
