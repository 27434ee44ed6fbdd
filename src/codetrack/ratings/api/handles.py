"""The caller's own handles and their proofs, for programs."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status

from codetrack.accounts.caller import caller
from codetrack.ratings import adapters, queries, services
from codetrack.ratings.api.shapes import HandleOut, shown
from codetrack.ratings.models import Claim, Proof

handles = Router(tags=["ratings"])


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


@handles.post("", response={201: HandleOut}, summary="Link a handle")
def link_handle(request: HttpRequest, link: LinkIn) -> Status[Any]:
    """The first reading begins at once; unverified handles are read, but count on no board."""
    member = caller(request)
    claim = services.link_handle(member=member, platform=link.platform, text=link.handle)
    return Status(201, shown(_own(request, claim.pk)))


@handles.get("/{handle_id}", response=HandleOut, summary="One of the caller's handles")
def read_handle(request: HttpRequest, handle_id: int) -> HandleOut:
    return shown(_own(request, handle_id))


@handles.delete("/{handle_id}", response={204: None}, summary="Unlink a handle")
def unlink_handle(request: HttpRequest, handle_id: int) -> Status[Any]:
    services.unlink_handle(claim=_own(request, handle_id), by=caller(request))
    return Status(204, None)


@handles.post("/{handle_id}/refresh", response={202: HandleOut}, summary="Read a handle again now")
def refresh_handle(request: HttpRequest, handle_id: int) -> Status[Any]:
    services.request_refresh(handle=_own(request, handle_id).handle, by=caller(request))
    return Status(202, shown(_own(request, handle_id)))


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


def _own(request: HttpRequest, pk: int) -> Claim:
    return get_object_or_404(queries.claims_of(caller(request)), pk=pk)


def _latest(claim: Claim) -> Proof:
    return get_object_or_404(queries.proofs_of(claim))


def _proof(claim: Claim) -> ProofOut:
    proof = _latest(claim)
    platform = adapters.adapter(claim.platform)
    way = adapters.way(platform, proof.method)
    return ProofOut(
        token=services.token_of(proof),
        method=proof.method,
        where=way.where,
        settings_url=way.url,
        expires_at=proof.expires_at,
        is_checking=proof.is_checking,
        checked_at=proof.checked_at,
        seen=proof.seen,
    )
