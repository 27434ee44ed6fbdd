"""Shapes that several routers of ratings answer with."""

from __future__ import annotations

from datetime import datetime

from ninja import Schema

from codetrack.ratings import queries
from codetrack.ratings.models import Claim


class HandleOut(Schema):
    """An account that a member names, with its last good reading, how old that is and its state.

    `state` is `new`, `ok`, `stale`, `blocked`, `changed`, `gone` or `private`. Numbers of another
    state than `ok` are the last ones that were read, at `fresh_at`; null means never read or,
    for `rating`, never rated. `provisional` is the platform's own word for the rating. `solved_by`
    (level) and `topics` are what the platform counts; empty where it does not.
    """

    id: int
    platform: str
    handle: str
    url: str
    verified: bool
    state: str
    error: str
    fresh_at: datetime | None
    rating: int | None
    provisional: bool
    rank_name: str | None
    max_rating: int | None
    global_rank: int | None
    country_rank: int | None
    contests: int | None
    solved: int | None
    solved_at: datetime | None
    solved_by: dict[str, int]
    topics: dict[str, int]


def shown(claim: Claim) -> HandleOut:
    reading = queries.Reading(claim)
    handle, last = reading.handle, reading.snapshot
    return HandleOut(
        id=claim.pk,
        platform=claim.platform,
        handle=handle.shown,
        url=reading.url,
        verified=reading.verified,
        state=handle.state,
        error=reading.trouble,
        fresh_at=handle.fresh_at,
        rating=reading.rating,
        provisional=last.provisional if last else False,
        rank_name=reading.tier.name if reading.tier else None,
        max_rating=last.max_rating if last else None,
        global_rank=last.global_rank if last else None,
        country_rank=last.country_rank if last else None,
        contests=last.contests if last else None,
        solved=last.solved if last else None,
        solved_at=reading.solved_at,
        solved_by=last.solved_by if last else {},
        topics=handle.topics,
    )
