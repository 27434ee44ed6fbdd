"""What notifications knows of addresses to which an institute wants to send invitations."""

from __future__ import annotations

from collections.abc import Collection

from codetrack.accounts import roster
from codetrack.notifications import links, services
from codetrack.notifications.models import Blocked


def refused(addresses: Collection[str]) -> dict[str, str]:
    rows = Blocked.objects.filter(address__in=list(addresses))
    return {row.address: row.get_why_display() for row in rows}


def note_unknown(address: str, error: str) -> None:
    services.block(address=address, why=Blocked.Why.REFUSED, error=error)


roster.register_post(
    roster.Post(refused=refused, stop_url=links.stop_address, unknown=note_unknown)
)
