"""Digests at the member's hour, and hours in which nothing comes."""

from __future__ import annotations

from datetime import UTC, datetime, time

import pytest

from codetrack.accounts import services as accounts
from codetrack.accounts.models import User
from codetrack.core import clock
from codetrack.core.errors import Problem
from codetrack.core.testing import HeldClock, run_jobs
from codetrack.notifications import services
from codetrack.notifications.models import Delivery, Timetable
from tests.core.servers import MailServer
from tests.notifications.rows import QUEUES, body, linked, rate, told

pytestmark = pytest.mark.django_db


@pytest.fixture
def alice(post: MailServer, alice: User) -> User:
    """Lives where it is 17:30 at noon, and likes digests."""
    User.objects.filter(pk=alice.pk).update(time_zone="Asia/Kolkata")
    alice.refresh_from_db()
    for kind in ("rating_changed", "rank_gained", "handle_verified"):
        services.set_preference(member=alice, kind=kind, channel="email", how="daily")
    return alice


def hours(member: User, hour: int = 8, **quiet: time) -> None:
    services.set_timetable(
        member=member,
        digest_hour=hour,
        digest_weekday=0,
        quiet_from=quiet.get("quiet_from"),
        quiet_to=quiet.get("quiet_to"),
    )


def run_until(held: HeldClock, moment: str) -> None:
    """Let the jobs run each quarter of an hour until then (UTC)."""
    end = datetime.fromisoformat(moment).replace(tzinfo=UTC)
    while clock.now() < end:
        run_jobs(QUEUES)
        held.forward(minutes=15)
    held.at = end


def test_a_day_is_one_mail_at_the_members_hour(
    post: MailServer, held: HeldClock, alice: User
) -> None:
    codeforces, codechef = linked(alice), linked(alice, "nila", "codechef")
    rate(codeforces, 1500, 1510)
    told(held)
    rate(codechef, 1600, 1610)
    told(held)
    rate(codeforces, 1510, 1520)
    run_until(held, "2026-11-22T02:30")
    assert post.mails == []
    run_jobs(QUEUES)
    [mail] = post.mails
    assert mail["Subject"] == "3 pieces of news"
    lines = [line for line in body(mail).splitlines() if "→" in line]
    assert lines == [  # by what they are about
        "Codeforces: 1500 → 1510 (+10)",
        "Codeforces: 1510 → 1520 (+10)",
        "CodeChef: 1600 → 1610 (+10)",
    ]
    assert body(mail, "html").count("→") == 3
    run_until(held, "2026-11-25T00:00")
    assert len(post.mails) == 1  # nothing new, no mail


def test_what_comes_after_the_hour_waits_for_the_next_day(
    post: MailServer, held: HeldClock, alice: User
) -> None:
    claim = linked(alice)
    rate(claim, 1500, 1510)
    run_until(held, "2026-11-22T03:00")
    rate(claim, 1510, 1520)
    run_until(held, "2026-11-23T02:00")
    assert len(post.mails) == 1
    run_until(held, "2026-11-23T03:00")
    assert [mail["Subject"] for mail in post.mails] == [
        "Codeforces: 1500 → 1510 (+10)",
        "Codeforces: 1510 → 1520 (+10)",
    ]


def test_what_was_read_in_the_inbox_is_left_out(
    post: MailServer, held: HeldClock, alice: User
) -> None:
    codeforces, codechef = linked(alice), linked(alice, "nila", "codechef")
    rate(codeforces, 1500, 1510)
    rate(codechef, 1600, 1610)
    told(held)
    services.mark_thread_read(member=alice, thread=f"handle:{codeforces.handle_id}")
    run_until(held, "2026-11-22T03:00")
    [mail] = post.mails
    assert mail["Subject"] == "CodeChef: 1600 → 1610 (+10)"


def test_a_digest_of_which_everything_was_read_is_not_sent(
    post: MailServer, held: HeldClock, alice: User
) -> None:
    claim = linked(alice)
    rate(claim, 1500, 1510)
    told(held)
    services.mark_all_read(member=alice)
    run_until(held, "2026-11-22T03:00")
    row = Delivery.objects.get()
    assert (post.mails, row.state) == ([], Delivery.State.DROPPED)
    assert row.last_error == "All of it was read in the inbox meanwhile."
    rate(claim, 1510, 1520)
    run_until(held, "2026-11-23T03:00")
    assert [mail["Subject"] for mail in post.mails] == ["Codeforces: 1510 → 1520 (+10)"]


def test_what_is_told_at_once_is_mailed_also_when_it_was_read(
    post: MailServer, held: HeldClock, bob: User
) -> None:
    rate(linked(bob), 1500, 1510)
    run_jobs(QUEUES)
    services.mark_all_read(member=bob)
    told(held)
    assert len(post.mails) == 1


