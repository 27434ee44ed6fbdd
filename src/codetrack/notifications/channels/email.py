"""E-mail: one mail a delivery, with the same Message-ID however often it is handed over.

It goes out at least once. It goes twice only when the mail server takes it and this process dies
before it has written that down: SMTP has no way to ask. Both are then the same mail by Message-ID.
"""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import urlsplit

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext_lazy, ngettext

from codetrack.accounts import queries as accounts
from codetrack.accounts import zones
from codetrack.core import mail, notices
from codetrack.core.errors import Unavailable
from codetrack.core.models import OutgoingMail
from codetrack.notifications import links
from codetrack.notifications.channels import Channel, Dropped, Unknown
from codetrack.notifications.models import Blocked, Delivery, Notice
from codetrack.notifications.texts import Text, text_of


class Email(Channel):
    key = "email"
    label = gettext_lazy("E-mail")
    ways = (notices.NOW, notices.DAILY, notices.WEEKLY, notices.OFF)
    leaves = True

    def is_there(self) -> bool:
        return bool(settings.MAIL_URL)

    def deliver(self, delivery: Delivery, told: Sequence[Notice]) -> None:
        delivery.recipient = _address(delivery)
        message_id = _message_id(delivery)
        row = OutgoingMail.objects.filter(message_id=message_id).first()
        if row is None:
            row = mail.write(_message(delivery, told, message_id))
        mail.deliver(row.pk)
        row = OutgoingMail.objects.defer("message").get(pk=row.pk)
        if row.unknown:
            raise Unknown(row.error)
        if row.state != OutgoingMail.State.SENT:
            raise Unavailable(row.error or row.get_state_display(), permanent=True)


def _address(delivery: Delivery) -> str:
    """Where it goes; raises Dropped for an address that wants nothing or is not proven."""
    member = delivery.member
    address = member.email if member else delivery.address
    if member and address not in accounts.confirmed_addresses(member):
        raise Dropped("The address is not confirmed.")
    blocked = Blocked.objects.filter(address=address).first()
    if blocked:
        raise Dropped(f"The address is blocked: {blocked.get_why_display()}.")
    return address


def _message_id(delivery: Delivery) -> str:
    """Always the same for a delivery, and nobody else can guess it."""
    host = urlsplit(settings.CODETRACK_URL).hostname or "localhost"
    digest = salted_hmac("codetrack.notifications.mail", delivery.key, algorithm="sha256")
    return f"<{digest.hexdigest()[:40]}@{host}>"


def _message(delivery: Delivery, told: Sequence[Notice], message_id: str) -> EmailMultiAlternatives:
    """The mail in the words of its reader: the language of the site, the time of their zone."""
    zone = zones.zone(delivery.member.time_zone if delivery.member else "UTC")
    with timezone.override(zone), translation.override(settings.LANGUAGE_CODE):
        texts = [text for text in map(text_of, told) if text]
        subject = _subject(texts)
        link = links.unsubscribe(delivery, texts)
        context = {
            "site_url": settings.CODETRACK_URL,
            "subject": subject,
            "threads": _by_thread(texts),
            "last": texts[-1],
            "why": " ".join(dict.fromkeys(str(text.kind.why) for text in texts)),
            "unsubscribe_url": link,
            "settings_url": links.settings_page() if delivery.member else "",
        }
        template = "one" if len(texts) == 1 else "several"
        body = render_to_string(f"notifications/mail/{template}.txt", context)
        html = render_to_string(f"notifications/mail/{template}.html", context)
    message = EmailMultiAlternatives(subject, body, to=[delivery.recipient])
    message.attach_alternative(html, "text/html")
    message.extra_headers = {"Message-ID": message_id, "Auto-Submitted": "auto-generated"}
    if link:
        message.extra_headers |= {
            "List-Unsubscribe": f"<{link}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
        }
    return message


def _subject(texts: Sequence[Text]) -> str:
    """The newest title of a single thread; how much there is of several."""
    if len({text.notice.thread for text in texts}) == 1:
        return texts[-1].title
    count = len(texts)
    return ngettext("%(n)s piece of news", "%(n)s pieces of news", count) % {"n": count}


def _by_thread(texts: Sequence[Text]) -> list[list[Text]]:
    found: dict[str, list[Text]] = {}
    for text in texts:
        found.setdefault(text.notice.thread, []).append(text)
    return list(found.values())
