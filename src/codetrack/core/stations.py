"""What places of special work say of themselves, and what follows for the whole club.

A place is one machine: whoever works there reports, stays, and leaves. What the work is, and what
makes a place fit for it, is not known here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, ClassVar

from django.db import transaction

from codetrack.core import clock
from codetrack.core.events import Payload, record
from codetrack.core.models import Station

State = Station.State
#: The kind of work that there is.
JUDGE = "judge"
RENEW_AFTER = timedelta(minutes=1)


@dataclass(frozen=True, kw_only=True)
class StationChanged(Payload):
    """A place became able to work, or is no longer."""

    tag: ClassVar[str] = "core:station:changed"
    kind: str
    host: str
    state: str
    level: str


@dataclass(frozen=True, kw_only=True)
class Report:
    """What a place found out about itself; `facts` is JSON in words of its kind.

    `at` is when it began to look: whoever asks after that moment is not answered by it.
    """

    state: Station.State
    at: datetime = field(default_factory=clock.now)
    level: str = ""
    reason: str = ""
    remedy: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)


class Outlook(StrEnum):
    """How a kind of work stands in the whole club."""

    READY = "ready"  # somebody does it
    REFUSED = "refused"  # somebody is there, and cannot
    OFF = "off"  # it is switched off wherever somebody is
    AWAY = "away"  # whoever did it is gone
    UNKNOWN = "unknown"  # nobody has ever said anything


@transaction.atomic
def report(*, kind: str, host: str, found: Report) -> Station:
    """Write down what a place found out. Records StationChanged when its state changes."""
    place, _ = Station.objects.select_for_update().get_or_create(kind=kind, host=host)
    changed = (place.state, place.level) != (found.state, found.level)
    place.state, place.level = found.state, found.level
    place.reason, place.remedy = found.reason, found.remedy
    place.facts = dict(found.facts)
    place.checked_at, place.seen_at = found.at, clock.now()
    place.save()
    if changed:
        news = StationChanged(kind=kind, host=host, state=found.state, level=found.level)
        record(news, subject=place)
    return place


def stay(*, kind: str, host: str, state: Station.State) -> Station | None:
    """Say that somebody of this state is still there; return what is said of the place, if it is.

    Called every few seconds, it writes once a minute, and never keeps alive what another process
    there says.
    """
    place = Station.objects.filter(kind=kind, host=host).first()
    if place and place.state == state and _is_old(place.seen_at):
        place.seen_at = clock.now()
        place.save(update_fields=["seen_at"])
    return place


def _is_old(seen_at: datetime | None) -> bool:
    return seen_at is None or clock.now() - seen_at > RENEW_AFTER


def leave(*, kind: str, host: str) -> None:
    """Say that nobody is there any more; another process there says so soon by its `stay`."""
    Station.objects.filter(kind=kind, host=host).update(seen_at=None)


def ask(*, kind: str) -> int:
    """Let every place of this kind look at itself again, soon; return how many are there."""
    now = clock.now()
    Station.objects.filter(kind=kind).update(asked_at=now)
    return sum(not place.is_away for place in known(kind))


def known(kind: str) -> list[Station]:
    """The places of a kind, by name."""
    return list(Station.objects.filter(kind=kind).order_by("host"))


def outlook(places: Iterable[Station]) -> Outlook:
    """How a kind of work stands, by all its places."""
    places = list(places)
    states = {place.state for place in places if not place.is_away}
    for state in (State.READY, State.REFUSED, State.OFF):
        if state in states:
            return Outlook(state)
    return Outlook.AWAY if places else Outlook.UNKNOWN


def prune(*, away: timedelta) -> int:
    """Forget places that nobody came back to; return how many."""
    gone = Station.objects.filter(checked_at__lt=clock.now() - away)
    return gone.exclude(seen_at__gte=clock.now() - away).delete()[0]
