"""Members and institutes over the API: the same rules as on the pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from codetrack.accounts.models import ApiToken, User
from tests.cast import Cast
from tests.factories import MembershipFactory

pytestmark = pytest.mark.django_db

type Program = Callable[..., Client]


def test_the_caller_sees_themselves(program: Program, cast: Cast) -> None:
    assert program(cast.erin).get("/api/me").json() == {
        "id": cast.erin.pk,
        "username": "erin",
        "name": "Erin Author",
        "about": "",
        "country": "",
        "institute": {"id": cast.institute.pk, "slug": "hill", "name": "Hill College"},
        "email": "erin@example.org",
        "time_zone": "UTC",
        "is_author": True,
        "is_developer": False,
        "is_site_admin": False,
    }


def test_what_is_left_out_stays(program: Program, cast: Cast) -> None:
    client = program(cast.alice, may_write=True)
    sent = {"about": "Graphs.", "time_zone": "Asia/Kolkata"}
    body = client.patch("/api/me", sent, content_type="application/json").json()
    assert (body["name"], body["about"]) == ("Alice Member", "Graphs.")
    cast.alice.refresh_from_db()
    assert cast.alice.time_zone == "Asia/Kolkata"


def test_fellows_are_shown_without_their_address(program: Program, cast: Cast) -> None:
    body = program(cast.alice).get("/api/members/BOB").json()
    assert body["username"] == "bob" and "email" not in body


def test_members_are_found_like_on_the_page(program: Program, cast: Cast) -> None:
    (found,) = program(cast.alice).get("/api/members?q=fellow").json()
    assert found["username"] == "bob" and found["institute"]["slug"] == "hill"
    assert program(cast.charlie).get("/api/members?q=fellow").json() == []
    assert program(cast.alice).get("/api/members?q=").status_code == 422


@pytest.mark.parametrize(
    "path", ["/api/members/alice", "/api/institutes/hill", "/api/institutes/hill/members"]
)
def test_outsiders_find_nothing(client: Client, program: Program, cast: Cast, path: str) -> None:
    assert client.get(path).status_code == 401
    assert program(cast.charlie).get(path).status_code == 404
    assert program(cast.alice).get(path).status_code == 200


def test_members_come_in_pages(program: Program, cast: Cast) -> None:
    client, names, cursor = program(cast.alice), [], ""
    while cursor is not None:
        body = client.get(f"/api/institutes/hill/members?limit=2&cursor={cursor}").json()
        assert len(body["items"]) <= 2
        names += [item["username"] for item in body["items"]]
        cursor = body["next"]
    assert names == ["ada", "alice", "bob", "dana", "erin"]


@pytest.mark.parametrize("cursor", ["made-up", "WyJhIiwxXQ:1abc:def", "'; DROP TABLE", "é"])
def test_a_made_up_cursor_is_a_problem(program: Program, cast: Cast, cursor: str) -> None:
    response = program(cast.alice).get("/api/institutes/hill/members", {"cursor": cursor})
    assert response.status_code == 422 and response.json()["code"] == "bad_cursor"
    assert response.json()["errors"][0]["field"] == "cursor"


def test_a_page_costs_the_same_with_1_and_30_more(program: Program, cast: Cast) -> None:
    client = program(cast.alice)
    client.get("/api/institutes/hill/members")
    with CaptureQueriesContext(connection) as few:
        client.get("/api/institutes/hill/members")
    for n in range(30):
        member = User.objects.create(username=f"pupil{n}", email=f"pupil{n}@example.org")
        MembershipFactory(institute=cast.institute, member=member)
    with CaptureQueriesContext(connection) as many:
        assert len(client.get("/api/institutes/hill/members").json()["items"]) == 35
    assert len(few) == len(many)


def test_tokens_are_listed_and_revoked(program: Program, cast: Cast) -> None:
    client = program(cast.alice, may_write=True)
    (token,) = client.get("/api/me/tokens").json()
    assert token["name"] == "test" and "digest" not in token
    assert client.delete(f"/api/me/tokens/{token['prefix']}").status_code == 204
    assert client.get("/api/me").status_code == 401


def test_nobody_revokes_the_token_of_another(program: Program, cast: Cast) -> None:
    program(cast.bob)
    prefix = ApiToken.objects.get(owner=cast.bob).prefix
    client = program(cast.charlie, may_write=True)
    assert client.delete(f"/api/me/tokens/{prefix}").status_code == 404
    assert ApiToken.objects.filter(prefix=prefix).exists()
