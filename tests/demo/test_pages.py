"""The pages of the pretend world: reading mails, and doing things to the platform by hand."""

from email.message import EmailMessage

import pytest
from django.test import Client

from codetrack.demo.mailbox import Manner
from codetrack.demo.seed import ADMIN, PASSWORD
from codetrack.demo.servers import PLATFORMS, Pretend
from codetrack.demo.trouble import Mode
from tests.demo.conftest import PEOPLE

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("site")]


KEYS = pytest.mark.parametrize("key", [maker.key for maker in PLATFORMS])


@pytest.fixture
def world(pages: Pretend) -> Pretend:
    return pages


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
    assert len(world.world.everybody()) == PEOPLE


def test_a_taken_handle_is_explained(client: Client, world: Pretend) -> None:
    handle = world.world.everybody()[0].handle
    answer = client.post("/demo/codeforces/new/", {"handle": handle.upper()})
    assert "Choose another" in answer.content.decode()


@KEYS
def test_the_club_plays_a_round(client: Client, world: Pretend, key: str) -> None:
    there = world.platforms[key].world
    rounds = len(there.rounds)
    answer = client.post(f"/demo/{key}/round/", follow=True)
    assert len(there.rounds) == rounds + 1
    assert "of the club" in answer.content.decode()


@KEYS
def test_a_platform_is_broken_and_mended(client: Client, world: Pretend, key: str) -> None:
    trouble = world.platforms[key].trouble
    client.post(f"/demo/{key}/break/", {"mode": "limited", "seconds": "9"})
    assert (trouble.state.mode, trouble.state.seconds) == (Mode.LIMITED, 9)
    assert broken(world) == [key]
    assert "broken" in client.get("/demo/").content.decode()
    client.post(f"/demo/{key}/break/", {"mode": "none", "seconds": "3"})
    assert broken(world) == []


def broken(world: Pretend) -> list[str]:
    states = {key: platform.trouble.state for key, platform in world.platforms.items()}
    return [key for key, state in states.items() if state.mode is not Mode.NONE]


def test_everything_is_down_and_works_again(client: Client, world: Pretend) -> None:
    page = client.get("/demo/").content.decode()
    assert "Everything is down" in page
    client.post("/demo/break/", {"mode": "down", "seconds": "3"})
    assert broken(world) == list(world.platforms)
    client.post("/demo/break/", {"mode": "none", "seconds": "3"})
    assert broken(world) == []


@pytest.mark.parametrize("data", [{}, {"mode": "exploded", "seconds": "3"}])
def test_a_trouble_that_there_is_not(client: Client, world: Pretend, data: dict[str, str]) -> None:
    client.post("/demo/codeforces/break/", data)
    client.post("/demo/break/", data)
    assert broken(world) == []


@KEYS
def test_the_problem_of_a_proof_leads_to_the_accounts(
    client: Client, world: Pretend, key: str
) -> None:
    task = world.platforms[key].world.classics()[0]
    page = client.get(f"/demo/{key}/?problem={task.key}").content.decode()
    assert task.name in page
    handle = world.platforms[key].world.everybody()[-1].handle
    assert f'/demo/{key}/account/{handle}/?problem={task.key}#attempts"' in page


@KEYS
def test_nobody_there(client: Client, world: Pretend, key: str) -> None:
    assert client.get(f"/demo/{key}/account/nobody/").status_code == 404


@pytest.mark.parametrize("path", ["", "new/", "account/nobody/"])
def test_a_platform_that_is_not_pretended(client: Client, world: Pretend, path: str) -> None:
    assert client.get(f"/demo/atcoder/{path}").status_code == 404


@pytest.mark.parametrize(
    "path", ["mailbox/clear/", "break/", *(f"{maker.key}/round/" for maker in PLATFORMS)]
)
def test_nothing_is_done_by_looking(client: Client, world: Pretend, path: str) -> None:
    assert client.get(f"/demo/{path}").status_code == 405
