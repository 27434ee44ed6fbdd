"""Every mail is a row and a job of the caller's transaction; the job hands it to the mail server.

A mail goes out at least once. It keeps its Message-ID, so that one sent twice (mostly because the
process ended between the server's 250 and our commit) is recognised by whoever receives it.
"""

from __future__ import annotations

import email.policy
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parseaddr

from django.conf import settings
from django.core.mail import EmailMessage, EmailMultiAlternatives
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from django.db.models import QuerySet
from django.template.loader import render_to_string
from django.utils.encoding import punycode
from django.utils.translation import gettext

from codetrack.core import clock, jobs, smtp
from codetrack.core.errors import Conflict, Problem, Unavailable
from codetrack.core.models import OutgoingMail

#: With the back-off of `core.send_mail` the last try is a day after the first.
TRIES = 30
State = OutgoingMail.State


class _Wire(email.policy.EmailPolicy):
    """As mail goes over the wire. Python tears a long address in a header into encoded words that
    no mail program puts together again: one line holds what programs read.
    """

    def fold_binary(self, name: str, value: object) -> bytes:
        if name.lower().startswith("list-"):
            return f"{name}: {value}{self.linesep}".encode("ascii")
        folded: bytes = super().fold_binary(name, value)  # type: ignore[arg-type]
        return folded


WIRE = _Wire(linesep="\r\n")


@dataclass(frozen=True, slots=True)
class Envelope:
    """A mail without a row."""

    sender: str
    recipients: list[str]
    message: bytes


class QueuedBackend(BaseEmailBackend):
    """The backend of `MAILERS`: queues instead of sending."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        with transaction.atomic():
            return sum(_queue(message) for message in email_messages)


def send(*, to: list[str], template: str, context: dict[str, object]) -> None:
    """Queue a mail made of `<template>_subject.txt`, `<template>.txt` and `<template>.html`."""
    context = {"site_url": settings.CODETRACK_URL, **context}
    subject = " ".join(render_to_string(f"{template}_subject.txt", context).split())
    message = EmailMultiAlternatives(subject, render_to_string(f"{template}.txt", context), to=to)
    message.attach_alternative(render_to_string(f"{template}.html", context), "text/html")
    message.send()


def send_kept() -> int:
    """Send what was kept while no mail server was set; return how many mails."""
    return _resend(OutgoingMail.objects.filter(state=State.KEPT))


def send_again(*, mail: OutgoingMail) -> None:
    """Send a mail that failed or was kept. Raises Conflict if it went out or is on its way."""
    if not _resend(OutgoingMail.objects.filter(pk=mail.pk, state__in=[State.KEPT, State.FAILED])):
        raise Conflict(gettext("This mail was sent already, or is about to be."))


def prune(*, sent: timedelta) -> int:
    """Forget mails that were sent longer ago than this; return how many."""
    return OutgoingMail.objects.filter(sent_at__lt=clock.now() - sent).delete()[0]


def deliver(pk: int) -> None:
    """Hand a waiting mail to the server, and write down what came of it.

    Raises Unavailable for what may go well later; refused for good it is marked failed.
    """
    mail = OutgoingMail.objects.filter(pk=pk, state=State.WAITING).first()
    if mail is None:
        return
    if not settings.MAIL_URL:
        _note(mail, state=State.KEPT)
        return
    try:
        refused = smtp.hand_over(settings.MAIL_URL, mail)
    except smtp.Refused as error:
        _note(mail, state=State.FAILED, error=str(error))
    except smtp.NotNow as error:
        _not_now(mail, str(error))
    else:
        _handed_over(mail, refused)


def hand_over(message: EmailMessage) -> None:
    """Give a mail to the server now: for a job that keeps a row and a Message-ID of its own.

    Raises `smtp.Refused` and `smtp.NotNow`.
    """
    mime = message.message(policy=WIRE)
    recipients = [_plain(address) for address in message.recipients()]
    envelope = Envelope(_plain(message.from_email), recipients, mime.as_bytes())
    smtp.hand_over(settings.MAIL_URL, envelope)


def _queue(message: EmailMessage) -> int:
    recipients = [_plain(address) for address in message.recipients()]
    if not recipients:
        return 0
    mime = message.message(policy=WIRE)
    kept = not settings.MAIL_URL
    mail = OutgoingMail.objects.create(
        message_id=mime["Message-ID"],
        sender=_plain(message.from_email),
        recipients=recipients,
        subject=mime["Subject"],
        message=mime.as_bytes(),
        state=State.KEPT if kept else State.WAITING,
        created_at=clock.now(),
    )
    if not kept:
        jobs.later("core.send_mail", mail.pk)
    return 1


def _plain(address: str) -> str:
    """The bare address for the envelope, its domain in ASCII."""
    local, _, domain = parseaddr(address)[1].rpartition("@")
    return f"{local}@{punycode(domain)}"


def _resend(mails: QuerySet[OutgoingMail]) -> int:
    if not settings.MAIL_URL:
        raise Problem(gettext("No mail server is set. Set CODETRACK_MAIL_URL and start again."))
    with transaction.atomic():
        pks = list(mails.select_for_update().order_by("pk").values_list("pk", flat=True))
        OutgoingMail.objects.filter(pk__in=pks).update(state=State.WAITING, attempts=0, error="")
        for pk in pks:
            jobs.later("core.send_mail", pk)
    return len(pks)


def _handed_over(mail: OutgoingMail, refused: dict[str, smtp.Answer]) -> None:
    """Some recipients may have been refused while others were accepted."""
    error = "; ".join(f"{address}: {answer}" for address, answer in refused.items())
    later = [address for address, answer in refused.items() if answer.temporary]
    if later:
        OutgoingMail.objects.filter(pk=mail.pk).update(recipients=later)
        _not_now(mail, error)
    # Its links may sign somebody in: what has arrived is not kept here.
    _note(mail, state=State.SENT, error=error, message=b"")


def _not_now(mail: OutgoingMail, error: str) -> None:
    """Write the error down and let the job wait, or give the mail up after the last try."""
    if mail.attempts + 1 >= TRIES:
        _note(mail, state=State.FAILED, error=error)
        return
    _note(mail, state=State.WAITING, error=error)
    raise Unavailable(error)


def _note(mail: OutgoingMail, *, state: OutgoingMail.State, error: str = "", **more: bytes) -> None:
    OutgoingMail.objects.filter(pk=mail.pk, state=State.WAITING).update(
        state=state,
        error=error,
        attempts=mail.attempts + 1,
        sent_at=clock.now() if state == State.SENT else None,
        **more,
    )
