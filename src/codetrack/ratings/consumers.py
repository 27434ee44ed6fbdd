"""What ratings do after their own events: whoever they concern is put onto the boards anew."""

from __future__ import annotations

from collections.abc import Sequence

from codetrack.core.events import consumer
from codetrack.core.models import Event
from codetrack.ratings import queries, services
from codetrack.ratings.events import (
    HandleLinked,
    HandleLost,
    HandleRead,
    HandleRenamed,
    HandleUnlinked,
    HandleVerified,
    NumbersChanged,
    ProblemsSolved,
    RatingChanged,
)

# An account that is gone or hidden keeps what was read: nothing on a board differs.
TAGS = (
    HandleLinked.tag,
    HandleUnlinked.tag,
    HandleVerified.tag,
    HandleLost.tag,
    HandleRenamed.tag,
    HandleRead.tag,
    RatingChanged.tag,
    ProblemsSolved.tag,
    NumbersChanged.tag,
)
CLAIMS = {HandleLinked.tag, HandleUnlinked.tag, HandleVerified.tag, HandleLost.tag}


@consumer(*TAGS, name="standings")
def refresh_standings(events: Sequence[Event]) -> None:
    """An event only says whose numbers to look at: they are counted as they are now."""
    handles = {event.data["handle_id"] for event in events}
    claims = {event.subject_id for event in events if event.tag in CLAIMS and event.subject_id}
    services.refresh_standings(members=queries.concerned(handles, claims))
