"""Where a member goes after signing in, and the steps of a new account."""

from __future__ import annotations

import pytest
from allauth.account.models import EmailAddress
from django.test import Client
from pytest_django import Settings

from codetrack.accounts import services
from codetrack.accounts.models import Membership
from tests.cast import Cast
from tests.factories import MembershipFactory
from tests.home.conftest import Browser, Rated

STEPS = "/welcome/"


def steps(client: Client) -> list[tuple[str, str]]:
    """How each step stands, with its heading."""
    rows = client.get(STEPS).content.decode().split('<li class="')[1:]
    found = [(row.partition('"')[0], row.partition("<h2>")[2].partition("<")[0]) for row in rows]
    return [row for row in found if row[0] in {"done", "waiting", "todo"}]


def test_a_new_account_is_led_through_its_steps(browser: Browser, cast: Cast) -> None:
    client = browser(cast.charlie)
    assert client.get("/start/").url == STEPS
    assert steps(client) == [
        ("done", "Confirm your address"),
        ("todo", "Join your institute"),
        ("todo", "Link a handle"),
        ("todo", "Prove that it is yours"),
        ("waiting", "Follow two people"),
    ]
    assert "3 steps are left" in client.get(STEPS).content.decode()


def test_an_institute_that_was_asked_is_waited_for(browser: Browser, cast: Cast) -> None:
    asked, way = Membership.State.REQUESTED, Membership.Way.REQUEST
    MembershipFactory(
        member=cast.charlie, institute=cast.institute, state=asked, way=way, joined_at=None
    )
    client = browser(cast.charlie)
    assert steps(client)[1] == ("waiting", "Join your institute")
    page = client.get(STEPS).content.decode()
    assert "Hill College has been asked and has not answered yet." in page


def test_an_address_not_confirmed_is_a_step_where_mail_is_sent(
    browser: Browser, cast: Cast, settings: Settings
) -> None:
    EmailAddress.objects.filter(user=cast.alice).update(verified=False)
    settings.MAIL_URL = "smtp://localhost:2525"
    client = browser(cast.alice)
    assert steps(client)[0] == ("todo", "Confirm your address")
    assert 'href="/accounts/email/"' in client.get(STEPS).content.decode()
    settings.MAIL_URL = ""
    assert steps(client)[0] == ("waiting", "Confirm your address")


def test_a_linked_handle_is_to_be_proven(browser: Browser, cast: Cast, rated: Rated) -> None:
    claim = rated(cast.alice, verified=False)
    client = browser(cast.alice)
    assert steps(client)[2:4] == [("done", "Link a handle"), ("todo", "Prove that it is yours")]
    assert f'href="/settings/handles/{claim.pk}/proof/"' in client.get(STEPS).content.decode()


def test_who_has_done_them_all_comes_to_the_dashboard(
    browser: Browser, cast: Cast, rated: Rated
) -> None:
    rated(cast.alice, 1612)
    client = browser(cast.alice)
    assert client.get("/start/").url == "/dashboard/"
    assert "Everything is set up." in client.get(STEPS).content.decode()


def test_whom_to_follow_is_the_last_step_and_nobody_is_led_back_to_it(
    browser: Browser, cast: Cast, rated: Rated
) -> None:
    rated(cast.alice, 1612)
    client = browser(cast.alice)
    assert steps(client)[4] == ("todo", "Follow two people")
    assert 'href="/following/"' in client.get(STEPS).content.decode()
    assert client.get("/start/").url == "/dashboard/"
    for followed in (cast.bob, cast.erin):
        services.follow(follower=cast.alice, followed=followed)
    assert steps(client)[4] == ("done", "Follow two people")


def test_not_now_is_remembered_and_the_steps_stay_on_the_dashboard(
    browser: Browser, cast: Cast
) -> None:
    client = browser(cast.alice)
    assert client.post(STEPS).url == "/dashboard/"
    assert client.get("/start/").url == "/dashboard/"
    assert "Link a handle" in client.get("/dashboard/").content.decode()


def test_not_now_is_said_by_one_member_and_not_by_the_browser(browser: Browser, cast: Cast) -> None:
    client = browser(cast.alice)
    client.post(STEPS)
    client.force_login(cast.charlie)
    assert client.get("/start/").url == STEPS


@pytest.mark.parametrize("path", ["/start/", STEPS, "/dashboard/"])
def test_a_visitor_signs_in_first(client: Client, db: None, path: str) -> None:
    assert client.get(path).url.startswith("/accounts/login/")


def test_the_dashboard_is_the_first_entry_of_the_navigation(browser: Browser, cast: Cast) -> None:
    page = browser(cast.alice).get("/dashboard/").content.decode()
    first = page.partition('<nav class="nav"')[2].partition("</a>")[0]
    assert 'href="/dashboard/" aria-current="page" data-keys="g d"' in first
