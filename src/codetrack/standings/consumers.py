"""What standings does after the events of accounts: members move, hide, come back and go."""

from __future__ import annotations

from collections.abc import Sequence

from codetrack.accounts.events import (
    AccountErased,
    MembershipEnded,
    MembershipStarted,
    PrivacyChanged,
    ProfileChanged,
)
from codetrack.core.events import consumer
from codetrack.core.models import Event
from codetrack.standings import services

KINDS = (MembershipStarted, MembershipEnded, PrivacyChanged, ProfileChanged, AccountErased)


@consumer(*(kind.tag for kind in KINDS), name="standings:members")
def follow_members(events: Sequence[Event]) -> None:
    """Their institute, their country, and whether they want to be seen, are kept on the boards."""
    members = {event.data.get("member_id") or event.subject_id for event in events}
    services.follow_members(members={pk for pk in members if pk})
