"""Notices over the API: the caller's own, and nobody else's."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from codetrack.accounts import services as accounts
from codetrack.accounts.models import User
from codetrack.notifications.models import Mute, Notice, Preference, Timetable
from tests.cast import Cast
from tests.core.servers import MailServer
from tests.notifications.inboxes import notice

pytestmark = pytest.mark.django_db

NOTICES = "/api/notices/"
PREFERENCES = "/api/notices/preferences/"
TIMES = "/api/notices/timetable/"

type Program = Callable[..., Client]


@pytest.fixture
def program() -> Program:
    def with_token(member: User, *, may_write: bool = True) -> Client:
        _token, secret = accounts.create_token(owner=member, name="test", may_write=may_write)
        return Client(headers={"authorization": f"Bearer {secret}"})

    return with_token


def put(client: Client, path: str, body: dict[str, Any]) -> Any:
    return client.put(path, body, content_type="application/json")


def sent(client: Client, path: str, body: dict[str, Any]) -> Any:
    return client.post(path, body, content_type="application/json")


def test_what_was_told_is_there_in_words(program: Program, alice: User) -> None:
    row = notice(alice)
    [item] = program(alice).get(NOTICES).json()["items"]
    assert item == {
        "id": row.pk,
        "kind": "rating_changed",
        "thread": "handle:1",
        "title": "Codeforces: 1500 → 1534 (+34)",
        "text": "The rating of nila_v rose from 1500 to 1534.",
        "url": "http://localhost:8000/members/alice/",
        "created_at": "2026-11-21T12:00:00Z",
        "read_at": None,
    }


def test_notices_come_in_pages_the_newest_first(program: Program, alice: User) -> None:
    rows = [notice(alice, f"handle:{number}").pk for number in range(5)]
    client, cursor = program(alice), ""
    found: list[int] = []
    while cursor is not None:
        body = client.get(NOTICES, {"limit": "2", "cursor": cursor}).json()
        found += [item["id"] for item in body["items"]]
        cursor = body["next"]
    assert found == rows[::-1]


def test_they_are_narrowed_to_unread_and_to_a_thread(program: Program, alice: User) -> None:
    fresh, other = notice(alice), notice(alice, "handle:2")
    notice(alice, read=True)
    client = program(alice)
    asked = {"unread": "true", "thread": "handle:1"}
    assert [item["id"] for item in client.get(NOTICES, asked).json()["items"]] == [fresh.pk]
    asked = {"thread": "handle:2"}
    assert [item["id"] for item in client.get(NOTICES, asked).json()["items"]] == [other.pk]
    assert client.get("/api/notices/unread/").json() == {"unread": 2}


def test_one_is_marked_read_once(program: Program, alice: User) -> None:
    row, client = notice(alice), program(alice)
    first = client.post(f"/api/notices/{row.pk}/read/").json()
    assert first["read_at"] is not None
    assert client.post(f"/api/notices/{row.pk}/read/").json() == first


@pytest.mark.parametrize(
    ("what", "left"),
    [({}, 0), ({"thread": "handle:1"}, 1), ({"thread": "handle:9"}, 3), ({"up_to": 1}, 3)],
)
def test_all_or_a_thread_is_marked_read(
    program: Program, alice: User, bob: User, what: dict[str, Any], left: int
) -> None:
    notice(bob)  # so that none of alice's is number 1
    notice(alice), notice(alice), notice(alice, "handle:2")
    answer = sent(program(alice), "/api/notices/read/", what)
    assert answer.json() == {"read": 3 - left}
    assert Notice.objects.filter(member=alice).unread().count() == left


def test_preferences_say_what_can_be_chosen(
    post: MailServer, program: Program, alice: User
) -> None:
    rows = program(alice).get(PREFERENCES).json()
    found = {(row["kind"], row["channel"]): row for row in rows}
    assert found["rating_changed", "email"] == {
        "kind": "rating_changed",
        "label": "My rating changed",
        "channel": "email",
        "how": "now",
        "ways": ["now", "daily", "weekly", "off"],
        "fixed": False,
    }
    assert found["handle_lost", "email"]["fixed"] is True
    assert not any(row["kind"] == "platform_blocked" for row in rows)


def test_a_preference_is_chosen(post: MailServer, program: Program, alice: User) -> None:
    client = program(alice)
    answer = put(client, f"{PREFERENCES}rating_changed/email/", {"how": "weekly"})
    assert answer.json()["how"] == "weekly"
    assert Preference.objects.get(member=alice).how == "weekly"


@pytest.mark.parametrize(
    ("path", "how", "status"),
    [
        ("rating_changed/email/", "hourly", 422),
        ("rating_changed/web/", "daily", 422),
        ("handle_lost/email/", "off", 422),
        ("no_such_kind/web/", "off", 404),
        ("rating_changed/pigeon/", "off", 404),
        ("platform_blocked/web/", "off", 404),
    ],
)
def test_what_cannot_be_chosen_is_refused(
    post: MailServer, program: Program, alice: User, path: str, how: str, status: int
) -> None:
    assert put(program(alice), PREFERENCES + path, {"how": how}).status_code == status
    assert not Preference.objects.exists()


def test_the_timetable_is_read_and_chosen(program: Program, alice: User) -> None:
    client = program(alice)
    assert client.get(TIMES).json() == {
        "digest_hour": 8,
        "digest_weekday": 0,
        "quiet_from": None,
        "quiet_to": None,
        "time_zone": "UTC",
    }
    times = {"digest_hour": 7, "digest_weekday": 6, "quiet_from": "22:00", "quiet_to": "06:30"}
    assert put(client, TIMES, times).json()["quiet_to"] == "06:30:00"
    refused = put(client, TIMES, {"digest_hour": 7, "digest_weekday": 6, "quiet_from": "22:00"})
    assert refused.status_code == 422
    assert refused.json()["errors"][0]["field"] == "quiet_to"
    times["quiet_to"] = "06:30+05:00"  # SQLite cannot keep it, PostgreSQL would drop the offset
    refused = put(client, TIMES, times)
    assert (refused.status_code, refused.json()["errors"][0]["field"]) == (422, "quiet_to")
    assert Timetable.objects.get().digest_weekday == 6


def test_threads_are_muted(program: Program, alice: User) -> None:
    client = program(alice)
    assert client.put("/api/notices/muted/handle:1/").status_code == 204
    assert client.get("/api/notices/muted/").json() == ["handle:1"]
    assert client.delete("/api/notices/muted/handle:1/").status_code == 204
    assert client.get("/api/notices/muted/").json() == []


def test_nobody_reads_or_marks_what_another_was_told(program: Program, cast: Cast) -> None:
    row = notice(cast.alice)
    for other in (cast.bob, cast.ada, cast.charlie):
        client = program(other)
        assert client.get(NOTICES).json()["items"] == []
        assert client.get("/api/notices/unread/").json() == {"unread": 0}
        assert client.post(f"/api/notices/{row.pk}/read/").status_code == 404
        assert sent(client, "/api/notices/read/", {"thread": "handle:1"}).json() == {"read": 0}
        assert sent(client, "/api/notices/read/", {}).json() == {"read": 0}
        client.put("/api/notices/muted/handle:1/")
    row.refresh_from_db()
    assert row.read_at is None
    assert not Mute.objects.filter(member=cast.alice).exists()


@pytest.mark.parametrize("number", ["0", "-1", "999999999999", "9" * 40])
def test_a_number_that_is_none_is_not_found(program: Program, alice: User, number: str) -> None:
    assert program(alice).post(f"/api/notices/{number}/read/").status_code in {404, 422}


def test_a_token_that_may_only_read_changes_nothing(program: Program, alice: User) -> None:
    row, client = notice(alice), program(alice, may_write=False)
    assert client.get(NOTICES).status_code == 200
    assert client.post(f"/api/notices/{row.pk}/read/").status_code == 403
    assert put(client, TIMES, {"digest_hour": 7, "digest_weekday": 6}).status_code == 403


@pytest.mark.parametrize("path", [NOTICES, PREFERENCES, TIMES, "/api/notices/muted/"])
def test_a_visitor_is_told_to_sign_in(db: None, client: Client, path: str) -> None:
    assert client.get(path).status_code == 401


def test_it_asks_as_much_of_the_database_for_one_as_for_thirty(
    program: Program, alice: User
) -> None:
    client = program(alice)
    notice(alice)
    client.get(NOTICES)  # the token notes once an hour that it is used
    with CaptureQueriesContext(connection) as one:
        client.get(NOTICES)
    for number in range(30):
        notice(alice, f"handle:{number}")
    with CaptureQueriesContext(connection) as thirty:
        client.get(NOTICES)
    assert len(thirty) == len(one)
