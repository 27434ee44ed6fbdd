"""Mail servers that refuse, hang, say "later" or "never", and processes that die at a bad time."""

from __future__ import annotations

import socket
import threading
from datetime import timedelta

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.core.mail import send_mail
from django.test import Client
from pytest_django import Settings

from codetrack.accounts.models import User
from codetrack.core import mail, smtp
from codetrack.core.errors import TooMany
from codetrack.core.jobs.worker import Worker
from codetrack.core.models import Event, Job
from codetrack.core.testing import HeldClock, run_jobs
from codetrack.notifications import links, queries, services
from codetrack.notifications.channels.email import Email
from codetrack.notifications.models import Blocked, Delivery, Notice
from tests.core.servers import MailServer
from tests.core.waiting import until
from tests.notifications.rows import QUEUES, body, invite, linked, rate, told, unsubscribe_path

pytestmark = pytest.mark.django_db
State = Delivery.State


def later(held: HeldClock, **after: float) -> Delivery:
    held.forward(**after)
    run_jobs(QUEUES)
    return Delivery.objects.latest("pk")


def tell_alice(held: HeldClock, alice: User) -> Delivery:
    rate(linked(alice), 1500, 1510)
    told(held)
    return Delivery.objects.get()


def test_a_busy_server_is_asked_again_with_the_same_mail(
    post: MailServer, held: HeldClock, alice: User
) -> None:
    post.answers = ["451 come again", "421 still busy"]
    row = tell_alice(held, alice)
    assert (row.state, row.attempts, row.last_error) == (State.WAITING, 1, "451 come again")
    written = links.message_id(row)
    row = later(held, hours=1)
    assert (row.state, row.attempts) == (State.WAITING, 2)
    row = later(held, hours=1)
    assert (row.state, row.attempts, row.last_error) == (State.SENT, 3, "")
    assert post.message_ids == [written]


def test_a_server_that_never_has_time_is_given_up_after_a_day(
    post: MailServer, held: HeldClock, alice: User
) -> None:
    post.answers = ["451 busy"] * 99
    tell_alice(held, alice)
    for _ in range(mail.TRIES + 5):
        row = later(held, hours=2)
    assert row.state == State.FAILED and "451 busy" in row.last_error
    assert len(post.answers) == 99 - mail.TRIES
    assert not Job.objects.filter(status=Job.Status.READY, queue="notices").exists()
    assert not Blocked.objects.exists()


def test_a_mail_that_is_refused_has_failed_and_its_address_has_not(
    post: MailServer, held: HeldClock, alice: User
) -> None:
    post.answers = ["554 5.7.1 we do not like links"]
    row = tell_alice(held, alice)
    assert row.state == State.FAILED and "554 5.7.1 we do not like links" in row.last_error
    assert not Blocked.objects.exists()
    rate(linked(alice), 1510, 1520)
    told(held)
    assert len(post.mails) == 1


def test_a_server_that_is_away_is_asked_later(
    post: MailServer, held: HeldClock, settings: Settings, alice: User
) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # bound, not listening: connections are refused
        settings.MAIL_URL = f"smtp://127.0.0.1:{nobody.getsockname()[1]}"
        row = tell_alice(held, alice)
    assert row.state == State.WAITING and "not reached" in row.last_error
    settings.MAIL_URL = post.url
    assert later(held, hours=1).state == State.SENT
    assert len(post.mails) == 1


class Choosy(MailServer):
    """Says `said` to whoever wants to send."""

    def __init__(self, said: str) -> None:
        super().__init__()
        self.said = said

    async def handle_MAIL(  # noqa: N802 - the name that aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        return self.said


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ("530 5.7.0 Authentication required", State.WAITING),
        ("550 5.7.1 this sender is not allowed", State.WAITING),
        ("452 4.3.1 no room just now", State.WAITING),
        ("552 5.3.4 too big", State.FAILED),
    ],
)
def test_what_is_said_of_the_sender_is_mended_by_the_admin_and_the_mail_waits(
    post: MailServer, held: HeldClock, settings: Settings, alice: User, said: str, state: str
) -> None:
    with Choosy(said) as choosy:
        settings.MAIL_URL = choosy.url
        row = tell_alice(held, alice)
    assert (row.state, row.last_error) == (state, said)
    settings.MAIL_URL = post.url
    assert later(held, hours=1).state == (State.SENT if state == State.WAITING else State.FAILED)


