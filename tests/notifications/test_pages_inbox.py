"""The inbox: what stands there, in which order, what is done with it, and to whom it is shown."""

from __future__ import annotations

import re

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from codetrack.accounts.models import User
from codetrack.core.models import Event
from codetrack.notifications import services
from codetrack.notifications.models import Mute, Notice
from tests.cast import Cast
from tests.notifications.inboxes import browser, notice

pytestmark = pytest.mark.django_db

INBOX = "/inbox/"


def shown(member: User, path: str = INBOX, **more: str) -> str:
    answer = browser(member).get(path, more)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_an_empty_inbox_says_so_and_what_comes_here(alice: User) -> None:
    page = shown(alice)
    assert "All caught up" in page
    assert 'href="/settings/notifications/"' in page


def test_what_is_unread_comes_first_whatever_is_newer(alice: User) -> None:
    notice(alice, "handle:1", new=1510)
    notice(alice, "handle:2", new=1620, read=True)
    page = shown(alice)
    assert page.index("1500 → 1510") < page.index("1500 → 1620")
    assert "1 unread." in page
    assert page.count("Unread:") == 1


def test_what_is_told_of_one_thing_stands_together(alice: User) -> None:
    for new in (1510, 1520, 1530):
        notice(alice, "handle:1", new=new)
    page = shown(alice)
    assert page.count('<li class="thread') == 1
    assert page.index("1500 → 1530") < page.index("2 earlier") < page.index("1500 → 1520")


def test_a_long_thread_has_a_page_of_its_own(alice: User) -> None:
    for new in range(1510, 1517):
        notice(alice, "handle:1", new=new)
    assert 'href="/inbox/handle:1/"' in shown(alice)
    page = shown(alice, "/inbox/handle:1/")
    assert "7 notices of one thread." in page
    assert page.index("→ 1516") < page.index("→ 1510")


def test_each_says_which_setting_it_comes_by(alice: User) -> None:
    notice(alice)
    assert 'href="/settings/notifications/#rating_changed"' in shown(alice)
    assert 'id="rating_changed"' in shown(alice, "/settings/notifications/")


def test_what_is_not_for_the_inbox_is_not_there(alice: User) -> None:
    notice(alice, in_inbox=False)
    notice(alice, kind="of_an_app_that_left")
    page = shown(alice)
    assert "All caught up" in page
    assert "Inbox, nothing unread" in page


# --- reading -----------------------------------------------------------------


def test_a_thread_is_marked_read_up_to_what_was_shown(alice: User) -> None:
    first = notice(alice)
    client = browser(alice)
    later = notice(alice, new=1600)
    answer = client.post("/inbox/handle:1/read/", {"up_to": first.pk})
    assert answer["Location"].startswith(f"{INBOX}?marked=")
    unread = Notice.objects.unread()
    assert list(unread) == [later]


def test_marking_by_script_answers_with_the_row_and_the_counts(alice: User) -> None:
    row, _other = notice(alice), notice(alice, "handle:2")
    client = browser(alice)
    answer = client.post("/inbox/handle:1/read/", {"up_to": row.pk}, headers={"HX-Request": "true"})
    part = " ".join(answer.content.decode().split())
    assert "<html" not in part
    assert '<li class="thread" id="handle-1"' in part
    assert re.search(r'<button[^>]* id="done-handle-1" aria-disabled="true">', part)
    assert re.search(r'id="inbox-state"[^>]* hx-swap-oob="outerMorph">1 unread\.', part)
    assert re.search(r'id="bell"[^>]* hx-swap-oob="outerMorph">.*Inbox, 1 unread', part)


@pytest.mark.parametrize("up_to", ["", "-1", "many", "9" * 5_000])
def test_a_number_that_is_none_marks_nothing(alice: User, up_to: str) -> None:
    notice(alice)
    assert browser(alice).post("/inbox/handle:1/read/", {"up_to": up_to}).status_code == 302
    assert browser(alice).post("/inbox/read/", {"up_to": up_to}).status_code == 302
    assert Notice.objects.unread().count() == 1


def test_all_is_marked_read_at_once_but_what_came_since(alice: User, bob: User) -> None:
    newest = [notice(alice, f"handle:{number}") for number in range(3)][-1]
    later, of_bob = notice(alice, "handle:9"), notice(bob)
    page = browser(alice).post("/inbox/read/", {"up_to": newest.pk}, follow=True)
    assert "3 notices are marked read." in page.content.decode()
    assert list(Notice.objects.unread().order_by("pk")) == [later, of_bob]


def test_reading_marks_nothing(alice: User) -> None:
    notice(alice)
    shown(alice)
    shown(alice, "/inbox/handle:1/")
    assert Notice.objects.unread().count() == 1


def test_the_page_says_how_much_came_since_without_moving_anything(alice: User) -> None:
    first = notice(alice)
    page = shown(alice)
    assert f'hx-get="/inbox/newer/?up_to={first.pk}"' in page
    assert f'data-live="account:{alice.pk}"' in page
    assert "new notice" not in shown(alice, "/inbox/newer/", up_to=str(first.pk))
    notice(alice, "handle:2")
    assert "Show 1 new notice" in shown(alice, "/inbox/newer/", up_to=str(first.pk))


