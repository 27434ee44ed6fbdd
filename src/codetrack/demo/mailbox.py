"""A pretend mail server over real SMTP that keeps what it gets, and can be told to behave badly."""

import asyncio
import itertools
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from enum import StrEnum
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session

KEPT = 2_000  # messages; the oldest go first
FROM, TO, AT = "X-Envelope-From", "X-Envelope-To", "X-Received-At"


class Manner(StrEnum):
    """How the server treats who wants to deliver."""

    ACCEPT = "accept"
    DEFER = "defer"  # 451: try later
    REJECT = "reject"  # 554: never
    HANG = "hang"  # no answer to the message
    REFUSE = "refuse"  # the connection is closed before a word


REPLIES = {
    Manner.ACCEPT: "250 Kept",
    Manner.DEFER: "451 The pretend mail server is busy, try again later",
    Manner.REJECT: "554 The pretend mail server does not want this message",
}


@dataclass(frozen=True, slots=True)
class Mail:
    """One delivery: the envelope and the message as it came."""

    id: int
    sender: str
    recipients: tuple[str, ...]
    at: float
    message: EmailMessage

    @property
    def received_at(self) -> datetime:
        return datetime.fromtimestamp(self.at, UTC)

    @property
    def subject(self) -> str:
        return str(self.message["subject"] or "")

    @property
    def message_id(self) -> str:
        return str(self.message["message-id"] or "")

    @property
    def text(self) -> str:
        return self._part("plain")

    @property
    def html(self) -> str:
        return self._part("html")

    def _part(self, kind: str) -> str:
        part = self.message.get_body(preferencelist=(kind,))
        return str(part.get_content()) if part else ""


class Mailbox:
    """Everything that was delivered, newest first; in files of a folder when it has one."""

    def __init__(self, folder: Path | None = None) -> None:
        self.folder = folder
        self.manner = Manner.ACCEPT
        self._lock = threading.Lock()
        self._arrived = threading.Condition(self._lock)
        self._mails: dict[int, Mail] = {}
        if folder:
            folder.mkdir(parents=True, exist_ok=True)
            for path in sorted(folder.glob("*.eml")):
                self._remember(int(path.stem), path.read_bytes())
        self._ids = itertools.count(max(self._mails, default=0) + 1)

    def all(self, to: str = "") -> list[Mail]:
        """Newest first; with `to` only those for this address."""
        with self._lock:
            mails = list(self._mails.values())
        wanted = to.lower()
        return [
            mail
            for mail in reversed(mails)
            if not wanted or wanted in [address.lower() for address in mail.recipients]
        ]

    def get(self, number: int) -> Mail | None:
        return self._mails.get(number)

    def wait_for(self, to: str, *, seconds: float = 10, subject: str = "") -> Mail:
        """The newest mail to an address, waiting for it to arrive. Raises `TimeoutError`."""

        def found() -> Mail | None:
            matching = (mail for mail in reversed(self._mails.values()) if to in mail.recipients)
            return next((mail for mail in matching if subject in mail.subject), None)

        with self._arrived:
            mail = self._arrived.wait_for(found, seconds)
        if mail is None:
            raise TimeoutError(f"No mail to {to} with {subject!r} within {seconds} s.")
        return mail

    def clear(self) -> None:
        with self._lock:
            for number in list(self._mails):
                self._forget(number)

    def keep(self, sender: str, recipients: list[str], raw: bytes) -> Mail:
        envelope = f"{FROM}: {sender}\r\n{TO}: {', '.join(recipients)}\r\n{AT}: {time.time()}\r\n"
        whole = envelope.encode() + raw
        with self._arrived:
            number = next(self._ids)
            if self.folder:
                draft = self.folder / f"{number:08}.draft"
                draft.write_bytes(whole)
                draft.replace(draft.with_suffix(".eml"))
            self._remember(number, whole)
            for old in list(self._mails)[:-KEPT]:
                self._forget(old)
            self._arrived.notify_all()
            return self._mails[number]

    def _remember(self, number: int, whole: bytes) -> None:
        message = message_from_bytes(whole, policy=policy.default)
        recipients = tuple(part.strip() for part in str(message[TO]).split(","))
        at = float(str(message[AT]))
        self._mails[number] = Mail(number, str(message[FROM]), recipients, at, message)

    def _forget(self, number: int) -> None:
        del self._mails[number]
        if self.folder:
            (self.folder / f"{number:08}.eml").unlink(missing_ok=True)


class Handler:
    """What aiosmtpd calls for each message."""

    def __init__(self, mailbox: Mailbox) -> None:
        self.mailbox = mailbox

    async def handle_DATA(  # noqa: N802 - the name is aiosmtpd's
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        manner = self.mailbox.manner
        while manner is Manner.HANG:
            await asyncio.sleep(0.05)
            manner = self.mailbox.manner
        if manner is Manner.ACCEPT:
            raw = envelope.original_content or b""
            recipients = [str(address) for address in envelope.rcpt_tos]
            self.mailbox.keep(envelope.mail_from or "", recipients, raw)
        return REPLIES.get(manner, REPLIES[Manner.DEFER])


class _Closed(asyncio.Protocol):
    """A connection that ends before it has begun."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        transport.close()


def protocol(mailbox: Mailbox) -> Callable[[], asyncio.BaseProtocol]:
    """What answers each connection, for `loop.create_server`."""

    def connect() -> asyncio.BaseProtocol:
        if mailbox.manner is Manner.REFUSE:
            return _Closed()
        return SMTP(Handler(mailbox), hostname="pretend.mail", enable_SMTPUTF8=True)

    return connect
