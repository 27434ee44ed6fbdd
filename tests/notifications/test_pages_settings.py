"""How a member chooses what they are told of, by which way and when."""

from __future__ import annotations

import re
from datetime import time

import pytest
from allauth.account.models import EmailAddress
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from codetrack.accounts.models import User
from codetrack.core.testing import HeldClock
from codetrack.notifications import services
from codetrack.notifications.models import Blocked, How, Mute, Preference, Timetable
from tests.cast import Cast
from tests.core.servers import MailServer
from tests.notifications.inboxes import browser, notice

pytestmark = pytest.mark.django_db

PAGE = "/settings/notifications/"
TIMES = "/settings/notifications/times/"


def shown(member: User) -> str:
    answer = browser(member).get(PAGE)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


type Sent = dict[str, str | list[str]]


def chosen(member: User) -> Sent:
    """What a browser would send of the page as it stands."""
    page = browser(member).get(PAGE)
    form = page.context["matrix"]
    sent: Sent = {"shown": [row.kind.key for row in form.rows]}
    for _row, cells in form.table():
        for _cell, field in cells:
            if field is not None and field.value() is not False:
                sent[field.name] = "on" if field.value() is True else field.value()
    return sent


def choices(member: User) -> dict[tuple[str, str], str]:
    rows = Preference.objects.filter(member=member)
    return {(row.kind, row.channel): row.how for row in rows}


# --- what ----------------------------------------------------------------------


def test_each_kind_is_a_row_and_each_channel_a_column(post: MailServer, alice: User) -> None:
    page = shown(alice)
    assert re.search(r'<th scope="row" id="rating_changed"[^>]*>.*?My rating changed</th>', page)
    assert re.search(r'<th scope="col" id="by-web">Inbox</th>', page)
    assert 'aria-labelledby="rating_changed by-email"' in page
    assert "A platform blocks this site" not in page


def test_without_a_mail_server_there_is_no_column_for_mail(alice: User) -> None:
    page = shown(alice)
    assert 'id="by-web"' in page
    assert 'id="by-email"' not in page
    assert "This site has no mail server" in page


def test_only_what_changes_is_written(post: MailServer, alice: User) -> None:
    sent = chosen(alice)
    browser(alice).post(PAGE, sent)
    assert choices(alice) == {}
    del sent["handle_verified-web"]
    answer = browser(alice).post(PAGE, sent | {"rating_changed-email": "weekly"}, follow=True)
    assert "Saved." in answer.content.decode()
    assert choices(alice) == {
        ("rating_changed", "email"): How.WEEKLY,
        ("handle_verified", "web"): How.OFF,
    }


def test_a_kind_that_the_page_did_not_show_stays_as_it_is(post: MailServer, alice: User) -> None:
    sent = {"shown": ["rating_changed"], "rating_changed-email": "now"}
    browser(alice).post(PAGE, sent)
    assert choices(alice) == {("rating_changed", "web"): How.OFF}


def test_what_is_always_told_cannot_be_chosen(post: MailServer, alice: User) -> None:
    page = shown(alice)
    assert "handle_lost-email" not in page
    assert "always" in page
    browser(alice).post(PAGE, chosen(alice) | {"handle_lost-email": "off"})
    assert choices(alice) == {}


def test_a_way_that_there_is_not_is_refused(post: MailServer, alice: User) -> None:
    answer = browser(alice).post(PAGE, chosen(alice) | {"rating_changed-email": "hourly"})
    assert "One thing to correct" in answer.content.decode()
    assert choices(alice) == {}


def test_who_looks_after_members_is_asked_about_them(post: MailServer, cast: Cast) -> None:
    assert "membership_asked" in shown(cast.ada)
    assert "membership_asked" not in shown(cast.alice)


# --- when ----------------------------------------------------------------------


def test_times_are_chosen_on_the_clock_of_the_member(alice: User, held: HeldClock) -> None:
    alice.time_zone = "Asia/Kolkata"
    alice.save()
    sent = {"digest_hour": 7, "digest_weekday": 4, "quiet_from": "22:30", "quiet_to": "06:00"}
    page = browser(alice).post(TIMES, sent, follow=True).content.decode()
    assert "By the clock in Asia/Kolkata." in page
    row = Timetable.objects.get(member=alice)
    assert (row.digest_hour, row.digest_weekday) == (7, 4)
    assert row.quiet == (time(22, 30), time(6))
    assert 'value="22:30"' in page
    # The clock is held at noon of a Saturday in UTC: 17:30 there.
    assert "22 Nov 2026, 07:00" in page
    assert "27 Nov 2026, 07:00" in page


