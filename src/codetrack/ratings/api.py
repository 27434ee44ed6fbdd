"""Handles and ratings, for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status

from codetrack.accounts import queries as accounts
from codetrack.accounts.caller import caller
from codetrack.accounts.models import User
from codetrack.api.paging import Asked, Page, page
from codetrack.api.routing import mount
from codetrack.core.paging import Slice
from codetrack.ratings import adapters, queries, services
from codetrack.ratings.models import Claim, Proof, RatingChange

members = Router(tags=["ratings"])
handles = Router(tags=["ratings"])


class HandleOut(Schema):
    """An account that a member names, with its last good reading, how old that is and its state.

    `state` is `new`, `ok`, `stale`, `blocked`, `changed`, `gone` or `private`. Numbers of another
    state than `ok` are the last ones that were read, at `fresh_at`; null means never read or,
    for `rating`, never rated.
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
    rank_name: str | None
    max_rating: int | None
    contests: int | None
    solved: int | None
    solved_at: datetime | None


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


class LinkIn(Schema):
    """`handle` is bare, `@handle` or the address of a profile."""

    platform: str
    handle: str


class ProofIn(Schema):
    """`method` is one of the platform's ways of proof; the first one when left out."""

    method: str | None = None


class ProofOut(Schema):
    """A one-time token, where to put it, and what the last look for it found instead."""

    token: str
    method: str
    where: str
    settings_url: str
    expires_at: datetime
    is_checking: bool
    checked_at: datetime | None
    seen: str


@members.get("/{username}/handles", response=list[HandleOut], summary="A member's handles")
def list_handles(request: HttpRequest, username: str) -> list[HandleOut]:
    claims = queries.claims_of(_visible(request, username))
    return [_shown(claim) for claim in claims]


@members.get("/{username}/ratings", response=Page[RatingOut], summary="A member's rated contests")
def list_ratings(request: HttpRequest, username: str, asked: Asked) -> Slice[RatingOut]:
    rows = queries.changes_of(_visible(request, username))
    found = page(rows, asked, by=("-at", "-pk"))
    return Slice([_change(row) for row in found.items], found.next)


@handles.post("", response={201: HandleOut}, summary="Link a handle")
def link_handle(request: HttpRequest, link: LinkIn) -> Status[Any]:
    """The first reading begins at once; unverified handles are read, but count on no board."""
    member = caller(request)
    claim = services.link_handle(member=member, platform=link.platform, text=link.handle)
    return Status(201, _shown(_own(request, claim.pk)))


@handles.get("/{handle_id}", response=HandleOut, summary="One of the caller's handles")
def read_handle(request: HttpRequest, handle_id: int) -> HandleOut:
    return _shown(_own(request, handle_id))


@handles.delete("/{handle_id}", response={204: None}, summary="Unlink a handle")
def unlink_handle(request: HttpRequest, handle_id: int) -> Status[Any]:
    services.unlink_handle(claim=_own(request, handle_id), by=caller(request))
    return Status(204, None)


@handles.post("/{handle_id}/refresh", response={202: HandleOut}, summary="Read a handle again now")
def refresh_handle(request: HttpRequest, handle_id: int) -> Status[Any]:
    services.request_refresh(handle=_own(request, handle_id).handle, by=caller(request))
    return Status(202, _shown(_own(request, handle_id)))


@handles.get("/{handle_id}/proof", response=ProofOut, summary="The token of a handle")
def read_proof(request: HttpRequest, handle_id: int) -> ProofOut:
    return _proof(_own(request, handle_id))


@handles.post("/{handle_id}/proof", response={201: ProofOut}, summary="Make a token")
def start_proof(request: HttpRequest, handle_id: int, way: ProofIn) -> Status[Any]:
    """It is good for 30 minutes; an earlier one is worth nothing any more."""
    claim = _own(request, handle_id)
    method = way.method or adapters.adapter(claim.platform).proofs[0].key
    services.start_proof(claim=claim, method=method, by=caller(request))
    return Status(201, _proof(claim))


@handles.post("/{handle_id}/proof/check", response={202: ProofOut}, summary="Look for the token")
def check_proof(request: HttpRequest, handle_id: int) -> Status[Any]:
    """At most once a minute. The handle is verified when a later read of it says so."""
    claim = _own(request, handle_id)
    services.request_check(proof=_latest(claim), by=caller(request))
    return Status(202, _proof(claim))


mount("/members", members)
mount("/handles", handles)


def _visible(request: HttpRequest, username: str) -> User:
    return get_object_or_404(accounts.visible_to(caller(request)), username=username.lower())


def _own(request: HttpRequest, pk: int) -> Claim:
    return get_object_or_404(queries.claims_of(caller(request)), pk=pk)


def _latest(claim: Claim) -> Proof:
    return get_object_or_404(queries.proofs_of(claim))


def _shown(claim: Claim) -> HandleOut:
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
        rank_name=reading.tier.name if reading.tier else None,
        max_rating=last.max_rating if last else None,
        contests=last.contests if last else None,
        solved=last.solved if last else None,
        solved_at=handle.solved_at,
    )


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


def _proof(claim: Claim) -> ProofOut:
    proof = _latest(claim)
    platform = adapters.adapter(claim.platform)
    method = next(one for one in platform.proofs if one.key == proof.method)
    return ProofOut(
        token=services.token_of(proof),
        method=proof.method,
        where=method.where,
        settings_url=adapters.settings_url(platform, method),
        expires_at=proof.expires_at,
        is_checking=proof.is_checking,
        checked_at=proof.checked_at,
        seen=proof.seen,
    )