@pytest.mark.parametrize("hello", ["554 5.7.1 no mail from you", "421 try later", "What?", ""])
def test_a_server_that_does_not_let_us_in_is_asked_later(
    post: MailServer, held: HeldClock, settings: Settings, alice: User, hello: str
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as door:
        settings.MAIL_URL = f"smtp://127.0.0.1:{door.getsockname()[1]}"
        porter = threading.Thread(target=turn_away, args=[door, hello])
        porter.start()
        row = tell_alice(held, alice)
        porter.join()
    assert row.state == State.WAITING and row.last_error
    assert not Blocked.objects.exists()
    settings.MAIL_URL = post.url
    assert later(held, hours=1).state == State.SENT


class Forgetful(MailServer):
    """Takes a first mail, and hangs up before it says so."""

    async def handle_DATA(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        answer = await super().handle_DATA(server, session, envelope)
        if len(self.mails) == 1 and server.transport:
            server.transport.abort()
        return answer


def test_a_server_that_hangs_up_after_the_mail_gets_the_same_one_again(
    post: MailServer, held: HeldClock, settings: Settings, alice: User
) -> None:
    with Forgetful() as server:
        settings.MAIL_URL = server.url
        row = tell_alice(held, alice)
        assert row.state == State.WAITING and "not reached" in row.last_error
        assert later(held, hours=1).state == State.SENT
        first, second = server.message_ids
    assert first == second


@pytest.mark.parametrize("recipient", [True, False])
def test_an_answer_with_a_null_is_written_down(
    post: MailServer, held: HeldClock, alice: User, recipient: bool
) -> None:
    said = "550 5.1.1 no \0 such user"
    if recipient:
        post.recipient_answers = {"alice@example.org": said}
    else:
        post.answers = [said]
    row = tell_alice(held, alice)
    assert row.state == State.FAILED and "550 5.1.1 no   such user" in row.last_error
    assert Blocked.objects.exists() == recipient


def test_a_server_that_hangs_is_left(
    post: MailServer,
    held: HeldClock,
    settings: Settings,
    monkeypatch: pytest.MonkeyPatch,
    alice: User,
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute, monkeypatch.context() as patch:
        patch.setattr(smtp, "TIMEOUT", 0.3)
        settings.MAIL_URL = f"smtp://127.0.0.1:{mute.getsockname()[1]}"
        row = tell_alice(held, alice)
    assert row.state == State.WAITING and "not reached" in row.last_error
    settings.MAIL_URL = post.url
    assert later(held, hours=1).state == State.SENT


@pytest.mark.django_db(transaction=True)
def test_who_waits_for_a_mail_to_get_in_does_not_wait_for_notices_that_hang(
    post: MailServer, alice: User, settings: Settings
) -> None:
    settings.NOTICES_JOIN_SECONDS = 0
    rate(linked(alice), 1500, 1510)
    run_jobs(["default"])
    with socket.create_server(("127.0.0.1", 0)) as mute:
        settings.MAIL_URL = f"smtp://127.0.0.1:{mute.getsockname()[1]}"
        worker = Worker(["mail", "notices"])
        worker.start()
        try:
            hanging, _address = mute.accept()  # the notice is being handed over
            with hanging:
                settings.MAIL_URL = post.url
                send_mail("Confirm your address", "…", None, ["charlie@example.org"])
                until(lambda: post.envelopes == [["charlie@example.org"]])
                assert Delivery.objects.get().state == State.WAITING
        finally:
            worker.stop()


@pytest.mark.parametrize("answer", ["550 no such user", "550 5.1.1 unknown", "553 5.1.3 syntax"])
def test_an_address_that_does_not_exist_is_blocked_and_the_member_is_told(
    post: MailServer, held: HeldClock, alice: User, answer: str
) -> None:
    post.recipient_answers = {"alice@example.org": answer}
    row = tell_alice(held, alice)
    assert row.state == State.FAILED and answer in row.last_error
    blocked = queries.blocked_address(alice)
    assert blocked is not None and blocked.why == Blocked.Why.REFUSED and answer in blocked.error
    [event] = Event.objects.filter(tag="notifications:address:blocked")
    assert event.topics == [f"account:{alice.pk}"]
    assert Notice.objects.inbox_of(alice.pk).count() == 1


@pytest.mark.parametrize(
    "answer", ["550 5.7.1 your server is on a list", "552 5.2.2 mailbox full", "554 no"]
)
def test_an_address_that_is_refused_for_another_reason_is_not_blocked(
    post: MailServer, held: HeldClock, alice: User, answer: str
) -> None:
    post.recipient_answers = {"alice@example.org": answer}
    assert tell_alice(held, alice).state == State.FAILED
    assert not Blocked.objects.exists()


def test_nothing_is_sent_to_a_blocked_address_until_its_member_says_so(
    post: MailServer, held: HeldClock, alice: User
) -> None:
    post.recipient_answers = {"alice@example.org": "550 no such user"}
    tell_alice(held, alice)
    post.recipient_answers = {}
    claim = linked(alice)
    rate(claim, 1510, 1520)
    told(held)
    row = Delivery.objects.latest("pk")
    assert (row.state, post.mails) == (State.DROPPED, []) and "blocked" in row.last_error
    services.unblock(member=alice)
    assert queries.blocked_address(alice) is None
    rate(claim, 1520, 1530)
    told(held)
    assert [mail["Subject"] for mail in post.mails] == ["Codeforces: 1520 → 1530 (+10)"]


def test_an_address_is_tried_again_a_few_times_an_hour(alice: User) -> None:
    for _ in range(5):
        services.unblock(member=alice)
    with pytest.raises(TooMany):
        services.unblock(member=alice)


def test_a_crash_between_the_servers_yes_and_our_commit_sends_the_same_mail_again(
    post: MailServer, held: HeldClock, monkeypatch: pytest.MonkeyPatch, alice: User
) -> None:
    """As far as SMTP allows: whoever receives both knows by the Message-ID that they are one."""
    rate(linked(alice), 1500, 1510)
    run_jobs(QUEUES)
    held.forward(seconds=61)
    with monkeypatch.context() as patch:
        patch.setattr(services, "note_sent", crash)
        with pytest.raises(Crash):
            run_jobs(QUEUES)
    assert later(held, hours=1).state == State.SENT
    first, second = post.message_ids
    assert first == second
    assert body(post.mails[0]) == body(post.mails[1])


def test_a_crash_before_anything_was_sent_sends_one_mail(
    post: MailServer, held: HeldClock, monkeypatch: pytest.MonkeyPatch, alice: User
) -> None:
    rate(linked(alice), 1500, 1510)
    run_jobs(QUEUES)
    held.forward(seconds=61)
    with monkeypatch.context() as patch:
        patch.setattr(Email, "deliver", crash)
        with pytest.raises(Crash):
            run_jobs(QUEUES)
    assert later(held, hours=1).state == State.SENT
    assert len(post.mails) == 1


def test_a_delivery_without_a_job_is_found_again(
    post: MailServer, held: HeldClock, alice: User
) -> None:
    rate(linked(alice), 1500, 1510)
    run_jobs(QUEUES)
    Job.objects.filter(queue="notices").delete()
    assert later(held, hours=1).state == State.HELD
    assert services.wake_overdue(overdue=timedelta(minutes=10)) == 1
    assert later(held, seconds=1).state == State.SENT


def test_a_delivery_that_kills_every_process_is_given_up(
    post: MailServer, held: HeldClock, alice: User
) -> None:
    rate(linked(alice), 1500, 1510)
    run_jobs(QUEUES)
    held.forward(seconds=61)
    Delivery.objects.update(attempts=60)
    run_jobs(QUEUES)
    row = Delivery.objects.get()
    assert (row.state, post.mails) == (State.FAILED, [])
    assert row.last_error == "Every try ended without an outcome."


@pytest.mark.usefixtures("invitations")
def test_an_address_without_an_account_gets_its_mail_and_can_stop_it(
    post: MailServer, held: HeldClock, client: Client
) -> None:
    invite("New@Example.org", "not an address", "")
    told(held)
    assert post.envelopes == [["new@example.org"]]
    assert "You get this mail because you were invited." in body(post.mails[0])
    assert "/settings/notifications/" not in body(post.mails[0])
    assert client.post(unsubscribe_path(post.wires[0])).status_code == 200
    invite("new@example.org")
    told(held)
    assert len(post.mails) == 1
    assert Blocked.objects.get().why == Blocked.Why.ASKED


@pytest.mark.usefixtures("invitations")
def test_an_address_that_nothing_has_room_for_keeps_nobody_from_being_told(
    post: MailServer, held: HeldClock
) -> None:
    invite(f"{'a' * 250}@example.org", "new@example.org")
    told(held)
    assert post.envelopes == [["new@example.org"]]


def test_a_member_without_an_address_is_told_in_the_inbox(
    post: MailServer, held: HeldClock, alice: User
) -> None:
    User.objects.filter(pk=alice.pk).update(email="")
    row = tell_alice(held, alice)
    assert (row.state, row.last_error) == (State.DROPPED, "The address is not confirmed.")
    assert Notice.objects.inbox_of(alice.pk).count() == 1


def test_to_a_member_who_was_deleted_meanwhile_nothing_is_sent(
    post: MailServer, held: HeldClock, alice: User
) -> None:
    rate(linked(alice), 1500, 1510)
    run_jobs(QUEUES)
    alice.delete()
    held.forward(seconds=61)
    run_jobs(QUEUES)
    assert post.mails == [] and not Delivery.objects.exists()
    waiting = Job.objects.filter(status=Job.Status.READY, queue="notices")
    assert not waiting.exists()


@pytest.mark.usefixtures("invitations")
def test_an_address_that_has_an_account_by_now_is_that_member(
    post: MailServer, held: HeldClock, alice: User
) -> None:
    services.set_preference(member=alice, kind="invited", channel="email", how="off")
    invite("ALICE@example.org")
    told(held)
    assert post.mails == []
    assert Notice.objects.inbox_of(alice.pk).count() == 1


def turn_away(door: socket.socket, hello: str) -> None:
    """Whoever comes first hears this, and the door closes."""
    visitor, _address = door.accept()
    if hello:
        visitor.sendall(f"{hello}\r\n".encode())
    visitor.close()


class Crash(Exception):
    """The process dies here."""


def crash(*arguments: object, **more: object) -> None:
    raise Crash
