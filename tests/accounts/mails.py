"""Reading the outbox as the people do who get the mails."""

from __future__ import annotations

import email
import email.policy
import re

from codetrack.core.models import OutgoingMail


def mails_to(address: str) -> list[OutgoingMail]:
    rows = OutgoingMail.objects.order_by("pk")
    return [row for row in rows if address in row.recipients]


def text_of(mail: OutgoingMail) -> str:
    message = email.message_from_bytes(bytes(mail.message), policy=email.policy.default)
    body = message.get_body(("plain",))
    assert body is not None
    return str(body.get_content())


def link_to(address: str) -> str:
    """The path of the link in the last mail to `address`."""
    (*_, last) = mails_to(address)
    found = re.search(r"https?://[^/\s]+(/accounts/\S+)", text_of(last))
    assert found, text_of(last)
    return found[1]
