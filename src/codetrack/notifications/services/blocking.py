"""Addresses to which nothing is sent any more."""

from __future__ import annotations

from django.db import transaction

from codetrack.accounts import post
from codetrack.accounts.models import User
from codetrack.accounts.services import note_error
from codetrack.core import events
from codetrack.notifications import links, returns
from codetrack.notifications.events import AddressBlocked
from codetrack.notifications.models import Blocked, Delivery


@transaction.atomic
def block(*, address: str, why: Blocked.Why, error: str = "") -> None:
    """Send nothing to an address any more. One that is blocked already keeps its first reason."""
    address = address.lower()
    told = {"why": why, "error": error[:300]}
    _row, created = Blocked.objects.get_or_create(address=address, defaults=told)
    if created:
        member = User.objects.filter(email=address).first()
        blocked = AddressBlocked(member_id=member.pk if member else None, why=str(why))
        topics = [f"account:{member.pk}"] if member else []
        events.record(blocked, subject=member, topics=topics)


def take_back(*, raw: bytes) -> str:
    """Block the address of a mail that came back or was complained about; return it, or "".

    Believed only of a mail that we sent: whoever writes to us does not know its Message-ID.
    """
    report = returns.read(raw)
    if report is None or not (report.complaint or report.unknown):
        return ""
    recipient = _recipient_of(report)
    if recipient:
        why = Blocked.Why.COMPLAINED if report.complaint else Blocked.Why.BOUNCED
        block(address=recipient, why=why, error=report.said)
    return recipient


def _recipient_of(report: returns.Returned) -> str:
    """To whom the mail went: a delivery, or an invitation, which remembers that it came back."""
    invitation = post.invitation_of(report.message_id)
    if invitation is not None:
        note_error(invitation=invitation, error=report.said, final=True)
        return invitation.email
    sent = Delivery.objects.filter(key=links.key_of(report.message_id), channel="email").first()
    return sent.recipient if sent else ""
