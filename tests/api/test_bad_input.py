"""Whatever is sent, the answer is an error that says so, never a crash of ours."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from tests.cast import Cast

pytestmark = pytest.mark.django_db

type Program = Callable[..., Client]

PATHS = [
    "/api/members/a%00b",
    "/api/members/%ff%fe",
    "/api/members/" + "a" * 3000,
    "/api/members?q=%00",
    "/api/members?q=%22%27%3B--%20%26%7C*:",
    "/api/members?q=%F0%9F%A6%8A",
    "/api/institutes/%00/members",
    "/api/institutes/hill/members?limit=99999999999999999999",
    "/api/institutes/hill/members?limit=nan&cursor=%00",
    "/api/me/tokens/%00",
    "/members/?q=%00",
    "/members/?after=%00",
    "/join/%00/",
    "/institutes/hill/?after=%00&page=%00",
    "/accounts/confirm-email/%00/",
    "/outbox/99999999999999999999/",
    "/outbox/?state=%00",
]
BODIES = [
    b"",
    b"null",
    b"[]",
    b'"text"',
    b'{"name": 1}',
    b'{"name": "a\\u0000b"}',
    b'{"about": "\\ud800"}',
    b'{"name": "' + b"x" * 81 + b'"}',
    b'{"time_zone": ""}',
    b'{"time_zone": "' + b"x" * 65 + b'"}',
    b"\xff\xfe",
    b"[" * 5000,
]


@pytest.mark.parametrize("path", PATHS)
def test_odd_addresses(program: Program, cast: Cast, path: str) -> None:
    browser = Client()
    browser.force_login(cast.ada)
    for client in (program(cast.alice), browser):
        assert client.get(path).status_code < 500


@pytest.mark.parametrize("body", BODIES)
def test_odd_bodies(program: Program, cast: Cast, body: bytes) -> None:
    client = program(cast.alice, may_write=True)
    response = client.patch("/api/me", body, content_type="application/json")
    assert response.status_code in {400, 422}, response.content
    assert response.headers["Content-Type"] == "application/problem+json"
    cast.alice.refresh_from_db()
    assert cast.alice.name == "Alice Member"


def test_a_body_over_the_limit(program: Program, cast: Cast) -> None:
    body = b'{"about": "' + b"x" * 3_000_000 + b'"}'
    client = program(cast.alice, may_write=True)
    response = client.patch("/api/me", body, content_type="application/json")
    assert (response.status_code, response.json()["code"]) == (413, "content_too_large")
