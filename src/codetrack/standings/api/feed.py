"""What the people the caller follows did, for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from codetrack.accounts.caller import caller
from codetrack.api.paging import Asked, Page
from codetrack.api.routing import mount
from codetrack.core.paging import Slice
from codetrack.standings.queries import feed as queries
from codetrack.standings.queries.feed import Told

feed = Router(tags=["feed"])


class DoerOut(Schema):
    """Who did it."""

    username: str
    name: str


class FeedItemOut(Schema):
    """What somebody did: `text` says it in a sentence, `params` in plain values.

    `url` leads to the contest or the problem, if it is about one; it may be changed or go when a
    platform corrects what it told.
    """

    id: int
    kind: str
    at: datetime
    member: DoerOut
    text: str
    url: str
    params: dict[str, str | int | bool | None]


class FeedAsked(Schema):
    """Which items."""

    kinds: list[str] = Field([], max_length=20, description="Only these kinds; all, if none.")


@feed.get("/", response=Page[FeedItemOut], summary="What the people the caller follows did")
def read_feed(
    request: HttpRequest, asked: Asked, which: Annotated[FeedAsked, Query()]
) -> Slice[FeedItemOut]:
    """The newest first, of whom the caller may see now; what is older than 90 days is forgotten."""
    kinds = queries.chosen_kinds(which.kinds)
    member = caller(request)
    found = queries.feed_of(member, kinds=kinds, cursor=asked.cursor, size=asked.limit)
    return Slice([_shown(told) for told in found.items], found.next)


def _shown(told: Told) -> FeedItemOut:
    row = told.item
    return FeedItemOut(
        id=row.pk,
        kind=row.kind,
        at=row.at,
        member=DoerOut(username=told.member.username, name=told.member.shown_name),
        text=told.text,
        url=row.url,
        params=row.params,
    )


mount("/feed", feed)
