"""Every mail is a row and a job of the caller's transaction, and goes out as one message."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from functools import partial

import pytest
from django.core.mail import EmailMessage, send_mail
from django.db import transaction
from pytest_django.fixtures import Settings

from codetrack.core import mail, smtp
from codetrack.core.errors import Conflict, Problem
from codetrack.core.models import Job, OutgoingMail
from codetrack.core.testing import HeldClock, hold_clock, run_jobs
from tests.core.servers import MailServer

pytestmark = pytest.mark.django_db
State = OutgoingMail.State


@pytest.fixture
def server(mail_server: MailServer, settings: Settings) -> MailServer:
    # pytest-django puts Django's own pretend mailer in place of ours.
    settings.MAILERS = {"default": {"BACKEND": "codetrack.core.mail.QueuedBackend"}}
    settings.MAIL_URL = mail_server.url
    return mail_server


@pytest.fixture
def no_server(settings: Settings) -> Settings:
    settings.MAILERS = {"default": {"BACKEND": "codetrack.core.mail.QueuedBackend"}}
    settings.MAIL_URL = ""
    return settings


@pytest.fixture
def held() -> Iterator[HeldClock]:
    with hold_clock() as held:
        yield held


def write(to: str = "alice@example.org") -> OutgoingMail:
    send_mail("Grüße", "Hello — there", "Club <club@example.org>", [to])
    return OutgoingMail.objects.latest("pk")


def test_a_mail_goes_out_by_a_job(server: MailServer) -> None:
    row = write()
    assert row.state == State.WAITING and server.mails == []
    assert run_jobs() == 1
    [received] = server.mails
    assert received["Subject"] == "Grüße"
    assert received.get_content().strip() == "Hello — there"
    assert received["Message-ID"] == row.message_id
    row.refresh_from_db()
    assert row.state == State.SENT and row.sent_at and row.attempts == 1


def test_a_mail_is_gone_with_its_transaction(server: MailServer) -> None:
    with suppress(ZeroDivisionError), transaction.atomic():
        write()
        raise ZeroDivisionError
    assert run_jobs() == 0
    assert not OutgoingMail.objects.exists()


def test_blind_copies_are_in_the_envelope_alone(server: MailServer) -> None:
    EmailMessage("s", "b", None, ["a@example.org"], bcc=["b@bücher.example"]).send()
    run_jobs()
    assert server.envelopes == [["a@example.org", "b@xn--bcher-kva.example"]]
    assert "bücher" not in server.mails[0].as_string()


def test_a_line_break_in_a_subject_is_refused(server: MailServer) -> None:
    with pytest.raises(ValueError, match=r"linefeed|newline"):
        send_mail("Hi\nBcc: all@example.org", "b", None, ["a@example.org"])
    assert not OutgoingMail.objects.exists()


def test_a_busy_server_is_asked_again_with_the_same_mail(
    server: MailServer, held: HeldClock
) -> None:
    server.answers = ["451 greylisted, come again"]
    row = write()
    run_jobs()
    row.refresh_from_db()
    assert row.state == State.WAITING and "greylisted" in row.error
    assert run_jobs() == 0
    held.forward(hours=1)
    run_jobs()
    row.refresh_from_db()
    assert row.state == State.SENT and row.error == ""
    assert server.message_ids == [row.message_id]


def test_a_refused_mail_has_failed_and_says_why(server: MailServer) -> None:
    server.answers = ["554 we do not like it"]
    row = write()
    run_jobs()
    row.refresh_from_db()
    assert row.state == State.FAILED and "554 we do not like it" in row.error
    assert run_jobs() == 0


def test_a_server_that_never_has_time_is_given_up(server: MailServer, held: HeldClock) -> None:
    server.answers = ["451 busy"] * (mail.TRIES + 1)
    row = write()
    for _ in range(mail.TRIES + 1):
        run_jobs()
        held.forward(hours=2)
    row.refresh_from_db()
    assert row.state == State.FAILED and row.attempts == mail.TRIES
    assert len(server.answers) == 1
    assert not Job.objects.filter(status=Job.Status.READY).exists()


def test_recipients_are_refused_one_by_one(server: MailServer, held: HeldClock) -> None:
    server.recipient_answers = {"gone@example.org": "550 unknown", "full@example.org": "452 full"}
    to = ["ok@example.org", "gone@example.org", "full@example.org"]
    EmailMessage("s", "b", None, to).send()
    run_jobs()
    row = OutgoingMail.objects.get()
    assert row.state == State.WAITING and row.recipients == ["full@example.org"]
    server.recipient_answers = {}
    held.forward(hours=1)
    run_jobs()
    row.refresh_from_db()
    assert row.state == State.SENT
    assert server.envelopes == [["ok@example.org"], ["full@example.org"]]


def test_nobody_left_to_take_a_mail_is_a_failure(server: MailServer) -> None:
    server.recipient_answers = {"gone@example.org": "550 unknown"}
    row = write("gone@example.org")
    run_jobs()
    row.refresh_from_db()
    assert row.state == State.FAILED and "550 unknown" in row.error


def test_an_address_that_no_server_knows_is_a_failure(server: MailServer) -> None:
    row = write("grüße@example.org")
    run_jobs()
    row.refresh_from_db()
    assert row.state == State.FAILED and "letters" in row.error


def test_a_server_that_is_away_is_asked_later(server: MailServer, settings: Settings) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))  # bound, not listening: connections are refused
        settings.MAIL_URL = f"smtp://127.0.0.1:{nobody.getsockname()[1]}"
        row = write()
        run_jobs()
    row.refresh_from_db()
    assert row.state == State.WAITING and "not reached" in row.error


def test_a_server_that_hangs_is_left(
    server: MailServer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "TIMEOUT", 0.3)
    with socket.create_server(("127.0.0.1", 0)) as mute:
        settings.MAIL_URL = f"smtp://127.0.0.1:{mute.getsockname()[1]}"
        row = write()
        run_jobs()
    row.refresh_from_db()
    assert row.state == State.WAITING and "not reached" in row.error


def test_a_server_that_hangs_after_taking_a_mail_is_not_given_it_again(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "KEPT_MAILS", 1)
    server.says_goodbye = False
    row = write()
    run_jobs()
    row.refresh_from_db()
    assert row.state == State.SENT and len(server.mails) == 1


def test_mails_share_a_connection(server: MailServer) -> None:
    for _ in range(4):
        write()
    run_jobs()
    assert len(server.mails) == 4 and len(set(server.lines)) == 1


def test_a_connection_takes_only_so_many_mails(
    server: MailServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "KEPT_MAILS", 2)
    for _ in range(5):
        write()
    run_jobs()
    assert [server.lines.count(line) for line in dict.fromkeys(server.lines)] == [2, 2, 1]


def test_a_server_that_takes_fewer_is_asked_anew(server: MailServer) -> None:
    server.most = 2
    for _ in range(5):
        write()
    run_jobs()
    assert [server.lines.count(line) for line in dict.fromkeys(server.lines)] == [2, 2, 1]
    assert set(OutgoingMail.objects.values_list("state", "attempts")) == {(State.SENT, 1)}


def test_a_server_that_hung_up_meanwhile_is_called_again(server: MailServer) -> None:
    write()
    run_jobs()
    server.hang_up()
    row = write()
    run_jobs()
    row.refresh_from_db()
    assert (row.state, row.attempts) == (State.SENT, 1)
    assert len(set(server.lines)) == 2


def test_after_a_refusal_the_next_mail_goes_by_another_connection(server: MailServer) -> None:
    server.answers = ["250 OK", "554 we do not like it"]
    for _ in range(3):
        write()
    run_jobs()
    assert len(server.mails) == len(set(server.lines)) == 2


def test_a_connection_that_nobody_needs_any_more_is_closed(server: MailServer) -> None:
    for leave in (partial(smtp.leave), partial(smtp.leave, idle=0)):
        for _ in range(2):
            write()
            run_jobs()
            leave()
    assert [server.lines.count(line) for line in dict.fromkeys(server.lines)] == [3, 1]


def test_no_password_goes_over_an_open_line(
    server: MailServer, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(smtp, "LOOPBACK", set())
    settings.MAIL_URL = server.url.replace("//", "//user:secret@")
    row = write()
    run_jobs()
    row.refresh_from_db()
    assert row.state == State.WAITING and "no encryption" in row.error
    assert "secret" not in row.error


def test_without_a_server_mail_is_kept(no_server: Settings) -> None:
    row = write()
    assert row.state == State.KEPT
    assert run_jobs() == 0
    with pytest.raises(Problem, match="CODETRACK_MAIL_URL"):
        mail.send_kept()


def test_kept_mail_goes_out_once_a_server_is_set(
    no_server: Settings, mail_server: MailServer
) -> None:
    write("a@example.org")
    write("b@example.org")
    no_server.MAIL_URL = mail_server.url
    assert mail.send_kept() == 2
    assert mail.send_kept() == 0
    run_jobs()
    assert [envelope[0] for envelope in mail_server.envelopes] == ["a@example.org", "b@example.org"]


def test_waiting_mail_is_kept_when_the_server_is_taken_away(
    server: MailServer, settings: Settings
) -> None:
    row = write()
    settings.MAIL_URL = ""
    run_jobs()
    row.refresh_from_db()
    assert row.state == State.KEPT


def test_a_failed_mail_can_be_sent_again_and_a_sent_one_cannot(server: MailServer) -> None:
    server.answers = ["554 no"]
    row = write()
    run_jobs()
    mail.send_again(mail=row)
    run_jobs()
    assert server.message_ids == [row.message_id]
    with pytest.raises(Conflict):
        mail.send_again(mail=row)


def test_what_was_sent_is_not_kept_for_long(server: MailServer, held: HeldClock) -> None:
    row = write()
    run_jobs()
    row.refresh_from_db()
    assert bytes(row.message) == b""
    held.forward(days=29)
    assert mail.prune(sent=timedelta(days=30)) == 0
    held.forward(days=2)
    assert mail.prune(sent=timedelta(days=30)) == 1


def test_a_second_run_of_the_job_sends_nothing(server: MailServer) -> None:
    row = write()
    run_jobs()
    mail.deliver(row.pk)
    assert len(server.mails) == 1


def test_a_mail_of_a_template_has_text_and_html(
    server: MailServer, settings: Settings, tmp_path: object
) -> None:
    settings.TEMPLATES = [
        {
            "BACKEND": "django.template.backends.django.DjangoTemplates",
            "OPTIONS": {"loaders": [("django.template.loaders.locmem.Loader", TEMPLATES)]},
        }
    ]
    mail.send(to=["a@example.org"], template="hello", context={"name": "Al & Bo"})
    run_jobs()
    [received] = server.mails
    assert received["Subject"] == "Hello Al & Bo"
    text, html = received.get_body(("plain",)), received.get_body(("html",))
    assert text and text.get_content().strip() == "Dear Al & Bo"
    assert html and html.get_content().strip() == "<p>Dear Al &amp; Bo</p>"


TEMPLATES = {
    "hello_subject.txt": "{% autoescape off %}\n  Hello {{ name }}\n{% endautoescape %}",
    "hello.txt": "{% autoescape off %}Dear {{ name }}{% endautoescape %}",
    "hello.html": "<p>Dear {{ name }}</p>",
}
