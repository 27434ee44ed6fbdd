"""The pretend mail server over real SMTP."""

import smtplib
from collections.abc import Iterator
from email.message import EmailMessage
from pathlib import Path

import pytest

from codetrack.demo import mailbox as module
from codetrack.demo.mailbox import Mailbox, Manner
from codetrack.demo.servers import DemoServers, Pretend, pretend

PATIENCE = 60


def letter(subject: str = "Welcome to the club", to: str = "nila@example.org") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "CodeTrack <codetrack@example.org>"
    message["To"] = to
    message["Subject"] = subject
    message["Message-ID"] = f"<{subject.lower().replace(' ', '-')}@example.org>"
    message.set_content("Confirm: http://localhost/confirm/abc\n")
    message.add_alternative("<p>Bitte bestätigen</p>", subtype="html")
    return message


@pytest.fixture
def servers() -> Iterator[DemoServers]:
    with DemoServers(world=pretend(size=1)) as running:
        yield running


@pytest.fixture
def served(servers: DemoServers) -> Pretend:
    return servers.pretend


@pytest.fixture
def smtp(servers: DemoServers) -> Iterator[smtplib.SMTP]:
    with smtplib.SMTP("127.0.0.1", servers.smtp_port, timeout=PATIENCE) as client:
        yield client


def test_a_message_is_kept_with_both_its_bodies(smtp: smtplib.SMTP, served: Pretend) -> None:
    smtp.send_message(letter(), to_addrs=["nila@example.org", "copy@example.org"])
    [mail] = served.mailbox.all()
    assert mail.subject == "Welcome to the club"
    assert mail.recipients == ("nila@example.org", "copy@example.org")
    assert mail.sender == "codetrack@example.org"
    assert mail.message_id == "<welcome-to-the-club@example.org>"
    assert "http://localhost/confirm/abc" in mail.text
    assert "bestätigen" in mail.html


def test_newest_comes_first_and_an_address_sees_its_own(
    smtp: smtplib.SMTP, served: Pretend
) -> None:
    smtp.send_message(letter("One"))
    smtp.send_message(letter("Two", to="taras@example.org"))
    assert [mail.subject for mail in served.mailbox.all()] == ["Two", "One"]
    assert [mail.subject for mail in served.mailbox.all(to="NILA@example.org")] == ["One"]


def test_a_test_can_wait_for_a_mail(smtp: smtplib.SMTP, served: Pretend) -> None:
    smtp.send_message(letter("One"))
    assert served.mailbox.wait_for("nila@example.org", subject="One").subject == "One"
    with pytest.raises(TimeoutError):
        served.mailbox.wait_for("nila@example.org", subject="Two", seconds=0.01)


def test_a_warm_start_keeps_the_mails(tmp_path: Path) -> None:
    first = Mailbox(tmp_path)
    first.keep("a@example.org", ["b@example.org"], letter("One").as_bytes())
    again = Mailbox(tmp_path)
    new = again.keep("a@example.org", ["b@example.org"], letter("Two").as_bytes())
    assert [mail.subject for mail in again.all()] == ["Two", "One"]
    assert again.get(new.id) == new
    again.clear()
    assert Mailbox(tmp_path).all() == []


def test_the_oldest_mails_make_room(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(module, "KEPT", 2)
    box = Mailbox(tmp_path)
    for subject in ("One", "Two", "Three"):
        box.keep("a@example.org", ["b@example.org"], letter(subject).as_bytes())
    assert [mail.subject for mail in box.all()] == ["Three", "Two"]
    assert len(list(tmp_path.glob("*.eml"))) == 2


@pytest.mark.parametrize(("manner", "code"), [(Manner.DEFER, 451), (Manner.REJECT, 554)])
def test_a_server_that_does_not_take_the_message(
    smtp: smtplib.SMTP, served: Pretend, manner: Manner, code: int
) -> None:
    served.mailbox.manner = manner
    with pytest.raises(smtplib.SMTPDataError) as caught:
        smtp.send_message(letter())
    assert caught.value.smtp_code == code
    assert served.mailbox.all() == []


def test_a_server_that_hangs(served: Pretend, servers: DemoServers) -> None:
    served.mailbox.manner = Manner.HANG
    client = smtplib.SMTP("127.0.0.1", servers.smtp_port, timeout=PATIENCE)
    assert client.sock
    client.sock.settimeout(0.3)  # it has said who it is, and will not say more
    with pytest.raises((TimeoutError, smtplib.SMTPServerDisconnected)):
        client.send_message(letter())
    client.close()
    assert served.mailbox.all() == []


def test_a_server_that_refuses_the_connection(served: Pretend, servers: DemoServers) -> None:
    served.mailbox.manner = Manner.REFUSE
    with pytest.raises((smtplib.SMTPServerDisconnected, ConnectionResetError)):
        smtplib.SMTP("127.0.0.1", servers.smtp_port, timeout=PATIENCE)
