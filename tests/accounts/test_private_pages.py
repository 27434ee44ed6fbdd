"""What a member saw is nowhere to be found once they are gone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from codetrack.accounts import services
from codetrack.accounts.models import User
from tests.cast import Cast

pytestmark = pytest.mark.django_db

type Browser = Callable[[User], Client]

PAGES = [
    "/institutes/hill/",
    "/members/alice/",
    "/settings/profile/",
    "/settings/tokens/",
    "/accounts/email/",
    "/no/such/page/",
    "/api/me",
]


@pytest.mark.parametrize("path", PAGES)
def test_nobody_keeps_a_page_of_a_member(browser: Browser, cast: Cast, path: str) -> None:
    said = browser(cast.alice).get(path)["Cache-Control"]
    assert {"private", "no-store"} <= set(said.split(", "))


def test_nobody_keeps_an_answer_to_a_token(cast: Cast) -> None:
    _token, secret = services.create_token(owner=cast.alice, name="stats")
    answer = Client(headers={"authorization": f"Bearer {secret}"}).get("/api/me")
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.parametrize("path", ["/", "/docs/"])
def test_public_pages_may_be_kept(client: Client, path: str) -> None:
    assert "no-store" not in client.get(path).get("Cache-Control", "")


def test_files_are_kept_by_members_too(browser: Browser, cast: Cast) -> None:
    answer = browser(cast.alice).get("/static/web/favicon.svg")
    answer.close()
    assert answer.status_code == 200 and "no-store" not in answer["Cache-Control"]
