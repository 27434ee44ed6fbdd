"""The mail that asks somebody to join an institute."""

from __future__ import annotations

from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.crypto import constant_time_compare, salted_hmac

from codetrack.accounts import people, roster
from codetrack.accounts.models import Invitation

TEMPLATE = "accounts/mail/invitation"


def message(invitation: Invitation) -> EmailMultiAlternatives:
    """The same mail, with the same Message-ID, however often it is tried."""
    stop = roster.stop_url(invitation.email)
    context = {
        "site_url": settings.CODETRACK_URL,
        "invitation": invitation,
        "institute": invitation.institute,
        "url": url_of(invitation),
        "unsubscribe_url": stop,
    }
    with translation.override(settings.LANGUAGE_CODE):
        subject = " ".join(render_to_string(f"{TEMPLATE}_subject.txt", context).split())
        body = render_to_string(f"{TEMPLATE}.txt", context)
        html = render_to_string(f"{TEMPLATE}.html", context)
    mail = EmailMultiAlternatives(subject, body, to=[invitation.email])
    mail.attach_alternative(html, "text/html")
    mail.extra_headers = {"Message-ID": _message_id(invitation), "Auto-Submitted": "auto-generated"}
    if stop:
        mail.extra_headers |= {
            "List-Unsubscribe": f"<{stop}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    return mail


def url_of(invitation: Invitation) -> str:
    path = reverse("accounts:invited", args=[people.token_of(invitation)])
    return f"{settings.CODETRACK_URL}{path}"


def invitation_of(message_id: str) -> Invitation | None:
    """Whose mail had this Message-ID, which nobody else can guess."""
    kind, _, rest = message_id.strip("<> ").partition("@")[0].partition(".")
    pk, _, seal = rest.partition(".")
    if kind != "invitation" or not pk.isdecimal() or len(pk) > 18:
        return None
    row = Invitation.objects.filter(pk=int(pk)).first()
    return row if row and constant_time_compare(seal, _seal(row)) else None


def _message_id(invitation: Invitation) -> str:
    host = urlsplit(settings.CODETRACK_URL).hostname or "localhost"
    return f"<invitation.{invitation.pk}.{_seal(invitation)}@{host}>"


def _seal(invitation: Invitation) -> str:
    said = f"{invitation.pk}:{invitation.email}:{invitation.mails}"
    return salted_hmac("codetrack.accounts.post", said, algorithm="sha256").hexdigest()[:32]
