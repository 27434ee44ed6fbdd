"""Who may call: programs by token, browsers by session with CSRF, nobody else."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client

from codetrack.accounts import services
from codetrack.accounts.models import ApiToken, User
from codetrack.api import auth
from codetrack.core import clock
from codetrack.core.testing import hold_clock
from tests.cast import Cast

pytestmark = pytest.mark.django_db

type Program = Callable[..., Client]

NAME = {"name": "Al"}


def test_a_token_opens_the_door(program: Program, cast: Cast) -> None:
    assert program(cast.alice).get("/api/me").json()["username"] == "alice"


def test_nobody_else_comes_in(client: Client, cast: Cast) -> None:
    response = client.get("/api/me")
    assert response.status_code == 401
    assert response.headers["WWW-Authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    "header",
    ["Bearer ct_made_up", "Bearer ", "Bearer ct__", "Bearer x", "Basic YTpi", "Bearer ct_é"],
)
def test_a_made_up_token_stays_outside(cast: Cast, header: str) -> None:
    client = Client(headers={"authorization": header})
    assert client.get("/api/me").status_code == 401


def test_the_right_prefix_is_not_enough(cast: Cast) -> None:
    token, secret = services.create_token(owner=cast.alice, name="x")
    for guess in (f"ct_{token.prefix}_guess", secret[:-1], secret + "x", secret.upper()):
        client = Client(headers={"authorization": f"Bearer {guess}"})
        assert client.get("/api/me").status_code == 401


def test_a_wrong_token_never_falls_back_to_the_session(cast: Cast) -> None:
    client = Client(headers={"authorization": "Bearer ct_made_up"})
    client.force_login(cast.alice)
    assert client.get("/api/me").status_code == 401


def test_an_expired_token_stays_outside(cast: Cast) -> None:
    soon = clock.now() + timedelta(days=1)
    _token, secret = services.create_token(owner=cast.alice, name="x", expires_at=soon)
    client = Client(headers={"authorization": f"Bearer {secret}"})
    assert client.get("/api/me").status_code == 200
    with hold_clock() as held:
        held.forward(days=2)
        assert client.get("/api/me").status_code == 401


def test_a_revoked_token_stays_outside(program: Program, cast: Cast) -> None:
    client = program(cast.alice)
    services.revoke_token(token=ApiToken.objects.get(), by=cast.alice)
    assert client.get("/api/me").status_code == 401


def test_the_token_of_a_member_that_was_switched_off_stays_outside(
    program: Program, cast: Cast
) -> None:
    client = program(cast.alice)
    User.objects.filter(pk=cast.alice.pk).update(is_active=False)
    assert client.get("/api/me").status_code == 401


def test_a_token_that_reads_cannot_write(program: Program, cast: Cast) -> None:
    reader, writer = program(cast.alice), program(cast.alice, may_write=True)
    refused = reader.patch("/api/me", NAME, content_type="application/json")
    assert refused.status_code == 403 and "may only read" in refused.json()["detail"]
    done = writer.patch("/api/me", NAME, content_type="application/json")
    assert done.status_code == 200 and done.json()["name"] == "Al"


def test_use_is_noted_once_a_minute(program: Program, cast: Cast) -> None:
    client = program(cast.alice)
    with hold_clock() as held:
        client.get("/api/me")
        first = ApiToken.objects.get().last_used_at
        assert first == held.at
        held.forward(seconds=59)
        client.get("/api/me")
        assert ApiToken.objects.get().last_used_at == first
        held.forward(seconds=1)
        client.get("/api/me")
        assert ApiToken.objects.get().last_used_at == held.at


def test_a_browser_reads_by_its_session_and_writes_with_csrf(cast: Cast) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(cast.alice)
    assert client.get("/api/me").status_code == 200
    refused = client.patch("/api/me", NAME, content_type="application/json")
    assert refused.status_code == 403
    assert refused.headers["Content-Type"] == "application/problem+json"

    client.get("/settings/profile/")
    token = client.get("/settings/profile/").context["csrf_token"]
    headers = {"x-csrftoken": str(token)}
    done = client.patch("/api/me", NAME, content_type="application/json", headers=headers)
    assert done.status_code == 200


def test_whoever_calls_too_often_is_told_when_to_come_back(
    program: Program, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(auth, "CALLS", 3)
    alice, bob = program(cast.alice), program(cast.bob)
    with hold_clock() as held:
        assert [alice.get("/api/me").status_code for _ in range(4)] == [200, 200, 200, 429]
        refused = alice.get("/api/me")
        assert int(refused.headers["Retry-After"]) >= 1 and refused.json()["code"] == "too_many"
        assert bob.get("/api/me").status_code == 200
        held.forward(seconds=60)
        assert alice.get("/api/me").status_code == 200
