"""Addresses to which nothing is sent any more."""

from __future__ import annotations

from django.db import transaction

from codetrack.accounts.models import User
from codetrack.core import events
from codetrack.notifications.events import AddressBlocked
from codetrack.notifications.models import Blocked


@transaction.atomic
def block(*, address: str, why: Blocked.Why, error: str = "") -> None:
    """Send nothing to an address any more. One that is blocked already keeps its first reason."""
    address = address.lower()
    told = {"why": why, "error": error[:300]}
    _row, created = Blocked.objects.get_or_create(address=address, defaults=told)
    if created:
        member = User.objects.filter(email=address).first()
        blocked = AddressBlocked(member_id=member.pk if member else None, why=str(why))
        topics = [f"member:{member.pk}"] if member else []
        events.record(blocked, subject=member, topics=topics)
