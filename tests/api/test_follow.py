"""Following, blocking and privacy over the API: the same rules as on the pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from codetrack.accounts import services
from codetrack.accounts.models import Block, Follow, SeenBy
from tests.cast import Cast
from tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db

type Program = Callable[..., Client]

JSON = "application/json"


def usernames(client: Client, path: str) -> list[str]:
    return [one["username"] for one in client.get(path).json()["items"]]


def test_following_twice_is_once(program: Program, cast: Cast) -> None:
    alice = program(cast.alice, may_write=True)
    for _ in range(2):
        assert alice.put("/api/members/BOB/follow").status_code == 204
    assert usernames(alice, "/api/members/alice/following") == ["bob"]
    (alice_seen,) = program(cast.bob).get("/api/members/bob/followers").json()["items"]
    assert (alice_seen["follows"], alice_seen["followed_back"]) == (False, True)
    for _ in range(2):
        assert alice.delete("/api/members/bob/follow").status_code == 204
    assert usernames(alice, "/api/members/alice/following") == []


@pytest.mark.parametrize("act", ["follow", "block"])
def test_refusals_are_problems(client: Client, program: Program, cast: Cast, act: str) -> None:
    alice = program(cast.alice, may_write=True)
    own = alice.put(f"/api/members/alice/{act}")
    assert own.status_code == 422 and own.json()["code"] == "oneself"
    assert own["Content-Type"] == "application/problem+json"
    for path in (f"/api/members/charlie/{act}", f"/api/members/none/{act}"):
        for call in (alice.put, alice.delete):
            answer = call(path)
            assert answer.status_code == 404 and answer.json()["code"] == "not_found"
    assert client.put(f"/api/members/bob/{act}").status_code == 401
    refused = program(cast.alice).put(f"/api/members/bob/{act}")
    assert refused.status_code == 403 and "may only read" in refused.json()["detail"]
    assert not Follow.objects.exists() and not Block.objects.exists()


def test_whom_one_blocked_one_unblocks_first(program: Program, cast: Cast) -> None:
    alice = program(cast.alice, may_write=True)
    assert alice.put("/api/members/bob/block").status_code == 204
    refused = alice.put("/api/members/bob/follow")
    assert refused.status_code == 409 and refused.json()["code"] == "blocked"
    (row,) = alice.get("/api/me/blocks").json()["items"]
    assert (row["username"], row["name"]) == ("bob", "Bob Fellow")
    assert program(cast.bob).get("/api/members/alice").status_code == 404
    assert program(cast.bob).get("/api/me/blocks").json()["items"] == []
    assert alice.delete("/api/members/bob/block").status_code == 204
    assert program(cast.bob).get("/api/members/alice").status_code == 200


def test_who_went_private_can_still_be_unfollowed(program: Program, cast: Cast) -> None:
    alice = program(cast.alice, may_write=True)
    alice.put("/api/members/bob/follow")
    services.change_privacy(member=cast.bob, seen_by=SeenBy.NOBODY)
    assert usernames(alice, "/api/members/alice/following") == []
    assert alice.delete("/api/members/bob/follow").status_code == 204
    assert alice.delete("/api/members/bob/follow").status_code == 404
    assert not Follow.objects.exists()


def test_a_follower_is_removed(program: Program, cast: Cast) -> None:
    for follower in (cast.bob, cast.erin):
        Follow.objects.create(follower=follower, followed=cast.alice)
    services.change_privacy(member=cast.erin, seen_by=SeenBy.NOBODY)
    alice = program(cast.alice, may_write=True)
    assert program(cast.alice).delete("/api/me/followers/bob").status_code == 403
    answers = [alice.delete(f"/api/me/followers/{name}") for name in ("BOB", "bob", "erin")]
    assert [answer.status_code for answer in answers] == [204, 404, 404]
    assert Follow.objects.get().follower == cast.erin


def test_privacy_is_read_and_changed(program: Program, cast: Cast) -> None:
    path = "/api/me/privacy"
    alice = program(cast.alice, may_write=True)
    assert alice.get(path).json() == {"seen_by": "institute", "on_boards": "named"}
    changed = alice.patch(path, {"on_boards": "hidden"}, content_type=JSON)
    assert changed.json() == {"seen_by": "institute", "on_boards": "hidden"}
    cast.alice.refresh_from_db()
    assert (cast.alice.seen_by, cast.alice.on_boards) == ("institute", "hidden")
    wrong = alice.patch(path, {"seen_by": "friends"}, content_type=JSON)
    assert wrong.status_code == 422
    assert program(cast.bob).patch(path, {}, content_type=JSON).status_code == 403


def test_a_country_is_two_letters(program: Program, cast: Cast) -> None:
    alice = program(cast.alice, may_write=True)
    assert alice.patch("/api/me", {"country": "in"}, content_type=JSON).json()["country"] == "IN"
    assert program(cast.bob).get("/api/members/alice").json()["country"] == "IN"
    alice.patch("/api/me", {"about": "Graphs."}, content_type=JSON)
    assert alice.get("/api/me").json()["country"] == "IN"
    wrong = alice.patch("/api/me", {"country": "ZZ"}, content_type=JSON)
    assert wrong.status_code == 422 and wrong.json()["code"] == "bad_country"


def test_a_page_costs_the_same_with_1_and_30_more(program: Program, cast: Cast) -> None:
    client, path = program(cast.alice), "/api/members/bob/followers"
    Follow.objects.create(follower=cast.alice, followed=cast.bob)
    client.get(path)
    with CaptureQueriesContext(connection) as few:
        client.get(path)
    for _ in range(30):
        member = MembershipFactory(institute=cast.institute).member
        Follow.objects.create(follower=member, followed=cast.bob)
    with CaptureQueriesContext(connection) as many:
        assert len(client.get(path).json()["items"]) == 31
    assert len(few) == len(many)


def test_lists_come_in_pages(program: Program, cast: Cast) -> None:
    for followed in (cast.bob, cast.erin, cast.dana):
        Follow.objects.create(follower=cast.alice, followed=followed)
    client, path, found = program(cast.alice), "/api/members/alice/following?limit=2", []
    cursor: str | None = ""
    while cursor is not None:
        body = client.get(f"{path}&cursor={cursor}").json()
        found += [one["username"] for one in body["items"]]
        cursor = body["next"]
    assert found == ["dana", "erin", "bob"]
    assert client.get(f"{path}&cursor=made-up").json()["code"] == "bad_cursor"
