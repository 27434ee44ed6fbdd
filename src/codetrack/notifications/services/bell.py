"""Lets every open page of a member count anew."""

from __future__ import annotations

from datetime import timedelta

from codetrack.core import clock, events
from codetrack.notifications.events import InboxChanged

SHORT = timedelta(hours=1)


def ring(member_id: int) -> None:
    """Say, in the caller's transaction, that the inbox of a member changed."""
    changed = InboxChanged(member_id=member_id)
    events.record(changed, topics=[f"account:{member_id}"], until=clock.now() + SHORT)
