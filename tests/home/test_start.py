"""Where a member goes after signing in."""

from __future__ import annotations

from django.test import Client

from tests.cast import Cast
from tests.home.conftest import Browser, Rated


def test_without_a_handle_to_their_page_which_offers_to_link_one(
    browser: Browser, cast: Cast
) -> None:
    answer = browser(cast.alice).get("/start/", follow=True)
    assert answer.redirect_chain == [("/members/alice/", 302)]
    page = answer.content.decode()
    assert 'href="/settings/handles/"' in page
    assert "Link a handle" in page
    assert "Welcome" not in page


def test_with_a_handle_to_their_page(browser: Browser, cast: Cast, rated: Rated) -> None:
    rated(cast.alice, verified=False)
    answer = browser(cast.alice).get("/start/")
    assert answer.url == "/members/alice/"


def test_a_visitor_signs_in_first(client: Client, db: None) -> None:
    answer = client.get("/start/")
    assert answer.url.startswith("/accounts/login/")
