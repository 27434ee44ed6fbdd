"""What ratings tells those who follow a member: contests, ranks, solved problems, streaks."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from codetrack.core import clock
from codetrack.core.events import consumer
from codetrack.core.models import Event
from codetrack.ratings.events import (
    HandleLost,
    HandleUnlinked,
    HandleVerified,
    NumbersChanged,
    ProblemsSolved,
    RatingChanged,
)
from codetrack.ratings.queries import feed as queries
from codetrack.standings.feeds import KEPT, Kind, register
from codetrack.standings.services.feed import note

TAKEN_AWAY = {HandleLost.tag, HandleUnlinked.tag}
CONTESTS = {HandleVerified.tag, RatingChanged.tag, NumbersChanged.tag} | TAKEN_AWAY
SOLVES = {HandleVerified.tag, ProblemsSolved.tag, NumbersChanged.tag}

register(
    Kind(key=queries.SOLVED, app="ratings", label=_("Solved"), icon="check", order=10),
    Kind(key=queries.CONTEST, app="ratings", label=_("Contests"), icon="ranks", order=20),
    Kind(key=queries.RANK, app="ratings", label=_("Ranks"), icon="star", order=30),
    Kind(key=queries.MAXIMUM, app="ratings", label=_("Highest ratings"), icon="chart", order=40),
    Kind(key=queries.STREAK, app="ratings", label=_("Streaks"), icon="calendar", order=50),
)


@consumer(*SOLVES, *CONTESTS, name="feed")
def tell_followers(events: Sequence[Event]) -> None:
    """What the rows say now, of the accounts that these events are about: in place, not twice."""
    for news in (
        queries.contest_news(_handles(events, CONTESTS)),
        queries.solved_news(_handles(events, SOLVES)),
        queries.solved_news(_handles(events, TAKEN_AWAY), anew=True),
    ):
        note(items=news.items, within=news.scopes)


def _handles(events: Sequence[Event], tags: set[str]) -> set[int]:
    """What happened before all that a feed keeps is not looked at."""
    since = clock.now() - KEPT
    return {event.data["handle_id"] for event in events if event.tag in tags and event.at > since}
