"""The caller's own handles and their proofs, for programs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status

from codetrack.accounts.caller import caller
from codetrack.core.errors import HouseError
from codetrack.ratings import adapters, queries, services
from codetrack.ratings.api.shapes import HandleOut, shown
from codetrack.ratings.models import Claim, Proof

handles = Router(tags=["ratings"])


class LinkIn(Schema):
    """`handle` is bare, `@handle` or the address of a profile."""

    platform: str
    handle: str


class ChangeIn(Schema):
    """`handle` is bare, `@handle` or the address of a profile."""

    handle: str


class OwnHandleOut(HandleOut):
    """A handle of the caller. While a reading of it is asked for, `asked_at` says since when and
    `place` how many readings come before it; `next_read_at` is when it is read by itself.
    """

    asked_at: datetime | None
    place: int | None
    next_read_at: datetime | None


class ProofIn(Schema):
    """`method` is one of the platform's ways of proof (see `/platforms`); the first one when left
    out.
    """

    method: str | None = None


class ProofProblemOut(Schema):
    """The problem at which a compile error proves the handle."""

    key: str
    title: str
    url: str


class ProofOut(Schema):
    """What proves a handle, and what the last look for it found instead.

    Either `token` is to be put where `where` says, or a compile error is to be sent to `problem`,
    after this proof was begun.
    """

    method: str
    where: str
    token: str | None
    settings_url: str | None
    problem: ProofProblemOut | None
    expires_at: datetime
    is_checking: bool
    checked_at: datetime | None
    seen: str


@handles.get("", response=list[OwnHandleOut], summary="The caller's handles")
def own_handles(request: HttpRequest) -> list[OwnHandleOut]:
    return [_shown(claim) for claim in queries.claims_of(caller(request))]


@handles.post("", response={201: OwnHandleOut}, summary="Link a handle")
def link_handle(request: HttpRequest, link: LinkIn) -> Status[Any]:
    """The first reading begins at once; unverified handles are read, but count on no board."""
    member = caller(request)
    with _told():
        claim = services.link_handle(member=member, platform=link.platform, text=link.handle)
    return Status(201, _shown(_own(request, claim.pk)))


@handles.get("/{handle_id}", response=OwnHandleOut, summary="One of the caller's handles")
def read_handle(request: HttpRequest, handle_id: int) -> OwnHandleOut:
    return _shown(_own(request, handle_id))


@handles.patch("/{handle_id}", response=OwnHandleOut, summary="Name another account instead")
def change_handle(request: HttpRequest, handle_id: int, change: ChangeIn) -> OwnHandleOut:
    """The answer has an id of its own: what was read of the earlier account stays with it."""
    claim, member = _own(request, handle_id), caller(request)
    with _told():
        claim = services.change_handle(claim=claim, text=change.handle, by=member)
    return _shown(_own(request, claim.pk))


@handles.delete("/{handle_id}", response={204: None}, summary="Unlink a handle")
def unlink_handle(request: HttpRequest, handle_id: int) -> Status[Any]:
    services.unlink_handle(claim=_own(request, handle_id), by=caller(request))
    return Status(204, None)


@handles.post("/{handle_id}/refresh", response={202: OwnHandleOut}, summary="Read it again now")
def refresh_handle(request: HttpRequest, handle_id: int) -> Status[Any]:
    """`place` says how many readings come before it."""
    services.request_refresh(handle=_own(request, handle_id).handle, by=caller(request))
    return Status(202, _shown(_own(request, handle_id)))


@handles.get("/{handle_id}/proof", response=ProofOut, summary="The newest proof of a handle")
def read_proof(request: HttpRequest, handle_id: int) -> ProofOut:
    return _proof(_own(request, handle_id))


@handles.post("/{handle_id}/proof", response={201: ProofOut}, summary="Begin a proof")
def start_proof(request: HttpRequest, handle_id: int, way: ProofIn) -> Status[Any]:
    """It is good for 30 minutes; an earlier one is worth nothing any more."""
    claim = _own(request, handle_id)
    method = way.method or adapters.ways(adapters.adapter(claim.platform))[0].key
    services.start_proof(claim=claim, method=method, by=caller(request))
    return Status(201, _proof(claim))


@handles.post("/{handle_id}/proof/check", response={202: ProofOut}, summary="Look for the proof")
def check_proof(request: HttpRequest, handle_id: int) -> Status[Any]:
    """At most once a minute. The handle is verified when a later read of it says so."""
    claim = _own(request, handle_id)
    services.request_check(proof=_latest(claim), by=caller(request))
    return Status(202, _proof(claim))


@contextmanager
def _told() -> Iterator[None]:
    """The text that a member types is called `handle` here."""
    try:
        yield
    except HouseError as error:
        error.field = "handle" if error.field == "text" else error.field
        raise


def _own(request: HttpRequest, pk: int) -> Claim:
    return get_object_or_404(queries.claims_of(caller(request)), pk=pk)


def _shown(claim: Claim) -> OwnHandleOut:
    return OwnHandleOut(
        **shown(claim).model_dump(),
        asked_at=claim.handle.asked_at,
        place=queries.place_of(claim.handle),
        next_read_at=claim.handle.next_sync_at,
    )


def _latest(claim: Claim) -> Proof:
    return get_object_or_404(queries.proofs_of(claim))


def _proof(claim: Claim) -> ProofOut:
    proof = _latest(claim)
    platform = adapters.adapter(claim.platform)
    way = adapters.way(platform, proof.method)
    return ProofOut(
        method=proof.method,
        where=way.where,
        token=None if proof.problem else services.token_of(proof),
        settings_url=way.url or None,
        problem=_problem(platform, proof.problem),
        expires_at=proof.expires_at,
        is_checking=proof.is_checking,
        checked_at=proof.checked_at,
        seen=proof.seen,
    )


def _problem(platform: adapters.Adapter, key: str) -> ProofProblemOut | None:
    found = adapters.proof_problem(platform, key)
    if found is None:
        return None
    url = adapters.problem_url(platform, found)
    return ProofProblemOut(key=found.key, title=found.title, url=url)