def test_a_week_is_one_mail_on_its_day(post: MailServer, held: HeldClock, alice: User) -> None:
    services.set_preference(member=alice, kind="rating_changed", channel="email", how="weekly")
    claim = linked(alice)
    rate(claim, 1500, 1510)
    told(held)
    run_until(held, "2026-11-23T02:00")
    assert post.mails == []
    run_until(held, "2026-11-23T03:00")  # Monday
    assert len(post.mails) == 1


def test_another_hour_holds_for_what_waits_already(
    post: MailServer, held: HeldClock, alice: User
) -> None:
    rate(linked(alice), 1500, 1510)
    run_jobs(QUEUES)
    hours(alice, 20)  # 14:30 UTC, the same day
    run_until(held, "2026-11-21T15:00")
    assert len(post.mails) == 1


def test_a_later_hour_holds_too(post: MailServer, held: HeldClock, alice: User) -> None:
    rate(linked(alice), 1500, 1510)
    run_jobs(QUEUES)
    hours(alice, 11)
    run_until(held, "2026-11-22T05:15")
    assert post.mails == []
    run_until(held, "2026-11-22T06:00")
    assert len(post.mails) == 1 and Delivery.objects.get().attempts == 1


def test_another_time_zone_holds_for_what_waits_already(
    post: MailServer, held: HeldClock, alice: User
) -> None:
    rate(linked(alice), 1500, 1510)
    run_jobs(QUEUES)
    accounts.set_time_zone(member=alice, time_zone="Pacific/Auckland")
    run_jobs(QUEUES)
    run_until(held, "2026-11-21T18:45")
    assert post.mails == []
    run_until(held, "2026-11-21T19:30")
    assert len(post.mails) == 1


def test_quiet_hours_hold_what_is_told_at_once(
    post: MailServer, held: HeldClock, bob: User
) -> None:
    hours(bob, quiet_from=time(12), quiet_to=time(14, 30))
    claim = linked(bob)
    rate(claim, 1500, 1510)
    run_until(held, "2026-11-21T14:00")
    rate(claim, 1510, 1520)
    run_until(held, "2026-11-21T14:30")
    assert post.mails == []
    run_jobs(QUEUES)
    [mail] = post.mails
    assert "1500 → 1510" in body(mail) and "1510 → 1520" in body(mail)


def test_a_worker_that_was_away_does_not_mail_in_quiet_hours(
    post: MailServer, held: HeldClock, bob: User
) -> None:
    hours(bob, quiet_from=time(13), quiet_to=time(20))
    rate(linked(bob), 1500, 1510)
    run_jobs(QUEUES)
    held.forward(hours=3)
    run_until(held, "2026-11-21T20:00")
    assert post.mails == []
    run_jobs(QUEUES)
    assert len(post.mails) == 1
    assert Delivery.objects.get().attempts == 1


def test_a_server_that_had_no_time_is_not_asked_again_in_quiet_hours(
    post: MailServer, held: HeldClock, bob: User
) -> None:
    post.answers = ["451 busy"]
    rate(linked(bob), 1500, 1510)
    told(held)
    hours(bob, quiet_from=time(12), quiet_to=time(20))
    run_until(held, "2026-11-21T20:00")
    assert post.mails == []
    run_jobs(QUEUES)
    assert len(post.mails) == 1
    assert Delivery.objects.get().attempts == 2


def test_a_digest_comes_at_its_hour_also_in_quiet_hours(
    post: MailServer, held: HeldClock, alice: User
) -> None:
    hours(alice, 8, quiet_from=time(22), quiet_to=time(9))
    rate(linked(alice), 1500, 1510)
    run_until(held, "2026-11-22T02:30")
    run_jobs(QUEUES)
    assert len(post.mails) == 1


def test_a_digest_that_the_clocks_leave_out_comes_an_hour_later(
    post: MailServer, held: HeldClock, alice: User
) -> None:
    accounts.set_time_zone(member=alice, time_zone="Europe/Berlin")
    hours(alice, 2)
    held.at = datetime(2026, 3, 28, 12, tzinfo=UTC)
    rate(linked(alice), 1500, 1510)
    run_until(held, "2026-03-29T01:00")
    assert post.mails == []
    run_jobs(QUEUES)
    assert len(post.mails) == 1


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"digest_hour": 24}, "digest_hour"),
        ({"digest_hour": -1}, "digest_hour"),
        ({"digest_weekday": 7}, "digest_weekday"),
        ({"quiet_from": time(22)}, "quiet_to"),
        ({"quiet_to": time(22)}, "quiet_from"),
    ],
)
def test_hours_that_there_are_not_are_refused(
    alice: User, change: dict[str, int | time], field: str
) -> None:
    usual: dict[str, int | time | None] = {
        "digest_hour": 8,
        "digest_weekday": 0,
        "quiet_from": None,
        "quiet_to": None,
    }
    with pytest.raises(Problem) as refused:
        services.set_timetable(member=alice, **(usual | change))  # type: ignore[arg-type]
    assert refused.value.field == field
    assert not Timetable.objects.exists()
