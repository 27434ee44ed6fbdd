"""The contests of all platforms, for programs."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Field, Query, Router, Schema

from codetrack.api.paging import Page, Window, page
from codetrack.core import clock
from codetrack.core.paging import Slice
from codetrack.ratings import queries

contests = Router(tags=["ratings"])


class When(StrEnum):
    """Where a contest stands at the moment of the call."""

    BEFORE = "before"
    RUNNING = "running"
    FINISHED = "finished"


class Wanted(Window):
    """Which contests: of one platform, of one phase, or all."""

    platform: str = Field("", max_length=20)
    phase: When | None = None


class ContestOut(Schema):
    """A contest. `phase` is told by the clock: ratings may still change after its end."""

    platform: str
    key: str
    name: str
    url: str
    starts_at: datetime
    ends_at: datetime
    phase: When


@contests.get("", response=Page[ContestOut], summary="Contests of all platforms")
def list_contests(request: HttpRequest, asked: Annotated[Wanted, Query()]) -> Slice[ContestOut]:
    """The newest first; those to come (`phase=before`) the next one first."""
    now = clock.now()
    rows = queries.contests(now, platform=asked.platform, phase=asked.phase or "")
    order = ("starts_at", "pk") if asked.phase == When.BEFORE else ("-starts_at", "-pk")
    found = page(rows, asked, by=order)
    return Slice([_shown(row, now) for row in found.items], found.next)


def _shown(row: Any, now: datetime) -> ContestOut:
    starts_at: datetime = row.starts_at
    ends_at: datetime = row.ends_at
    phase = When.RUNNING if ends_at > now else When.FINISHED
    return ContestOut(
        platform=row.platform,
        key=row.key,
        name=row.name,
        url=row.url,
        starts_at=starts_at,
        ends_at=ends_at,
        phase=When.BEFORE if starts_at > now else phase,
    )
