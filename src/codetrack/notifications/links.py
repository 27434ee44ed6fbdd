"""What in a mail leads back here: its links, which work without signing in, and its Message-ID."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from django.conf import settings
from django.core import signing
from django.urls import reverse

from codetrack.notifications.models import Delivery
from codetrack.notifications.texts import Text

SALT = "codetrack.notifications.unsubscribe"


@dataclass(frozen=True)
class Unsubscribing:
    """Who wants no more mail of which kinds; `address` is of somebody without an account."""

    member_id: int | None
    address: str
    kinds: list[str]


def unsubscribe(delivery: Delivery, texts: Sequence[Text]) -> str:
    """The one-click link of a mail; "" when all that it tells is always told."""
    kinds = list(dict.fromkeys(t.kind.key for t in texts if delivery.channel not in t.kind.always))
    if not kinds:
        return ""
    who = delivery.member_id or delivery.address
    token = _signer().sign_object([who, kinds], compress=True)
    return f"{settings.CODETRACK_URL}{reverse('notifications:unsubscribe', args=[token])}"


def stop_address(address: str) -> str:
    """The link by which an address without an account gets no more mail at all."""
    token = _signer().sign_object([address, []], compress=True)
    return f"{settings.CODETRACK_URL}{reverse('notifications:unsubscribe', args=[token])}"


def read(token: str) -> Unsubscribing | None:
    """What the link with this token asks for, however old; None when it was never ours."""
    try:
        who, kinds = _signer().unsign_object(token)
    except signing.BadSignature:
        return None
    if isinstance(who, int):
        return Unsubscribing(who, "", kinds)
    return Unsubscribing(None, who, kinds)


def _signer() -> signing.Signer:
    """Without the time: a link works as long as its mail, and the same mail has the same link."""
    return signing.Signer(salt=SALT)


def message_id(delivery: Delivery) -> str:
    """Always the same for a delivery, and nobody else can guess it."""
    host = urlsplit(settings.CODETRACK_URL).hostname or "localhost"
    return f"<{delivery.key}@{host}>"


def key_of(message_id: str) -> str:
    """The key of the delivery that had this Message-ID."""
    return message_id.strip("<> ").partition("@")[0]


def settings_page() -> str:
    """Where a member chooses what is told how."""
    return f"{settings.CODETRACK_URL}/settings/notifications/"
