"""Who sees a member: every door says the same, and at once."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from codetrack.accounts import queries, services
from codetrack.accounts.models import Membership, OnBoards, SeenBy, User
from codetrack.core import search
from codetrack.core.errors import Problem
from codetrack.core.models import Event
from tests.cast import Cast
from tests.factories import MemberFactory, MembershipFactory

pytestmark = pytest.mark.django_db

type Browser = Callable[[User], Client]

DOORS = [
    "/members/bob/",
    "/members/bob/submissions/",
    "/members/bob/history/",
    "/members/bob/following/",
    "/members/bob/followers/",
    "/api/members/bob",
    "/api/members/bob/handles",
    "/api/members/bob/ratings",
    "/api/members/bob/attempts",
    "/api/members/bob/solves",
    "/api/members/bob/days",
    "/api/members/bob/snapshots",
    "/api/members/bob/following",
    "/api/members/bob/followers",
]
ACTS = ["follow", "unfollow", "remove", "block", "unblock"]


@pytest.fixture
def boss(cast: Cast) -> User:
    """An admin of the institute who is not site admin."""
    return MembershipFactory(institute=cast.institute, is_admin=True).member


def see(member: User, seen_by: str) -> None:
    services.change_privacy(member=member, seen_by=seen_by)


@pytest.mark.parametrize("door", DOORS)
def test_every_door_of_a_member(browser: Browser, cast: Cast, boss: User, door: str) -> None:
    see(cast.charlie, SeenBy.SITE)

    def answers() -> dict[str, int]:
        viewers = {"alice": cast.alice, "charlie": cast.charlie, "boss": boss, "ada": cast.ada}
        found = {name: browser(viewer).get(door) for name, viewer in viewers.items()}
        assert browser(cast.bob).get(door).status_code == 200
        return {name: answer.status_code for name, answer in found.items()}

    admins = {"boss": 200, "ada": 200}
    assert answers() == {"alice": 200, "charlie": 404, **admins}
    see(cast.bob, SeenBy.SITE)
    assert answers() == {"alice": 200, "charlie": 200, **admins}
    services.block(blocker=cast.bob, blocked=cast.charlie)
    assert answers() == {"alice": 200, "charlie": 404, **admins}
    see(cast.bob, SeenBy.NOBODY)
    assert answers() == {"alice": 404, "charlie": 404, **admins}
    services.leave(member=cast.bob)
    assert answers() == {"alice": 404, "charlie": 404, "boss": 404, "ada": 200}


@pytest.mark.parametrize("door", DOORS)
def test_a_private_page_is_as_one_that_does_not_exist(
    browser: Browser, cast: Cast, door: str
) -> None:
    see(cast.bob, SeenBy.NOBODY)
    alice = browser(cast.alice)
    hidden, none = alice.get(door), alice.get(door.replace("bob", "none-such"))
    assert hidden.status_code == none.status_code == 404
    if door.startswith("/api/"):
        del (one := hidden.json())["request_id"], (other := none.json())["request_id"]
        assert one == other


@pytest.mark.parametrize("act", ACTS)
def test_outsiders_do_nothing_to_whom_they_do_not_see(
    client: Client, browser: Browser, cast: Cast, act: str
) -> None:
    path = f"/members/bob/{act}/"
    assert client.post(path).url.startswith("/accounts/login/")
    assert browser(cast.charlie).post(path).status_code == 404
    see(cast.bob, SeenBy.NOBODY)
    assert browser(cast.alice).post(path).status_code == 404
    assert browser(cast.ada).get(path).status_code == 405
    assert [event.tag for event in Event.objects.all()] == ["accounts:privacy:changed"]


def test_a_private_member_is_not_found(browser: Browser, cast: Cast) -> None:
    see(cast.bob, SeenBy.NOBODY)
    alice = browser(cast.alice)
    assert "Bob" not in alice.get("/members/").content.decode()
    assert "Bob Fellow" not in alice.get("/members/", {"q": "bob"}).content.decode()
    assert alice.get("/api/members", {"q": "bob"}).json() == []
    assert search.find("member", "bob", limit=5) == [cast.bob.pk]
    assert [one["username"] for one in browser(cast.ada).get("/api/members?q=bob").json()] == [
        "bob"
    ]


def test_fellows_know_who_is_in_their_institute_and_no_more(browser: Browser, cast: Cast) -> None:
    see(cast.bob, SeenBy.NOBODY)
    page = browser(cast.alice).get("/institutes/hill/").content.decode()
    assert "Bob Fellow" in page and "/members/bob/" not in page and "bob" not in page
    assert "/members/bob/" in browser(cast.ada).get("/institutes/hill/").content.decode()
    rows = browser(cast.alice).get("/api/institutes/hill/members").json()["items"]
    assert {row["name"]: row["username"] for row in rows}["Bob Fellow"] is None
    assert {row["name"]: row["username"] for row in rows}["Erin Author"] == "erin"


def test_a_private_member_without_a_name_has_none_in_the_list(browser: Browser, cast: Cast) -> None:
    User.objects.filter(pk=cast.bob.pk).update(name="")
    see(cast.bob, SeenBy.NOBODY)
    page = browser(cast.alice).get("/institutes/hill/").content.decode()
    assert "A private member" in page and "bob" not in page


def test_the_list_costs_the_same_with_1_and_30_private_members(
    browser: Browser, cast: Cast
) -> None:
    client = browser(cast.alice)
    client.get("/institutes/hill/")
    with CaptureQueriesContext(connection) as few:
        client.get("/institutes/hill/")
    for _ in range(30):
        member = MemberFactory(seen_by=SeenBy.NOBODY)
        MembershipFactory(member=member, institute=cast.institute)
    with CaptureQueriesContext(connection) as many:
        client.get("/institutes/hill/")
    assert len(few) == len(many)


def test_an_outsider_who_sees_a_member_is_not_led_to_their_institute(
    browser: Browser, cast: Cast
) -> None:
    see(cast.bob, SeenBy.SITE)
    page = browser(cast.charlie).get("/members/bob/").content.decode()
    assert "Hill College" in page and "/institutes/hill/" not in page
    assert "/institutes/hill/" in browser(cast.alice).get("/members/bob/").content.decode()


# --- the choice --------------------------------------------------------------


def test_what_is_chosen_is_written_in_one_event(cast: Cast) -> None:
    services.change_privacy(member=cast.alice, seen_by=SeenBy.SITE, on_boards=OnBoards.ANONYMOUS)
    event = Event.objects.get()
    assert event.data == {"fields": ["seen_by", "on_boards"]}
    assert event.topics == [f"account:{cast.alice.pk}", f"member:{cast.alice.pk}"]
    cast.alice.refresh_from_db()
    assert (cast.alice.seen_by, cast.alice.on_boards) == ("site", "anonymous")


def test_how_one_stands_on_boards_is_told_to_no_page(cast: Cast) -> None:
    services.change_privacy(member=cast.alice, on_boards=OnBoards.HIDDEN)
    assert Event.objects.get().topics == [f"account:{cast.alice.pk}"]


def test_the_same_choice_again_is_no_event(cast: Cast) -> None:
    services.change_privacy(member=cast.alice, seen_by=SeenBy.INSTITUTE)
    assert not Event.objects.exists()


@pytest.mark.parametrize("choice", [{"seen_by": "all"}, {"on_boards": "site"}])
def test_what_is_not_offered_is_refused(cast: Cast, choice: dict[str, str]) -> None:
    with pytest.raises(Problem) as caught:
        services.change_privacy(member=cast.alice, **choice)
    assert caught.value.field in choice and not Event.objects.exists()


def test_the_settings_say_and_save_it(client: Client, browser: Browser, cast: Cast) -> None:
    path = "/settings/privacy/"
    assert client.get(path).url == f"/accounts/login/?next={path}"
    alice = browser(cast.alice)
    page = alice.get(path).content.decode()
    assert "its list of members has your name" in page and "You blocked nobody" in page
    alice.post(path, {"seen_by": "nobody", "on_boards": "hidden"})
    cast.alice.refresh_from_db()
    assert (cast.alice.seen_by, cast.alice.on_boards) == ("nobody", "hidden")
    refused = alice.post(path, {"seen_by": "everyone", "on_boards": "named"})
    assert "seen_by" in refused.context["form"].errors


def test_whom_one_blocked_is_listed_and_unblocked_there(browser: Browser, cast: Cast) -> None:
    services.block(blocker=cast.alice, blocked=cast.bob)
    services.leave(member=cast.bob)
    alice = browser(cast.alice)
    assert "Bob Fellow" in alice.get("/settings/privacy/").content.decode()
    answer = alice.post("/members/bob/unblock/", {"next": "/settings/privacy/"})
    assert answer.url == "/settings/privacy/"
    assert not cast.alice.blocks.exists()


def test_the_membership_of_who_is_private_goes_on(cast: Cast) -> None:
    see(cast.bob, SeenBy.NOBODY)
    members = queries.members_of(cast.institute)
    assert members.filter(member=cast.bob, state=Membership.State.CURRENT).exists()
