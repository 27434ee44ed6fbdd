"""Lets every open page of a member count anew."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta

from codetrack.core import clock, events
from codetrack.notifications.events import InboxChanged

SHORT = timedelta(hours=1)


def ring(members: Iterable[int]) -> None:
    """Say, in the caller's transaction, that the inboxes of these members changed."""
    changed = ((InboxChanged(member_id=pk), None, [f"account:{pk}"]) for pk in members)
    events.record_all(changed, until=clock.now() + SHORT)
