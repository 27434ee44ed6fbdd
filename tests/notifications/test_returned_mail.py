"""Mail that comes back, and readers who mark it as unwanted."""

from __future__ import annotations

import io
import sys
from types import SimpleNamespace

import pytest
from django.core.management import call_command

from codetrack.accounts.models import User
from codetrack.core.testing import HeldClock
from codetrack.notifications import queries, returns, services
from codetrack.notifications.models import Blocked
from tests.core.servers import MailServer
from tests.notifications.rows import linked, rate, told

pytestmark = pytest.mark.django_db

BOUNCE = """From: MAILER-DAEMON@mx.example.org
To: codetrack@localhost
Subject: Undelivered Mail Returned to Sender
Content-Type: multipart/report; report-type={type}; boundary="b"

--b
Content-Type: text/plain

It did not work.

--b
Content-Type: message/{type}

{report}

--b
Content-Type: {original}

Message-ID: {message_id}
Subject: Something

--b--
"""
FAILED = """Reporting-MTA: dns; mx.example.org

Final-Recipient: rfc822; alice@example.org
Action: {action}
Status: {status}
Diagnostic-Code: smtp; 550 {status} <alice@example.org>:
 User unknown"""
ABUSE = """Feedback-Type: abuse
User-Agent: Example/1.0
Version: 1"""


def bounce(
    message_id: str, *, status: str = "5.1.1", action: str = "failed", headers: bool = False
) -> bytes:
    report = FAILED.format(status=status, action=action)
    original = "text/rfc822-headers" if headers else "message/rfc822"
    text = BOUNCE.format(
        type="delivery-status", report=report, original=original, message_id=message_id
    )
    return text.encode()


def complaint(message_id: str) -> bytes:
    parts = {"type": "feedback-report", "report": ABUSE, "original": "message/rfc822"}
    return BOUNCE.format(message_id=message_id, **parts).encode()


@pytest.fixture
def message_id(post: MailServer, held: HeldClock, alice: User) -> str:
    """Of a mail that alice got."""
    rate(linked(alice), 1500, 1510)
    told(held)
    return post.message_ids[0]


@pytest.mark.parametrize("headers", [True, False])
def test_a_mail_that_comes_back_blocks_its_address(
    message_id: str, alice: User, headers: bool
) -> None:
    assert services.take_back(raw=bounce(message_id, headers=headers)) == "alice@example.org"
    blocked = queries.blocked_address(alice)
    assert blocked is not None and blocked.why == Blocked.Why.BOUNCED
    assert "User unknown" in blocked.error


def test_a_complaint_blocks_its_address(message_id: str, alice: User) -> None:
    services.take_back(raw=complaint(message_id))
    blocked = queries.blocked_address(alice)
    assert blocked is not None and blocked.why == Blocked.Why.COMPLAINED


@pytest.mark.parametrize(
    ("status", "action"),
    [("4.4.1", "delayed"), ("4.2.2", "failed"), ("5.2.2", "failed"), ("5.7.1", "failed")],
)
def test_what_may_go_well_later_blocks_nothing(message_id: str, status: str, action: str) -> None:
    assert services.take_back(raw=bounce(message_id, status=status, action=action)) == ""
    assert not Blocked.objects.exists()


def test_the_code_that_a_server_quotes_counts_where_it_gives_none_itself(message_id: str) -> None:
    raw = bounce(message_id, status="5.0.0")
    assert services.take_back(raw=raw) == ""
    assert services.take_back(raw=raw.replace(b"550 5.0.0", b"550 5.7.1")) == ""
    assert not Blocked.objects.exists()
    assert services.take_back(raw=raw.replace(b"550 5.0.0", b"550-5.1.1")) == "alice@example.org"


def test_a_bounce_with_a_null_is_kept_without_it(message_id: str) -> None:
    services.take_back(raw=bounce(message_id).replace(b"User unknown", b"User \0 unknown"))
    assert Blocked.objects.get().error.endswith("User unknown")


def test_only_a_mail_that_we_sent_is_believed(message_id: str) -> None:
    assert services.take_back(raw=bounce("<guessed@localhost>")) == ""
    assert not Blocked.objects.exists()


@pytest.mark.parametrize("header", ["Message-ID", "Feedback-Type"])
def test_headers_that_are_no_text_harm_nothing(message_id: str, header: str) -> None:
    for raw in (bounce(message_id), complaint(message_id)):
        services.take_back(
            raw=raw.replace(f"{header}: ".encode(), f"{header}: \xff".encode("latin-1"))
        )


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00\xff\xfe" * 100,
        b"Subject: Hello\n\nI am on holiday.",
        b"Content-Type: message/delivery-status\n\nnonsense",
        b"Content-Type: multipart/report; boundary=b\n\n--b\nContent-Type: message/rfc822\n\n",
        b"Content-Type: message/feedback-report\n\n",
        b"Content-Type: text/rfc822-headers; charset=nonsense\n\nMessage-ID: \xff",
    ],
)
def test_what_is_no_report_is_put_aside(raw: bytes) -> None:
    assert returns.read(raw) is None


def test_a_mail_server_can_pipe_it_here(
    message_id: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    stream = SimpleNamespace(buffer=io.BytesIO(bounce(message_id)))
    monkeypatch.setattr(sys, "stdin", stream)
    call_command("returned_mail")
    assert "alice@example.org is blocked." in capsys.readouterr().out
    assert Blocked.objects.count() == 1
