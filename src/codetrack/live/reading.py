"""What the event log has to tell; nothing here writes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db.models import QuerySet

from codetrack.core import clock, events
from codetrack.core.models import Event
from codetrack.live.memory import KEPT, KEPT_FOR, Entry, Memory

BATCH = 500


def after(seq: int, *, most: int = BATCH) -> list[Entry]:
    """The next events after this place, in order."""
    return _entries(Event.objects.filter(seq__gt=seq).order_by("seq")[:most])


def newest() -> Memory:
    """As much of the end of the log as is remembered."""
    last = events.last()
    fresh = Event.objects.filter(seq__lte=last, at__gt=clock.now() - KEPT_FOR)
    entries = _entries(fresh.order_by("-seq")[:KEPT])[::-1]
    return Memory(since=entries[0].seq - 1 if entries else last, last=last, entries=entries)


def since(seq: int) -> Memory | None:
    """What happened after this place; None when that is too long ago, or not yet."""
    entries = after(seq, most=KEPT + 1)
    last = entries[-1].seq if entries else events.last()
    is_old = bool(entries) and entries[0].at < clock.now() - KEPT_FOR
    if seq > last or len(entries) > KEPT or is_old:
        return None
    return Memory(since=seq, last=last, entries=entries)


def _entries(rows: QuerySet[Event]) -> list[Entry]:
    values: Iterable[tuple[Any, ...]] = rows.values_list("seq", "tag", "topics", "data", "at")
    return [
        Entry(seq=seq, tag=tag, topics=tuple(topics), data=data, at=at)
        for seq, tag, topics, data, at in values
    ]