def test_half_of_the_quiet_hours_is_refused_at_its_field(alice: User) -> None:
    sent = {"digest_hour": 8, "digest_weekday": 0, "quiet_from": "22:30", "quiet_to": ""}
    page = browser(alice).post(TIMES, sent).content.decode()
    assert "Give both ends of the quiet hours, or neither." in page
    assert 'href="#id_quiet_to"' in page
    assert 'value="22:30"' in page
    assert not Timetable.objects.exists()


@pytest.mark.parametrize(
    "wrong", [{"digest_hour": 24}, {"digest_weekday": 7}, {"quiet_from": "25:00"}]
)
def test_a_time_that_there_is_not_is_refused(alice: User, wrong: dict[str, object]) -> None:
    sent = {"digest_hour": 8, "digest_weekday": 0, "quiet_from": "", "quiet_to": ""} | wrong
    assert "One thing to correct" in browser(alice).post(TIMES, sent).content.decode()
    assert not Timetable.objects.exists()


# --- muted and blocked -----------------------------------------------------------


def test_what_is_muted_is_named_by_what_was_last_told(alice: User) -> None:
    notice(alice)
    services.mute(member=alice, thread="handle:1")
    services.mute(member=alice, thread="handle:77")
    page = shown(alice)
    assert "Codeforces: 1500 → 1534 (+34)" in page
    assert "<code>handle:77</code>" in page
    browser(alice).post("/settings/notifications/unmute/", {"thread": "handle:1"})
    assert [row.thread for row in Mute.objects.all()] == ["handle:77"]
    answer = browser(alice).post("/settings/notifications/unmute/", {"thread": "handle:77\0"})
    assert answer.status_code == 302


@pytest.mark.parametrize("path", [PAGE, "/inbox/"])
def test_a_blocked_address_is_told_with_the_answer_of_its_server(alice: User, path: str) -> None:
    services.block(address=alice.email, why=Blocked.Why.REFUSED, error="550 no such user")
    page = browser(alice).get(path).content.decode()
    assert f"No mail is sent to {alice.email}." in page
    assert "550 no such user" in page
    answer = browser(alice).post("/settings/notifications/unblock/", follow=True)
    assert f"Mail goes to {alice.email} again." in answer.content.decode()
    assert not Blocked.objects.exists()


def test_trying_again_all_the_time_is_too_much(alice: User) -> None:
    client = browser(alice)
    for _ in range(5):
        client.post("/settings/notifications/unblock/")
    services.block(address=alice.email, why=Blocked.Why.BOUNCED)
    client.post("/settings/notifications/unblock/")
    assert Blocked.objects.exists()


def test_an_address_that_is_not_confirmed_is_told(alice: User) -> None:
    assert "is not confirmed yet" not in shown(alice)
    EmailAddress.objects.filter(user=alice).update(verified=False)
    assert f"{alice.email} is not confirmed yet" in shown(alice)


def test_nobody_unmutes_or_unblocks_for_another(cast: Cast) -> None:
    services.mute(member=cast.alice, thread="handle:1")
    services.block(address=cast.alice.email, why=Blocked.Why.BOUNCED)
    client: Client = browser(cast.bob)
    client.post("/settings/notifications/unmute/", {"thread": "handle:1"})
    client.post("/settings/notifications/unblock/")
    assert Mute.objects.exists()
    assert Blocked.objects.exists()


def test_it_asks_as_much_of_the_database_for_one_as_for_thirty(alice: User) -> None:
    client = browser(alice)
    services.mute(member=alice, thread="handle:0")
    notice(alice, "handle:0")
    client.get(PAGE)
    with CaptureQueriesContext(connection) as one:
        client.get(PAGE)
    for number in range(1, 31):
        services.mute(member=alice, thread=f"handle:{number}")
        notice(alice, f"handle:{number}")
    with CaptureQueriesContext(connection) as thirty:
        client.get(PAGE)
    assert len(thirty) == len(one)
