"""Reads what mail servers send back: that a mail could not be delivered (RFC 3464), or that its
reader marked it as unwanted (RFC 5965). Knows no table.
"""

from __future__ import annotations

import email
import re
from dataclasses import dataclass
from email.message import Message
from email.parser import HeaderParser

from codetrack.core import smtp


@dataclass(frozen=True)
class Returned:
    """What became of the mail with this Message-ID."""

    message_id: str
    #: The reader does not want it.
    complaint: bool = False
    #: There is no such mailbox.
    unknown: bool = False
    said: str = ""


def read(raw: bytes) -> Returned | None:
    """What a report says; None when this is none, or does not name the mail that it is about."""
    complaint, unknown, said, message_id = False, False, "", ""
    for part in email.message_from_bytes(raw).walk():
        match part.get_content_type():
            case "message/delivery-status":
                for status, text in _failures(part):
                    unknown, said = unknown or smtp.is_unknown(status), text
            case "message/feedback-report":
                complaint = complaint or _field(_inner(part), "Feedback-Type") in {"abuse", "fraud"}
            case "message/rfc822":
                message_id = _field(_inner(part), "Message-ID") or message_id
            case "text/rfc822-headers":
                message_id = _field(_headers(part), "Message-ID") or message_id
    if not message_id or not (complaint or said):
        return None
    return Returned(message_id, complaint, unknown, said)


def _failures(report: Message) -> list[tuple[str, str]]:
    """Status and words of each recipient who will never get the mail."""
    blocks = report.get_payload()
    found = [
        (_status(block), _field(block, "Diagnostic-Code", "Status"))
        for block in (blocks if isinstance(blocks, list) else [])
        if isinstance(block, Message) and _field(block, "Action").lower() == "failed"
    ]
    return [
        (status, " ".join(text.replace("\0", " ").split()))
        for status, text in found
        if status.startswith("5")
    ]


def _status(block: Message) -> str:
    """The enhanced code; some servers (Exim) say 5.0.0 and quote the true one in the diagnosis."""
    status = _field(block, "Status").split(" ")[0]
    quoted = re.search(r"\b5\d\d[ -](5\.\d{1,3}\.\d{1,3})\b", _field(block, "Diagnostic-Code"))
    return quoted[1] if status == "5.0.0" and quoted else status


def _field(message: Message, *names: str) -> str:
    """The first of these headers that is there, as text even where it is none; "" without any."""
    return next((str(message[name]).strip() for name in names if message[name]), "")


def _inner(part: Message) -> Message:
    """The message inside a part; an empty one when it is broken."""
    payload = part.get_payload()
    first = payload[0] if isinstance(payload, list) and payload else None
    return first if isinstance(first, Message) else Message()


def _headers(part: Message) -> Message:
    payload = part.get_payload(decode=True)
    text = payload.decode("utf-8", "replace") if isinstance(payload, bytes) else ""
    return HeaderParser().parsestr(text)
