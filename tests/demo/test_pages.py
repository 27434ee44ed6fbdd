"""The pages of the pretend world: reading mails, and doing things to the platform by hand."""

from email.message import EmailMessage
from pathlib import Path

import pytest
from django.test import Client
from pytest_django import Settings

from codetrack.demo import servers
from codetrack.demo.mailbox import Manner
from codetrack.demo.seed import ADMIN, PASSWORD
from codetrack.demo.servers import Pretend, pretend
from codetrack.demo.trouble import Mode
from codetrack.web import menu

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def site(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo app is installed only when the world is a demo."""
    monkeypatch.setattr(menu, "_items", list(menu._items))
    settings.INSTALLED_APPS = ["codetrack.demo", *settings.INSTALLED_APPS]
    settings.ROOT_URLCONF = "tests.demo.urls"


@pytest.fixture
def world(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Pretend:
    """A pretend world for the pages alone: nothing listens."""
    made = pretend(tmp_path, interval=0)
    monkeypatch.setattr(servers, "_serving", [made])
    return made


def deliver(world: Pretend, subject: str = "Confirm your address", **parts: str) -> int:
    message = EmailMessage()
    message["From"] = "CodeTrack <codetrack@example.org>"
    message["To"] = "nila@example.org"
    message["Subject"] = subject
    message.set_content(parts.get("text", "Go to http://localhost:8000/accounts/confirm/abc/ now."))
    if "html" in parts:
        message.add_alternative(parts["html"], subtype="html")
    return world.mailbox.keep("codetrack@example.org", ["nila@example.org"], bytes(message)).id


def test_without_a_world_the_pages_say_how_to_start_one(client: Client) -> None:
    answer = client.get("/demo/")
    assert answer.status_code == 404
    assert "make demo" in answer.content.decode()


@pytest.mark.parametrize(
    "path",
    ["", "mailbox/", "mailbox/?q=nobody", "codeforces/", "codeforces/?q=zzz", "codeforces/new/"],
)
def test_every_page_says_that_it_is_pretended(client: Client, world: Pretend, path: str) -> None:
    answer = client.get(f"/demo/{path}")
    assert answer.status_code == 200
    assert "A pretend world." in answer.content.decode()


def test_the_sign_in_page_tells_how_to_enter(client: Client) -> None:
    page = client.get("/accounts/login/").content.decode()
    assert f"<code>{ADMIN}</code> / <code>{PASSWORD}</code>" in page
    assert "New here?" in page


def test_a_mail_is_listed_and_its_link_can_be_followed(client: Client, world: Pretend) -> None:
    number = deliver(world)
    listed = client.get("/demo/mailbox/").content.decode()
    assert f'href="/demo/mailbox/{number}/"' in listed
    assert "nila@example.org" in listed
    page = client.get(f"/demo/mailbox/{number}/").content.decode()
    assert '<a href="http://localhost:8000/accounts/confirm/abc/"' in page


def test_mails_are_found_by_address_and_subject(client: Client, world: Pretend) -> None:
    deliver(world, "One")
    deliver(world, "Two")
    assert "One" in client.get("/demo/mailbox/?q=NILA").content.decode()
    found = client.get("/demo/mailbox/?q=two").content.decode()
    assert "Two" in found
    assert ">One<" not in found


def test_a_mail_can_do_nothing_on_the_page(client: Client, world: Pretend) -> None:
    number = deliver(world, text="<script>alert(1)</script>", html="<p>Hello</p>")
    page = client.get(f"/demo/mailbox/{number}/").content.decode()
    assert "<script>alert" not in page
    assert "sandbox=" in page
    body = client.get(f"/demo/mailbox/{number}/html/")
    assert body.content.decode().strip() == "<p>Hello</p>"
    policy = body["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "sandbox" in policy
    assert "allow-scripts" not in policy
    assert body["X-Frame-Options"] == "SAMEORIGIN"


def test_a_mail_that_is_not_there(client: Client, world: Pretend) -> None:
    assert client.get("/demo/mailbox/77/").status_code == 404


def test_the_mail_server_can_be_told_to_misbehave(client: Client, world: Pretend) -> None:
    client.post("/demo/mailbox/manner/", {"manner": "defer"})
    assert world.mailbox.manner is Manner.DEFER
    assert "misbehaves" in client.get("/demo/mailbox/").content.decode()


def test_the_mailbox_can_be_emptied(client: Client, world: Pretend) -> None:
    deliver(world)
    client.post("/demo/mailbox/clear/")
    assert world.mailbox.all() == []


def test_a_token_is_placed_in_a_profile(client: Client, world: Pretend) -> None:
    handle = world.world.everybody()[0].handle
    answer = client.post(
        f"/demo/codeforces/account/{handle}/",
        {"organization": "Harbour ct-9f2kq1", "first_name": "Łucja", "last_name": ""},
    )
    assert answer.status_code == 302
    person = world.world.find(handle)
    assert person.texts["organization"] == "Harbour ct-9f2kq1"
    assert person.name == "Łucja"
    assert "Harbour ct-9f2kq1" in client.get(f"/demo/codeforces/account/{handle}/").content.decode()


def test_a_new_account_is_made(client: Client, world: Pretend) -> None:
    answer = client.post("/demo/codeforces/new/", {"handle": "my.own", "first_name": "Me"})
    assert answer["Location"] == "/demo/codeforces/account/my.own/"
    page = client.get("/demo/codeforces/account/my.own/").content.decode()
    assert "unrated" in page
    assert "my.own" in client.get("/demo/codeforces/").content.decode()


def test_a_new_account_may_have_a_history(client: Client, world: Pretend) -> None:
    assert "checked" in client.get("/demo/codeforces/new/").content.decode()
    client.post("/demo/codeforces/new/", {"handle": "old.hand", "seasoned": "on"})
    assert world.world.find("old.hand").rating is not None


@pytest.mark.parametrize("handle", ["ab", "Нила", "a b c"])
def test_a_handle_that_cannot_be_is_explained(client: Client, world: Pretend, handle: str) -> None:
    answer = client.post("/demo/codeforces/new/", {"handle": handle})
    assert answer.status_code == 200
    assert len(world.world.everybody()) == 200


def test_a_taken_handle_is_explained(client: Client, world: Pretend) -> None:
    handle = world.world.everybody()[0].handle
    answer = client.post("/demo/codeforces/new/", {"handle": handle.upper()})
    assert "Choose another" in answer.content.decode()


def test_playing_and_submitting(client: Client, world: Pretend) -> None:
    person = world.world.everybody()[0]
    before = len(person.results)
    client.post(f"/demo/codeforces/account/{person.handle}/play/", {"luck": "2"})
    client.post(f"/demo/codeforces/account/{person.handle}/submit/", {"verdict": "TESTING"})
    assert len(person.results) == before + 1
    assert world.world.attempts(person)[0].verdict == "TESTING"
    page = client.get(f"/demo/codeforces/account/{person.handle}/").content.decode()
    assert person.results[-1].round.name in page


def test_the_club_plays_a_round(client: Client, world: Pretend) -> None:
    rounds = len(world.world.rounds)
    answer = client.post("/demo/codeforces/round/", follow=True)
    assert len(world.world.rounds) == rounds + 1
    assert "of the club" in answer.content.decode()


def test_the_platform_is_broken_and_mended(client: Client, world: Pretend) -> None:
    client.post("/demo/codeforces/break/", {"mode": "limited", "seconds": "9"})
    state = world.codeforces.trouble.state
    assert (state.mode, state.seconds) == (Mode.LIMITED, 9)
    assert "broken" in client.get("/demo/").content.decode()
    client.post("/demo/codeforces/break/", {"mode": "none", "seconds": "3"})
    assert world.codeforces.trouble.state.mode is Mode.NONE


def test_nobody_there(client: Client, world: Pretend) -> None:
    assert client.get("/demo/codeforces/account/nobody/").status_code == 404


@pytest.mark.parametrize("path", ["mailbox/clear/", "codeforces/round/", "codeforces/break/"])
def test_nothing_is_done_by_looking(client: Client, world: Pretend, path: str) -> None:
    assert client.get(f"/demo/{path}").status_code == 405
