"""The newest events in the memory of this process: what is told, and told again after a cut.

Nothing here asks the database; `reading` does.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import msgspec

from codetrack.live.limits import MISSED
from codetrack.live.topics import is_quiet

KEPT = 4_096
KEPT_FOR = timedelta(days=1)
#: So much more, so that not every event moves the list.
SLACK = 256
#: The tag of all that is told to those who may not know what it is.
SOMETHING = "live:something:changed"

type Message = dict[str, Any]


def said(content: object) -> Message:
    """A message to a client, as ASGI servers take it."""
    return {"type": "websocket.send", "text": msgspec.json.encode(content).decode()}


@dataclass(slots=True, kw_only=True, eq=False)
class Entry:
    """One event, encoded once for all who listen to the same of its topics."""

    seq: int
    tag: str
    topics: tuple[str, ...]
    data: dict[str, Any]
    at: datetime
    _messages: dict[tuple[str, ...], Message] = field(default_factory=dict)

    def heard(self, topics: Collection[str]) -> tuple[str, ...]:
        """Its topics among these."""
        if len(self.topics) == 1:  # as most have
            return self.topics if self.topics[0] in topics else ()
        return tuple(topic for topic in self.topics if topic in topics)

    def content(self, topics: tuple[str, ...]) -> dict[str, Any]:
        """What is told to those who listen to these of its topics."""
        if all(map(is_quiet, topics)):
            return {"seq": self.seq, "tag": SOMETHING, "topics": topics, "data": {}}
        return {"seq": self.seq, "tag": self.tag, "topics": topics, "data": self.data}

    def message(self, topics: tuple[str, ...]) -> Message:
        """The same as it is sent."""
        message = self._messages.get(topics)
        if message is None:
            message = self._messages[topics] = said(self.content(topics))
        return message


type Heard = tuple[Entry, tuple[str, ...]]


class Memory:
    """Every event after the place `since`, up to the place `last`, in order."""

    def __init__(self, *, since: int, last: int, entries: Iterable[Entry] = ()) -> None:
        self.since = since
        self.last = last
        self._entries = list(entries)

    def add(self, entry: Entry) -> None:
        self._entries.append(entry)
        self.last = entry.seq
        if len(self._entries) > KEPT + SLACK:
            self._forget(len(self._entries) - KEPT)

    def forget(self, before: datetime) -> None:
        """Drop what happened before this moment."""
        old = 0
        for entry in self._entries:
            if entry.at >= before:
                break
            old += 1
        if old:
            self._forget(old)

    def _forget(self, count: int) -> None:
        self.since = self._entries[count - 1].seq
        del self._entries[:count]

    def heard(self, topics: Collection[str], *, after: int, upto: int) -> list[Heard] | None:
        """The events on these topics in that part of the order, each with those that it is on.

        None when they were too many, or when `after` is forgotten or has not been yet.
        """
        if not self.since <= after <= self.last:
            return None
        found: list[Heard] = []
        for entry in reversed(self._entries):  # mostly it is the newest alone
            if entry.seq <= after:
                break
            if entry.seq <= upto and (heard := entry.heard(topics)):
                found.append((entry, heard))
                if len(found) > MISSED:
                    return None
        found.reverse()
        return found
