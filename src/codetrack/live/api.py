"""What happened since, for those who ask now and then: pages without a socket, and programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, cast

import msgspec
from django.http import HttpRequest, HttpResponse
from ninja import Field, Query, Router, Schema

from codetrack.api.routing import mount
from codetrack.core import events
from codetrack.live import reading
from codetrack.live.limits import TOPICS
from codetrack.live.topics import allowed

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

LONGEST = 2_000
BIGGEST = 2**63 - 1

happened = Router(tags=["events"])


class Wish(Schema):
    """What is asked: `after` is the `seq` of the answer before; without it, only the place to begin
    at is told."""

    topics: str = Field(
        "", max_length=LONGEST, description="Up to 50, like `member:12,institute:3`."
    )
    after: int | None = Field(None, ge=0, le=BIGGEST)


class EventOut(Schema):
    """What happened, in ids and plain values. `topics` are those of its topics that were asked."""

    seq: int
    tag: str
    topics: list[str]
    data: dict[str, Any]


class EventsOut(Schema):
    """At most 256 events, in order. `resync`: too much was missed, so fetch what is shown anew."""

    seq: int
    resync: bool
    listening: list[str]
    refused: list[str]
    events: list[EventOut]


@happened.get("/", response=EventsOut, summary="What happened since")
def read_events(request: HttpRequest, wish: Annotated[Wish, Query()]) -> HttpResponse:
    """The same that `/ws/` tells, to the same people."""
    wanted = list(dict.fromkeys(name for name in wish.topics.split(",") if name))
    listening = allowed(cast("AbstractBaseUser", request.user), wanted[:TOPICS])
    answer = {
        **_told(listening, wish.after),
        "listening": sorted(listening),
        "refused": sorted(set(wanted) - listening),
    }
    return HttpResponse(msgspec.json.encode(answer), content_type="application/json")


def _told(topics: set[str], after: int | None) -> dict[str, Any]:
    if after is None:
        return {"seq": events.last(), "resync": False, "events": []}
    memory = reading.since(after)
    heard = memory.heard(topics, after=after, upto=memory.last) if memory else None
    if memory is None or heard is None:
        return {"seq": events.last(), "resync": True, "events": []}
    told = [entry.content(names) for entry, names in heard]
    return {"seq": memory.last, "resync": False, "events": told}


mount("/events", happened)
