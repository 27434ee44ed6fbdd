"""The page that visitors see first."""

from __future__ import annotations

import pytest
from django.test import Client
from pytest_django import Settings

from codetrack.accounts.models import OnBoards, SeenBy, User
from tests.cast import Cast
from tests.home.conftest import Browser, Rated

pytestmark = pytest.mark.django_db


def test_a_fresh_installation_says_how_to_become_its_admin(client: Client) -> None:
    page = client.get("/").content.decode()
    assert "Set up this club" in page
    assert 'href="/setup/"' in page


def test_a_club_offers_to_join_and_to_sign_in(client: Client, cast: Cast) -> None:
    page = client.get("/").content.decode()
    assert "Join your club" in page
    assert 'href="/accounts/login/"' in page
    assert "Set up this club" not in page


def test_nobody_is_shown_unless_the_admin_names_an_institute(
    client: Client, cast: Cast, ranked: Rated
) -> None:
    ranked(cast.alice, 1847)
    assert "Alice" not in client.get("/").content.decode()


def test_the_best_of_a_public_institute_are_shown_without_a_way_to_their_pages(
    client: Client, cast: Cast, ranked: Rated, settings: Settings
) -> None:
    settings.PUBLIC_INSTITUTE = "hill"
    User.objects.exclude(pk=cast.dana.pk).update(seen_by=SeenBy.SITE)
    ranked(cast.alice, 1200, 1847)
    ranked(cast.bob, 2100)
    ranked(cast.dana, 1300)
    ranked(cast.erin, 3000, verified=False)
    ranked(cast.charlie, 3000)
    page = client.get("/").content.decode()
    assert page.index("Bob Fellow") < page.index("Alice Member")
    assert "/members/" not in page
    assert "Erin" not in page
    assert "Charlie" not in page


def test_who_shows_their_name_to_fewer_has_none_on_the_landing_page(
    client: Client, cast: Cast, ranked: Rated, settings: Settings
) -> None:
    settings.PUBLIC_INSTITUTE = "hill"
    ranked(cast.alice, 1847)
    User.objects.filter(pk=cast.bob.pk).update(seen_by=SeenBy.SITE, on_boards=OnBoards.ANONYMOUS)
    ranked(cast.bob, 2100)
    page = client.get("/").content.decode()
    assert page.count("Anonymous member") == 2
    for word in ("alice", "Alice", "bob", "Bob"):
        assert word not in page


def test_an_institute_that_is_not_there_is_no_error(client: Client, settings: Settings) -> None:
    settings.PUBLIC_INSTITUTE = "nowhere"
    assert client.get("/").status_code == 200


def test_members_go_on_to_their_dashboard(browser: Browser, cast: Cast, rated: Rated) -> None:
    rated(cast.alice, 1847)
    answer = browser(cast.alice).get("/", follow=True)
    assert [url for url, _ in answer.redirect_chain] == ["/start/", "/dashboard/"]
