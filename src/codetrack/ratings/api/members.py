"""What is known of members, for programs."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema

from codetrack.accounts import queries as accounts
from codetrack.accounts.caller import caller
from codetrack.accounts.models import User
from codetrack.api.paging import Asked, Page, page
from codetrack.core.paging import Slice
from codetrack.ratings import queries
from codetrack.ratings.api.shapes import HandleOut, shown
from codetrack.ratings.models import RatingChange

members = Router(tags=["ratings"])


class RatingOut(Schema):
    """One rated contest. `revised_at` is set when the platform corrected it later."""

    platform: str
    contest: str
    contest_name: str
    contest_url: str
    rank: int | None
    old: int | None
    new: int
    at: datetime
    revised_at: datetime | None


@members.get("/{username}/handles", response=list[HandleOut], summary="A member's handles")
def list_handles(request: HttpRequest, username: str) -> list[HandleOut]:
    claims = queries.claims_of(_visible(request, username))
    return [shown(claim) for claim in claims]


@members.get("/{username}/ratings", response=Page[RatingOut], summary="A member's rated contests")
def list_ratings(request: HttpRequest, username: str, asked: Asked) -> Slice[RatingOut]:
    rows = queries.changes_of(_visible(request, username))
    found = page(rows, asked, by=("-at", "-pk"))
    return Slice([_change(row) for row in found.items], found.next)


def _visible(request: HttpRequest, username: str) -> User:
    return get_object_or_404(accounts.visible_to(caller(request)), username=username.lower())


def _change(row: RatingChange) -> RatingOut:
    return RatingOut(
        platform=row.contest.platform,
        contest=row.contest.key,
        contest_name=row.contest.name,
        contest_url=row.contest.url,
        rank=row.rank,
        old=row.old,
        new=row.new,
        at=row.at,
        revised_at=row.revised_at,
    )
