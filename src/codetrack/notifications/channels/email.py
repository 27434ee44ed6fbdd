"""E-mail: one mail a delivery, with the same Message-ID however often it is handed over.

It goes out at least once. It goes twice only when the mail server takes it and that cannot be
written down, mostly because this process dies: SMTP has no way to ask. Both have one Message-ID
then, by which whoever receives them knows that they are the same; see telling-members.md.
"""

from __future__ import annotations

from collections.abc import Sequence

from django.conf import settings
from django.core.mail import EmailMultiAlternatives
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy, ngettext

from codetrack.accounts import queries as accounts
from codetrack.accounts import zones
from codetrack.core import mail, notices, smtp
from codetrack.core.errors import Unavailable
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
        try:
            mail.hand_over(_message(delivery, told))
        except smtp.Refused as error:
            if any(answer.says_unknown for answer in error.answers.values()):
                raise Unknown(str(error)) from error
            raise Unavailable(str(error), permanent=True) from error
        except smtp.NotNow as error:
            raise Unavailable(str(error)) from error


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


def _message(delivery: Delivery, told: Sequence[Notice]) -> EmailMultiAlternatives:
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
    message.extra_headers = {
        "Message-ID": links.message_id(delivery),
        "Auto-Submitted": "auto-generated",
    }
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
