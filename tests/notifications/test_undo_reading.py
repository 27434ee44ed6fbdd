"""Marking read is taken back: exactly what was marked, whatever came or was done meanwhile."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from codetrack.accounts.models import User
from codetrack.core.models import Event
from codetrack.core.testing import HeldClock, run_jobs
from codetrack.notifications import services
from codetrack.notifications.models import Notice
from tests.core.servers import MailServer
from tests.notifications.inboxes import browser, notice
from tests.notifications.rows import QUEUES, linked, rate, told

pytestmark = pytest.mark.django_db

INBOX = "/inbox/"
SCRIPT = {"HX-Request": "true"}
BIG = str(2**62)


def unread() -> list[Notice]:
    return list(Notice.objects.unread().order_by("pk"))


def offer(page: str) -> tuple[str, dict[str, str]]:
    """Where the form posts that takes it back, and what; fails when none is there."""
    for action, inside in re.findall(r'<form[^>]* action="([^"]*/undo/)"[^>]*>(.*?)</form>', page):
        names = re.findall(r'name="(\w+)" value="(\w+)"', inside)
        return action, dict(names)
    raise AssertionError("nothing is offered")


def mark_all(client: Client) -> str:
    return client.post("/inbox/read/", {"up_to": BIG}, follow=True).content.decode()


def undo(client: Client, page: str) -> str:
    action, values = offer(page)
    return client.post(action, values, follow=True).content.decode()


def test_all_that_was_marked_is_unread_again_and_nothing_else(alice: User) -> None:
    old = notice(alice, read=True)
    rows = [notice(alice), notice(alice, "handle:2")]
    client = browser(alice)
    page = mark_all(client)
    assert "2 notices are marked read." in page
    later = notice(alice, "handle:3")
    page = undo(client, page)
    assert "It is unread again." in page and "3 unread." in page
    assert "Undo" not in page
    assert unread() == [*rows, later]
    old.refresh_from_db()
    assert old.read_at is not None


def test_each_of_two_windows_takes_back_its_own(alice: User) -> None:
    first, second = notice(alice), notice(alice, "handle:2")
    one, other = browser(alice), browser(alice)
    page = one.post("/inbox/handle:1/read/", {"up_to": first.pk}, follow=True).content.decode()
    rest = mark_all(other)
    assert unread() == []
    undo(other, rest)
    assert unread() == [second]
    mark_all(other)
    undo(one, page)
    assert unread() == [first]


def test_what_was_read_already_offers_nothing(alice: User) -> None:
    row = notice(alice)
    client = browser(alice)
    mark_all(client)
    for path in ("/inbox/read/", "/inbox/handle:1/read/"):
        assert client.post(path, {"up_to": row.pk})["Location"] == INBOX
    part = client.post("/inbox/handle:1/read/", {"up_to": row.pk}, headers=SCRIPT)
    assert "Undo" not in part.content.decode()


def test_twice_changes_nothing_and_the_page_offers_it_no_more(alice: User) -> None:
    row = notice(alice)
    client = browser(alice)
    page = mark_all(client)
    offered = client.post("/inbox/read/", {"up_to": BIG})["Location"]
    undo(client, page)
    services.mark_all_read(member=alice)
    assert "It is unread again." not in undo(client, page)
    row.refresh_from_db()
    assert row.read_at is not None
    assert "Undo" not in client.get(offered).content.decode()


def test_by_script_the_row_itself_offers_it_and_stays(alice: User) -> None:
    row, other = notice(alice), notice(alice, "handle:2")
    client = browser(alice)
    marked = client.post("/inbox/handle:1/read/", {"up_to": row.pk}, headers=SCRIPT)
    action, values = offer(marked.content.decode())
    assert action == "/inbox/handle:1/undo/"
    part = " ".join(client.post(action, values, headers=SCRIPT).content.decode().split())
    assert "<html" not in part
    assert '<li class="thread unread" id="handle-1"' in part
    assert re.search(r'id="inbox-state"[^>]*>2 unread\.', part)
    assert "Inbox, 2 unread" in part and "Undo" not in part
    assert unread() == [row, other]


def test_of_a_thread_its_own_page_offers_it(alice: User) -> None:
    row = notice(alice)
    client = browser(alice)
    send = {"up_to": row.pk, "page": "thread"}
    page = client.post("/inbox/handle:1/read/", send, follow=True).content.decode()
    assert "1 notice is marked read." in page
    action, values = offer(page)
    assert client.post(action, values)["Location"] == "/inbox/handle:1/"
    assert unread() == [row]


def test_every_open_page_counts_again(alice: User) -> None:
    notice(alice)
    client = browser(alice)
    page = mark_all(client)
    rings = Event.objects.filter(tag="notifications:inbox:changed")
    before = rings.count()
    undo(client, page)
    assert rings.count() == before + 1
    newest = rings.latest("pk")
    assert newest.topics == [f"account:{alice.pk}"] and newest.until


@pytest.mark.parametrize("marked", ["", "-1", "many", "9" * 5_000, "9" * 17, "0"])
def test_a_moment_that_is_none_takes_nothing_back(alice: User, marked: str) -> None:
    notice(alice, read=True)
    client = browser(alice)
    for path in ("/inbox/undo/", "/inbox/handle:1/undo/"):
        assert client.post(path, {"marked": marked}).status_code == 302
    for path in (INBOX, "/inbox/handle:1/"):
        assert "Undo" not in client.get(path, {"marked": marked}).content.decode()
    assert unread() == []


def test_nobody_takes_back_what_another_read(alice: User, bob: User) -> None:
    notice(alice)
    page = mark_all(browser(alice))
    action, values = offer(page)
    client = browser(bob)
    client.post(action, values)
    assert client.post("/inbox/handle:1/undo/", values).status_code == 404
    assert "Undo" not in client.get(INBOX, values).content.decode()
    assert unread() == []
    assert browser(alice).get(action).status_code == 405
    assert Client().post(action, values)["Location"].startswith("/accounts/login/")


def test_what_is_unread_again_is_in_the_digest(
    post: MailServer, held: HeldClock, alice: User
) -> None:
    services.set_preference(member=alice, kind="rating_changed", channel="email", how="daily")
    rate(linked(alice), 1500, 1510)
    told(held)
    at = held.at
    services.mark_all_read(member=alice, at=at)
    assert services.mark_unread(member=alice, read_at=at + timedelta(microseconds=1)) == 0
    assert services.mark_unread(member=alice, read_at=at) == 1
    held.at = datetime(2026, 11, 22, 9, tzinfo=UTC)
    run_jobs(QUEUES)
    assert [mail["Subject"] for mail in post.mails] == ["Codeforces: 1500 → 1510 (+10)"]
