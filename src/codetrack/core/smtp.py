"""Talks to a mail server, and sorts what it says into yes, not now and never. Knows no table."""

from __future__ import annotations

import re
import smtplib
import ssl
import time
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from typing import Protocol
from urllib.parse import SplitResult, unquote, urlsplit

from django.core.mail import DNS_NAME
from django.utils.translation import gettext

TIMEOUT = 20.0
#: After a mail its connection waits so long for the next one, and takes so many.
KEPT_SECONDS, KEPT_MAILS = 5.0, 100
#: No such user, not local, no such name: said to a recipient, without an enhanced code.
UNKNOWN_CODES = {550, 551, 553}
UNKNOWN_STATUS = {"5.1.0", "5.1.1", "5.1.2", "5.1.3", "5.1.6", "5.1.10", "5.2.1"}
LOOPBACK = {"localhost", "127.0.0.1", "::1"}


class Mail(Protocol):
    """One envelope with its message as it goes over the wire."""

    @property
    def sender(self) -> str: ...
    @property
    def recipients(self) -> list[str]: ...
    @property
    def message(self) -> bytes | memoryview: ...


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server said: an SMTP code and its text."""

    code: int
    text: str

    @property
    def temporary(self) -> bool:
        return self.code < 500

    @property
    def says_unknown(self) -> bool:
        """There is no such mailbox: by the enhanced code where one is told (RFC 3463)."""
        enhanced = re.match(r"(\d\.\d{1,3}\.\d{1,3})\b", self.text)
        if enhanced:
            return is_unknown(enhanced[1])
        return self.code in UNKNOWN_CODES

    def __str__(self) -> str:
        return f"{self.code} {self.text}"


class Refused(Exception):
    """The server will never take this mail; `answers` are to each recipient, if it was they."""

    def __init__(self, message: str, answers: Mapping[str, Answer] | None = None) -> None:
        super().__init__(message)
        self.answers = answers or {}


class NotNow(Exception):
    """It did not work; the same mail may be taken later."""


def hand_over(url: str, mail: Mail) -> dict[str, Answer]:
    """Send a mail over `smtp[s]://user:password@host:port`; return the recipients that were refused
    while others were accepted. Raises Refused and NotNow, whose text can be shown to the admin.
    """
    try:
        refused = _send(url, mail)
    except smtplib.SMTPRecipientsRefused as error:
        answers = {address: _answer(*said) for address, said in error.recipients.items()}
        text = "; ".join(f"{name}: {said}" for name, said in answers.items())
        if any(answer.temporary for answer in answers.values()):
            raise NotNow(text) from error
        raise Refused(text, answers) from error
    except smtplib.SMTPAuthenticationError as error:
        # Never the mail's fault: it waits until somebody mends the setting.
        raise NotNow(
            f"{gettext('The mail server refuses our password')}: {_said(error)}"
        ) from error
    except smtplib.SMTPResponseException as error:
        kind = NotNow if _said(error).temporary or _is_of_us(error) else Refused
        raise kind(str(_said(error))) from error
    except UnicodeEncodeError as error:
        raise Refused(gettext("An address has letters that mail servers do not know.")) from error
    except (smtplib.SMTPException, OSError) as error:
        raise NotNow(f"{gettext('The mail server was not reached')}: {error}") from error
    return {address: _answer(*said) for address, said in refused.items()}


def is_unknown(status: str) -> bool:
    """Whether an enhanced status code such as "5.1.1" says that there is no such mailbox."""
    return status in UNKNOWN_STATUS


def leave(*, idle: float = KEPT_SECONDS) -> None:
    """Close the connections that have waited so many seconds for another mail."""
    for _ in range(len(_waiting)):
        with suppress(IndexError):  # another thread took it
            line = _waiting.popleft()
            if time.monotonic() - line.since < idle:
                _waiting.append(line)
            else:
                line.close()


class _Line:
    """A connection, used by one thread at a time; after a mail it waits for the next one."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.server = _connect(urlsplit(url))
        self.mails = 0
        self.since = time.monotonic()

    def answers(self) -> bool:
        """Whether the server is still there, and has forgotten the mail before."""
        with suppress(smtplib.SMTPException, OSError):
            return self.server.rset()[0] == 250
        return False

    def send(self, mail: Mail) -> dict[str, tuple[int, bytes]]:
        """Hand a mail over and wait for the next, or close, if anything went wrong."""
        try:
            refused = self.server.sendmail(mail.sender, mail.recipients, bytes(mail.message))
        except BaseException:
            self.close()
            raise
        self.mails += 1
        self.since = time.monotonic()
        if self.mails < KEPT_MAILS:
            _waiting.append(self)
        else:
            self.close()
        return refused

    def close(self) -> None:
        """Say goodbye without waiting for an answer: whatever it were, the mail was accepted."""
        with suppress(smtplib.SMTPException, OSError):
            self.server.putcmd("quit")
        self.server.close()


_waiting: deque[_Line] = deque()


def _send(url: str, mail: Mail) -> dict[str, tuple[int, bytes]]:
    """By a connection that waits, or by a new one where the server takes no further mail by it."""
    line = _kept(url) or _Line(url)
    try:
        return line.send(mail)
    except smtplib.SMTPSenderRefused:  # said before it saw any of the mail
        if not line.mails:
            raise
    return _Line(url).send(mail)


def _kept(url: str) -> _Line | None:
    with suppress(IndexError):
        while True:
            line = _waiting.pop()
            if line.url == url and line.answers():
                return line
            line.close()
    return None


def _connect(url: SplitResult) -> smtplib.SMTP:
    """A connection, encrypted wherever the server offers it, and always before a password."""
    host = url.hostname or "localhost"
    name = DNS_NAME.get_fqdn()
    if url.scheme == "smtps":
        port = url.port or 465
        server: smtplib.SMTP = smtplib.SMTP_SSL(host, port, name, timeout=TIMEOUT, context=_tls())
    else:
        server = smtplib.SMTP(host, url.port or 587, name, timeout=TIMEOUT)
    try:
        _secure(server, url)
    except BaseException:
        server.close()
        raise
    return server


@cache
def _tls() -> ssl.SSLContext:
    """Checks certificates; made once, because reading those of the system takes 25 ms."""
    return ssl.create_default_context()


def _secure(server: smtplib.SMTP, url: SplitResult) -> None:
    server.ehlo()
    encrypted = url.scheme == "smtps"
    if not encrypted and server.has_extn("starttls"):
        server.starttls(context=_tls())
        encrypted = True
    if url.username:
        if not encrypted and url.hostname not in LOOPBACK:
            raise NotNow(gettext("The mail server offers no encryption, so no password is sent."))
        server.login(unquote(url.username), unquote(url.password or ""))


def _is_of_us(error: smtplib.SMTPResponseException) -> bool:
    """Whether it was said of this site, or its sender, before the server saw any of the mail: that
    is mended on one side or the other, and the mail waits. Too big (552) is only a mail.
    """
    early = (smtplib.SMTPConnectError, smtplib.SMTPHeloError, smtplib.SMTPSenderRefused)
    return isinstance(error, early) and error.smtp_code != 552


def _answer(code: int, text: bytes | str) -> Answer:
    shown = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return Answer(code, shown[:300].replace("\0", " "))  # PostgreSQL keeps no null


def _said(error: smtplib.SMTPResponseException) -> Answer:
    return _answer(error.smtp_code, error.smtp_error)
