"""Whoever joins an institute is told who sees them, and chooses in that very step."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import Settings

from codetrack.accounts import services
from codetrack.accounts.models import Membership, OnBoards, User
from codetrack.core.errors import Problem
from codetrack.core.models import Event
from tests.accounts.mails import link_to
from tests.accounts.test_found_club import form as club
from tests.accounts.test_found_club import token
from tests.accounts.test_sign_up import SIGN_UP, form
from tests.cast import Cast

pytestmark = pytest.mark.django_db

type Browser = Callable[[User], Client]

TOLD = "see your name, your handles and your rank on its board"
HIDDEN = {"on_boards": "hidden"}


def of(username: str) -> User:
    return User.objects.get(username=username)


def test_by_the_link(browser: Browser, cast: Cast) -> None:
    charlie, path = browser(cast.charlie), cast.institute.invitation_path()
    page = charlie.get(path).content.decode()
    assert f"The members of Hill College {TOLD}" in page and 'name="on_boards"' in page
    charlie.post(path, HIDDEN)
    assert of("charlie").on_boards == OnBoards.HIDDEN
    assert [event.tag for event in Event.objects.order_by("pk")] == [
        "accounts:privacy:changed",
        "accounts:membership:started",
    ]


def test_at_sign_up_with_an_invitation(client: Client, cast: Cast) -> None:
    assert TOLD not in client.get(SIGN_UP).content.decode()
    client.get(cast.institute.invitation_path())
    page = client.get(SIGN_UP).content.decode()
    assert f"The members of Hill College {TOLD}" in page
    client.post(SIGN_UP, form(on_boards="anonymous"))
    assert of("nila").on_boards == OnBoards.ANONYMOUS
    link = link_to("nila@example.org")
    assert TOLD not in client.get(link).content.decode()  # once is enough
    client.post(link)
    assert cast.membership(of("nila")).way == Membership.Way.LINK
    assert of("nila").on_boards == OnBoards.ANONYMOUS


def test_at_sign_up_without_a_mail_server(client: Client, settings: Settings, cast: Cast) -> None:
    settings.MAIL_URL = ""
    client.get(cast.institute.invitation_path())
    client.post(SIGN_UP, form(**HIDDEN))
    assert cast.membership(of("nila")).way == Membership.Way.LINK
    assert of("nila").on_boards == OnBoards.HIDDEN


def test_what_is_not_offered_at_sign_up_makes_no_account(client: Client, cast: Cast) -> None:
    client.get(cast.institute.invitation_path())
    page = client.post(SIGN_UP, form(on_boards="invisible"))
    assert "on_boards" in page.context["form"].errors
    assert not User.objects.filter(username="nila").exists()


def test_by_the_domain_of_an_address_when_it_is_confirmed(client: Client, cast: Cast) -> None:
    cast.institute.domains.create(domain="hill.example")
    client.post(SIGN_UP, form(email="nila@hill.example"))
    link = link_to("nila@hill.example")
    page = client.get(link).content.decode()
    assert "you become a member of <b>Hill College</b>" in page and TOLD in page
    client.post(link, HIDDEN)
    assert cast.membership(of("nila")).way == Membership.Way.DOMAIN
    assert of("nila").on_boards == OnBoards.HIDDEN


def test_an_address_that_joins_nothing_is_asked_nothing(client: Client) -> None:
    client.post(SIGN_UP, form())
    assert TOLD not in client.get(link_to("nila@example.org")).content.decode()


def test_a_wrong_choice_when_confirming_confirms_nothing(client: Client, cast: Cast) -> None:
    cast.institute.domains.create(domain="hill.example")
    client.post(SIGN_UP, form(email="nila@hill.example"))
    answer = client.post(link_to("nila@hill.example"), {"on_boards": "x"})
    assert answer.status_code == 422
    assert of("nila").current_membership() is None


def test_by_asking(browser: Browser, cast: Cast) -> None:
    charlie = browser(cast.charlie)
    assert TOLD in charlie.get("/institutes/").content.decode()
    charlie.post("/institutes/hill/ask/", HIDDEN)
    assert of("charlie").on_boards == OnBoards.HIDDEN
    services.approve(membership=Membership.objects.requested().get(), by=cast.ada)
    assert of("charlie").on_boards == OnBoards.HIDDEN


def test_the_founder_too(client: Client, db: None) -> None:
    given = token()
    assert TOLD in client.get(f"/setup/?token={given}").content.decode()
    client.post("/setup/", club(given, on_boards="anonymous"))
    assert of("ada").on_boards == OnBoards.ANONYMOUS


def test_who_chooses_nothing_stays_as_they_were(browser: Browser, cast: Cast) -> None:
    services.change_privacy(member=cast.charlie, on_boards=OnBoards.ANONYMOUS)
    charlie, path = browser(cast.charlie), cast.institute.invitation_path()
    page = charlie.get(path).content.decode()
    assert re.search(r'value="anonymous"[^>]* checked', page)
    charlie.post(path)
    assert of("charlie").on_boards == OnBoards.ANONYMOUS


def test_choice_and_membership_come_together_or_not_at_all(cast: Cast) -> None:
    with pytest.raises(Problem):
        services.join_by_link(
            member=cast.charlie, invitation=cast.institute.invitation, on_boards="invisible"
        )
    assert cast.charlie.current_membership() is None and not Event.objects.exists()
