"""What notifications does after the events of others: tell, and follow a member's time zone."""

from __future__ import annotations

from collections.abc import Sequence

from codetrack.accounts.events import ProfileChanged
from codetrack.core import notices
from codetrack.core.events import consumer
from codetrack.core.models import Event
from codetrack.notifications import services


def tell(events: Sequence[Event]) -> None:
    services.tell(events)


def register() -> None:
    """Once all kinds are known: one consumer for all of them, so that one change is one message."""
    tags = frozenset[str]().union(*(kind.tags for kind in notices.kinds.values()))
    consumer(*tags, name="notifications")(tell)


@consumer(ProfileChanged.tag, name="notifications:zones")
def follow_zone(events: Sequence[Event]) -> None:
    """Eight in the morning is at another time now."""
    moved = {event.subject_id for event in events if "time_zone" in event.data["fields"]}
    services.plan_again({pk for pk in moved if pk})
