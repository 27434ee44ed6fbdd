"""One change is one mail, read from a real mail server."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from allauth.account.models import EmailAddress
from django.db import transaction
from pytest_django import Settings

from codetrack.accounts import services as accounts
from codetrack.accounts.models import Institute, Membership, User
from codetrack.core import clock, events
from codetrack.core.testing import HeldClock, run_jobs
from codetrack.notifications import services
from codetrack.notifications.models import Delivery, Notice
from codetrack.ratings.events import HandleGone, HandleHidden, PlatformBlocked
from tests.cast import Cast
from tests.core.servers import MailServer
from tests.notifications.rows import QUEUES, body, linked, prove, rate, told, unsubscribe_path

pytestmark = pytest.mark.django_db
State = Delivery.State


def test_a_rating_change_is_one_mail(post: MailServer, held: HeldClock, alice: User) -> None:
    rate(linked(alice), 1500, 1534)
    told(held)
    [mail] = post.mails
    assert post.envelopes == [["alice@example.org"]]
    assert mail["Subject"] == "Codeforces: 1500 → 1534 (+34)"
    for kind in ("plain", "html"):
        assert "The rating of nila_v rose from 1500 to 1534." in body(mail, kind)
        assert "http://localhost:8000/members/alice/" in body(mail, kind)
        assert "You get this mail because you linked this handle." in body(mail, kind)
        assert body(mail, kind).count(unsubscribe_path(post.wires[0])) == 1
    row = Delivery.objects.get()
    assert (row.state, row.recipient, row.attempts) == (State.SENT, "alice@example.org", 1)
    assert row.sent_at == clock.now() and row.last_error == ""


def test_telling_again_sends_nothing(post: MailServer, held: HeldClock, alice: User) -> None:
    rate(linked(alice), 1500, 1534)
    told(held)
    events.catch_up()
    services.wake_overdue(overdue=timedelta(0))
    held.forward(hours=3)
    run_jobs(QUEUES)
    assert len(post.mails) == 1


def test_mail_programs_are_told_how_to_stop_it(
    post: MailServer, held: HeldClock, alice: User
) -> None:
    rate(linked(alice), 1500, 1534)
    told(held)
    assert b"\r\nList-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in post.wires[0]
    assert unsubscribe_path(post.wires[0]).startswith("/unsubscribe/")
    assert post.mails[0]["Auto-Submitted"] == "auto-generated"


def test_a_change_that_gains_a_rank_is_one_mail(
    post: MailServer, held: HeldClock, alice: User
) -> None:
    services.set_preference(member=alice, kind="rating_changed", channel="email", how="daily")
    rate(linked(alice), 1380, 1420)
    told(held)
    held.forward(days=2)
    run_jobs(QUEUES)
    [mail] = post.mails
    assert "Codeforces: 1380 → 1420 (+40)" in body(mail)
    assert "nila_v is Specialist on Codeforces now" in body(mail)
    assert Notice.objects.count() == 2


def test_what_falls_gains_no_rank(post: MailServer, held: HeldClock, alice: User) -> None:
    rate(linked(alice), 1420, 1380)
    told(held)
    assert [row.kind for row in Notice.objects.all()] == ["rating_changed"]
    assert "fell from 1420 to 1380" in body(post.mails[0])


def test_a_correction_without_a_consequence_is_not_told(
    post: MailServer, held: HeldClock, alice: User
) -> None:
    rate(linked(alice), 1500, 1500, contests=0, revised=2)
    told(held)
    assert not Notice.objects.exists() and post.mails == []


def test_changes_of_a_minute_are_one_mail_and_later_ones_another(
    post: MailServer, held: HeldClock, alice: User
) -> None:
    claim = linked(alice)
    rate(claim, 1500, 1510)
    run_jobs(QUEUES)
    held.forward(seconds=30)
    rate(claim, 1510, 1505)
    told(held)
    rate(claim, 1505, 1502)
    told(held)
    first, second = post.mails
    assert "1500 → 1510 (+10)" in body(first) and "1510 → 1505 (−5)" in body(first)
    assert first["Subject"] == "Codeforces: 1510 → 1505 (−5)"
    assert "1505 → 1502 (−3)" in second["Subject"]


def test_two_handles_are_two_mails(post: MailServer, held: HeldClock, alice: User) -> None:
    rate(linked(alice), 1500, 1510)
    rate(linked(alice, "nila", "codechef"), 1600, 1610)
    told(held)
    assert {mail["Subject"].split(":")[0] for mail in post.mails} == {"Codeforces", "CodeChef"}


def test_everybody_who_names_the_handle_is_told(
    post: MailServer, held: HeldClock, alice: User, bob: User
) -> None:
    claim = linked(alice)
    linked(bob)
    rate(claim, 1500, 1510)
    told(held)
    assert sorted(post.envelopes) == [["alice@example.org"], ["bob@example.org"]]


def test_whose_handle_is_taken_over_always_gets_a_mail(
    post: MailServer, held: HeldClock, alice: User, bob: User
) -> None:
    old = linked(alice)
    prove(old)
    services.mute(member=alice, thread=f"handle:{old.handle_id}")
    prove(linked(bob))
    told(held)
    [mail] = post.mails
    assert post.envelopes == [["alice@example.org"]]
    assert mail["Subject"] == "nila_v was proven by another member"
    assert "link it again and prove it" in body(mail) and "/settings/handles/" in body(mail)
    assert "bob" not in mail.as_string().lower()
    assert mail["List-Unsubscribe"] is None and "Stop this mail" not in body(mail)


def test_a_proof_stands_in_the_inbox_and_is_no_mail(
    post: MailServer, held: HeldClock, alice: User
) -> None:
    prove(linked(alice))
    told(held)
    assert [row.kind for row in Notice.objects.filter(member=alice)] == ["handle_verified"]
    assert post.mails == [] and not Delivery.objects.exists()


@pytest.mark.parametrize(
    ("payload", "subject", "advice"),
    [
        (HandleGone, "Codeforces does not know nila_v", "change the handle"),
        (HandleHidden, "nila_v is hidden on Codeforces", "Make it public"),
    ],
)
def test_a_handle_that_needs_its_member_is_told(
    post: MailServer,
    held: HeldClock,
    alice: User,
    payload: type[HandleGone | HandleHidden],
    subject: str,
    advice: str,
) -> None:
    claim = linked(alice)
    with transaction.atomic():
        events.record(payload(handle_id=claim.handle_id, platform="codeforces"))
    told(held)
    [mail] = post.mails
    assert mail["Subject"] == subject and advice in body(mail)


def test_a_platform_that_turns_us_away_is_told_to_the_site_admin(
    post: MailServer, held: HeldClock, alice: User
) -> None:
    linked(alice)
    with transaction.atomic():
        events.record(PlatformBlocked(platform="codeforces"))
    told(held)
    assert post.envelopes == [["ada@example.org"]]
    assert "CODETRACK_CODEFORCES_PROXY" in body(post.mails[0])


def test_who_asks_to_join_is_told_to_the_admins(
    post: MailServer, held: HeldClock, cast: Cast
) -> None:
    Institute.objects.filter(pk=cast.institute.pk).update(name="Hill & <Dale>")
    accounts.request_membership(member=cast.charlie, institute=cast.institute)
    told(held)
    [mail] = post.mails
    assert post.envelopes == [["ada@example.org"]]
    assert mail["Subject"] == "Charlie Outsider asks to join Hill & <Dale>"
    assert "Hill &amp; &lt;Dale&gt;" in body(mail, "html")
    assert "/institutes/hill/" in body(mail)


def test_where_the_only_admin_is_switched_off_the_site_admin_is_told(
    post: MailServer, held: HeldClock, cast: Cast
) -> None:
    Membership.objects.filter(member=cast.ada).delete()
    Membership.objects.filter(member=cast.bob).update(is_admin=True)
    User.objects.filter(pk=cast.bob.pk).update(is_active=False)
    accounts.request_membership(member=cast.charlie, institute=cast.institute)
    told(held)
    assert post.envelopes == [["ada@example.org"]]


def test_a_class_that_asks_at_once_is_one_mail(
    post: MailServer, held: HeldClock, cast: Cast
) -> None:
    Membership.objects.exclude(member=cast.ada).delete()
    for member in (cast.alice, cast.bob, cast.charlie):
        accounts.request_membership(member=member, institute=cast.institute)
    told(held)
    [mail] = post.mails
    assert all(name in body(mail) for name in ("Alice Member", "Bob Fellow", "Charlie Outsider"))


@pytest.mark.parametrize(
    ("answer", "subject"),
    [
        (accounts.approve, "Welcome to Hill College"),
        (accounts.decline, "Hill College declined your request"),
    ],
)
def test_who_asked_is_told_the_answer(
    post: MailServer, held: HeldClock, cast: Cast, answer: Callable[..., object], subject: str
) -> None:
    asked = accounts.request_membership(member=cast.charlie, institute=cast.institute)
    told(held)
    answer(membership=asked, by=cast.ada)
    told(held)
    assert (post.mails[1]["Subject"], post.envelopes[1]) == (subject, ["charlie@example.org"])


def test_who_takes_the_request_back_is_told_nothing(
    post: MailServer, held: HeldClock, cast: Cast
) -> None:
    asked = accounts.request_membership(member=cast.charlie, institute=cast.institute)
    accounts.decline(membership=asked, by=cast.charlie)
    told(held)
    assert post.envelopes == [["ada@example.org"]]


def test_who_joined_by_a_link_knows_it(post: MailServer, held: HeldClock, cast: Cast) -> None:
    accounts.join_by_link(member=cast.charlie, invitation=cast.institute.invitation)
    told(held)
    assert not Notice.objects.exists()


def test_the_past_is_not_told(post: MailServer, held: HeldClock, alice: User) -> None:
    rate(linked(alice), 1500, 1510)
    held.forward(days=4)
    told(held)
    assert not Notice.objects.exists() and post.mails == []


def test_who_left_is_told_nothing(post: MailServer, held: HeldClock, alice: User) -> None:
    claim = linked(alice)
    rate(claim, 1500, 1510)
    run_jobs(QUEUES)
    User.objects.filter(pk=alice.pk).update(is_active=False)
    rate(claim, 1510, 1520)
    told(held)
    assert post.mails == []
    assert Notice.objects.count() == 1
    assert Delivery.objects.get().state == State.DROPPED


def test_an_address_that_is_not_confirmed_gets_nothing(
    post: MailServer, held: HeldClock, alice: User
) -> None:
    EmailAddress.objects.filter(user=alice).update(verified=False)
    rate(linked(alice), 1500, 1510)
    told(held)
    row = Delivery.objects.get()
    assert post.mails == [] and row.state == State.DROPPED and "not confirmed" in row.last_error
    assert Notice.objects.inbox_of(alice.pk).count() == 1


def test_without_a_mail_server_the_inbox_tells(held: HeldClock, alice: User) -> None:
    rate(linked(alice), 1500, 1510)
    told(held)
    assert Notice.objects.inbox_of(alice.pk).count() == 1
    assert not Delivery.objects.exists()


def test_a_mail_server_that_is_taken_away_leaves_nothing_waiting(
    post: MailServer, held: HeldClock, settings: Settings, alice: User
) -> None:
    rate(linked(alice), 1500, 1510)
    run_jobs(QUEUES)
    settings.MAIL_URL = ""
    told(held)
    assert Delivery.objects.get().state == State.DROPPED


def test_what_is_muted_or_switched_off_meanwhile_does_not_go_out(
    post: MailServer, held: HeldClock, alice: User, bob: User
) -> None:
    claim = linked(alice)
    linked(bob)
    rate(claim, 1500, 1510)
    run_jobs(QUEUES)
    services.mute(member=alice, thread=f"handle:{claim.handle_id}")
    services.set_preference(member=bob, kind="rating_changed", channel="email", how="off")
    told(held)
    assert post.mails == []
    assert set(Delivery.objects.values_list("state", flat=True)) == {State.DROPPED}


def test_nothing_joins_a_mail_that_is_on_its_way(
    post: MailServer, held: HeldClock, alice: User
) -> None:
    post.answers = ["451 later"]
    claim = linked(alice)
    rate(claim, 1500, 1510)
    told(held)
    rate(claim, 1510, 1520)
    told(held)
    held.forward(hours=1)
    run_jobs(QUEUES)
    assert len(post.mails) == 2
    assert all(body(mail).count("→") <= 2 for mail in post.mails)
