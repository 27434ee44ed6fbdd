"""Links in mails lead to this site, whatever Host the request that caused the mail named."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from pytest_django import Settings

from tests.accounts.mails import mails_to, text_of
from tests.accounts.test_sign_in import LOGIN
from tests.accounts.test_sign_up import SIGN_UP, form
from tests.cast import Cast
from tests.factories import PASSWORD

pytestmark = pytest.mark.django_db

RESET = "/accounts/password/reset/"


@pytest.fixture
def forger(settings: Settings) -> Client:
    """Somebody who listens on another port of our host; Django allows every port."""
    settings.CODETRACK_URL = "https://club.example"
    settings.ALLOWED_HOSTS = ["club.example"]
    return Client(headers={"host": "club.example:6666"})


def links_to(address: str) -> list[str]:
    found = re.findall(r"https?://\S+", "".join(text_of(mail) for mail in mails_to(address)))
    assert any("/accounts/" in link for link in found)
    return found


@pytest.mark.parametrize(
    ("path", "data", "address"),
    [
        (RESET, {"email": "alice@example.org"}, "alice@example.org"),
        (RESET, {"email": "nobody@example.org"}, "nobody@example.org"),
        (SIGN_UP, form(), "nila@example.org"),
        (SIGN_UP, form(email="alice@example.org"), "alice@example.org"),
    ],
    ids=["a new password", "an unknown address", "a new account", "a second account"],
)
def test_a_mail_to_a_visitor_links_here(
    forger: Client, cast: Cast, path: str, data: dict[str, str], address: str
) -> None:
    assert forger.post(path, data).status_code == 302
    assert all(link.startswith("https://club.example") for link in links_to(address))
    assert not any(":6666" in link for link in links_to(address))


def test_a_mail_to_a_new_address_links_here(forger: Client, cast: Cast) -> None:
    forger.post(LOGIN, {"login": "alice", "password": PASSWORD})
    change = {"action_add": "", "email": "new@example.org"}
    forger.post("/accounts/email/", change)
    assert not any(":6666" in link for link in links_to("new@example.org"))


def test_another_port_does_not_begin_a_new_count_of_guesses(cast: Cast, settings: Settings) -> None:
    settings.ALLOWED_HOSTS = ["club.example"]
    for port in range(6):
        visitor = Client(headers={"host": f"club.example:{port + 1}"})
        page = visitor.post(LOGIN, {"login": "alice", "password": "wrong password"})
    assert "Too many" in page.content.decode()
