"""Every error of the API is RFC 9457 problem+json, with the id to quote."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from codetrack.accounts import queries
from codetrack.core.errors import Unavailable
from tests.cast import Cast

pytestmark = pytest.mark.django_db

type Program = Callable[..., Client]


def problem(response: Any, status: int) -> dict[str, Any]:
    assert response.status_code == status, response.content
    assert response.headers["Content-Type"] == "application/problem+json"
    body: dict[str, Any] = response.json()
    assert body["status"] == status and body["title"] and body["detail"] and body["code"]
    assert body["request_id"] == response.headers["X-Request-Id"]
    return body


@pytest.mark.parametrize("path", ["/api/nowhere", "/api/members/", "/api/me/tokens/x/y"])
def test_an_address_that_does_not_exist(client: Client, path: str) -> None:
    problem(client.get(path), 404)


def test_a_method_that_an_address_does_not_take(program: Program, cast: Cast) -> None:
    response = program(cast.alice).get("/api/me/tokens/abc")
    problem(response, 405)
    assert response.headers["Allow"] == "DELETE"


def test_a_row_that_does_not_exist(program: Program, cast: Cast) -> None:
    problem(program(cast.alice).get("/api/members/nobody"), 404)


def test_values_that_cannot_be_used_are_named(program: Program, cast: Cast) -> None:
    body = problem(program(cast.alice).get("/api/institutes/hill/members?limit=0"), 422)
    assert body["code"] == "invalid" and body["errors"][0]["field"] == "limit"


def test_values_in_a_body_are_named_as_they_were_sent(program: Program, cast: Cast) -> None:
    client = program(cast.alice, may_write=True)
    sent = {"name": 1, "about": []}
    body = problem(client.patch("/api/me", sent, content_type="application/json"), 422)
    assert [error["field"] for error in body["errors"]] == ["name", "about"]


def test_a_body_that_is_no_json(program: Program, cast: Cast) -> None:
    client = program(cast.alice, may_write=True)
    problem(client.patch("/api/me", "{", content_type="application/json"), 400)


def test_what_a_service_refuses(program: Program, cast: Cast) -> None:
    client = program(cast.alice, may_write=True)
    sent = {"time_zone": "Mars/Olympus"}
    body = problem(client.patch("/api/me", sent, content_type="application/json"), 422)
    assert body["code"] == "bad_zone" and body["errors"][0]["field"] == "time_zone"


def test_nobody_is_let_in_with_a_problem(client: Client) -> None:
    body = problem(client.get("/api/me"), 401)
    assert body["code"] == "unauthorized" and "token" in body["detail"]


def test_a_page_without_the_header_is_told_which(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.alice)
    body = problem(client.patch("/api/me", {}, content_type="application/json"), 403)
    assert body["code"] == "forbidden" and "X-CSRFToken" in body["detail"]


def test_something_outside_that_does_not_answer(
    program: Program, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def silent(member: object) -> None:
        raise Unavailable("Codeforces does not answer.", retry_after=7.2)

    client = program(cast.alice)
    monkeypatch.setattr(queries, "tokens_of", silent)
    response = client.get("/api/me/tokens")
    problem(response, 503)
    assert response.headers["Retry-After"] == "8"


def test_a_mistake_of_ours_tells_nothing_but_the_id(
    program: Program, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(member: object) -> None:
        raise RuntimeError("secret detail")

    client = program(cast.alice)
    client.raise_request_exception = False
    monkeypatch.setattr(queries, "tokens_of", broken)
    response = client.get("/api/me/tokens")
    problem(response, 500)
    assert b"secret detail" not in response.content
