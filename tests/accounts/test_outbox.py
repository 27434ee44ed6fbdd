"""The outbox: every mail, for the site admin alone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from pytest_django import Settings

from codetrack.accounts.models import User
from codetrack.core.models import OutgoingMail
from tests.cast import Cast

pytestmark = pytest.mark.django_db

type Browser = Callable[[User], Client]


@pytest.fixture
def kept(settings: Settings, cast: Cast) -> OutgoingMail:
    """A mail written while there was no mail server."""
    settings.MAIL_URL = ""
    Client().post("/accounts/password/reset/", {"email": "alice@example.org"})
    return OutgoingMail.objects.get()


@pytest.mark.parametrize("door", ["/outbox/", "/outbox/{pk}/"])
def test_nobody_else_finds_it(
    client: Client, browser: Browser, cast: Cast, kept: OutgoingMail, door: str
) -> None:
    path = door.format(pk=kept.pk)
    assert client.get(path).url.startswith("/accounts/login/")
    for member in (cast.charlie, cast.alice, cast.dana):
        assert browser(member).get(path).status_code == 404
    again = f"/outbox/{kept.pk}/again/"
    assert browser(cast.charlie).post(again).status_code == 404


def test_a_kept_mail_is_read_and_its_link_clicked(
    browser: Browser, cast: Cast, kept: OutgoingMail
) -> None:
    admin = browser(cast.ada)
    page = admin.get("/outbox/?state=kept").content.decode()
    assert f"/outbox/{kept.pk}/" in page and "alice@example.org" in page
    mail = admin.get(f"/outbox/{kept.pk}/").content.decode()
    link = mail.split('href="http://localhost:8000')[1].split('"')[0]
    assert link.startswith("/accounts/password/reset/key/")
    assert Client().get(link).status_code == 302


def test_a_kept_mail_is_sent_once_there_is_a_server(
    browser: Browser, cast: Cast, kept: OutgoingMail, settings: Settings
) -> None:
    admin = browser(cast.ada)
    admin.post(f"/outbox/{kept.pk}/again/")
    kept.refresh_from_db()
    assert kept.state == OutgoingMail.State.KEPT
    settings.MAIL_URL = "smtp://127.0.0.1:9"
    admin.post(f"/outbox/{kept.pk}/again/")
    kept.refresh_from_db()
    assert kept.state == OutgoingMail.State.WAITING


def test_no_mail_is_an_empty_state(browser: Browser, cast: Cast) -> None:
    assert "No mails here" in browser(cast.ada).get("/outbox/?state=nonsense").content.decode()


def test_the_site_admin_is_told_while_no_mail_leaves(
    browser: Browser, cast: Cast, settings: Settings
) -> None:
    assert "No mail server" not in browser(cast.ada).get("/institutes/").content.decode()
    settings.MAIL_URL = ""
    assert "No mail server" in browser(cast.ada).get("/institutes/").content.decode()
    assert "No mail server" not in browser(cast.alice).get("/institutes/").content.decode()


def test_the_outbox_does_not_lead_to_itself(
    browser: Browser, cast: Cast, kept: OutgoingMail
) -> None:
    admin = browser(cast.ada)
    assert "Open the outbox" in admin.get("/institutes/").content.decode()
    assert admin.get("/outbox/").content.decode().count("No mail server is set") == 1
    for path in ("/outbox/?state=kept", f"/outbox/{kept.pk}/"):
        assert "Open the outbox" not in admin.get(path).content.decode()