# --- muting ------------------------------------------------------------------


def test_a_thread_is_muted_and_told_again(alice: User) -> None:
    notice(alice)
    client = browser(alice)
    client.post("/inbox/handle:1/mute/", {"mute": "on"})
    assert Mute.objects.get().thread == "handle:1"
    assert "muted" in shown(alice)
    part = client.post(
        "/inbox/handle:1/mute/", {"mute": "off"}, headers={"HX-Request": "true"}
    ).content.decode()
    assert 'name="mute" value="on"' in part
    assert not Mute.objects.exists()


def test_on_the_page_of_a_thread_one_stays_there(alice: User) -> None:
    notice(alice)
    answer = browser(alice).post("/inbox/handle:1/mute/", {"mute": "on", "page": "thread"})
    assert answer["Location"] == "/inbox/handle:1/"
    assert "It is muted" in shown(alice, "/inbox/handle:1/")


# --- the bell ----------------------------------------------------------------


def test_the_bell_of_every_page_counts(alice: User) -> None:
    notice(alice)
    notice(alice, "handle:2")
    notice(alice, "handle:3", read=True)
    page = shown(alice, "/docs/")
    assert "Inbox, 2 unread" in page
    assert f'data-live="account:{alice.pk}"' in page
    assert "Inbox, 2 unread" in shown(alice, "/inbox/bell/")


def test_the_bell_stops_counting_at_a_hundred(alice: User) -> None:
    for _ in range(101):
        notice(alice)
    assert "99+" in shown(alice, "/inbox/bell/")
    assert "more than 99 unread" in shown(alice)


def test_a_visitor_has_no_bell_and_pays_for_none(db: None, client: Client) -> None:
    with CaptureQueriesContext(
        connection,
    ) as queries:
        page = client.get("/docs/").content.decode()
    assert 'id="bell"' not in page
    assert not [query for query in queries if "notifications_notice" in query["sql"]]


def test_the_bell_is_one_query(alice: User) -> None:
    for _ in range(30):
        notice(alice)
    client = browser(alice)
    with CaptureQueriesContext(connection) as queries:
        client.get("/docs/")
    assert len([query for query in queries if "notifications_notice" in query["sql"]]) == 1


def test_reading_rings_on_the_topic_that_only_the_member_hears(alice: User) -> None:
    notice(alice)
    services.mark_all_read(member=alice)
    event = Event.objects.get(tag="notifications:inbox:changed")
    assert event.topics == [f"account:{alice.pk}"]
    assert event.until is not None


# --- pages, and others ---------------------------------------------------------


def test_there_are_pages_and_none_is_lost(alice: User) -> None:
    for number in range(45):
        notice(alice, f"handle:{number}", new=2000 + number)
    client, path = browser(alice), INBOX
    found: list[str] = []
    while path:
        page = client.get(path).content.decode()
        found += re.findall(r"1500 → (\d+)", page)
        following = re.search(r'rel="next" href="([^"]+)"', page)
        path = INBOX + following[1] if following else ""
    assert list(dict.fromkeys(found)) == [str(2044 - number) for number in range(45)]


def test_a_made_up_place_is_told_kindly(alice: User) -> None:
    answer = browser(alice).get(INBOX, {"cursor": "made-up"})
    assert answer.status_code == 422
    assert "This is no place in this list" in answer.content.decode()


@pytest.mark.parametrize("path", [INBOX, "/inbox/handle:0/"])
def test_it_asks_as_much_of_the_database_for_one_as_for_thirty(alice: User, path: str) -> None:
    client = browser(alice)
    notice(alice, "handle:0")
    client.get(path)  # what a process keeps in its memory is asked for once
    with CaptureQueriesContext(connection) as one:
        client.get(path)
    for number in range(30):
        notice(alice, f"handle:{number % 6}", read=number % 2 == 0)
        notice(alice, "handle:0")
    with CaptureQueriesContext(connection) as thirty:
        client.get(path)
    assert len(thirty) == len(one)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", "/inbox/handle:1/"),
        ("post", "/inbox/handle:1/read/"),
        ("post", "/inbox/handle:1/mute/"),
    ],
)
def test_nobody_reaches_what_another_was_told(cast: Cast, method: str, path: str) -> None:
    row = notice(cast.alice)
    for other in (cast.bob, cast.ada, cast.charlie):
        client = browser(other)
        call = getattr(client, method)
        assert call(path, {"up_to": row.pk, "mute": "on"}).status_code == 404
        assert "1534" not in client.get(INBOX).content.decode()
    row.refresh_from_db()
    assert row.read_at is None
    assert not Mute.objects.exists()


@pytest.mark.parametrize(
    "path", [INBOX, "/inbox/handle:1/", "/inbox/bell/", "/inbox/newer/", "/settings/notifications/"]
)
def test_a_visitor_is_asked_to_sign_in(client: Client, alice: User, path: str) -> None:
    assert client.get(path)["Location"].startswith("/accounts/login/")
