"""Proving that an account is one's own: a one-time token, put where only its owner can write.

The token is made of a stored nonce and the secret key, so that a page can show it again while
the database alone never tells it.
"""

from __future__ import annotations

import secrets
from base64 import b32encode
from datetime import datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from codetrack.accounts.models import User
from codetrack.core import clock, events, jobs, limits
from codetrack.core.errors import Conflict, Problem
from codetrack.platforms.base import PlatformError, Profile
from codetrack.ratings import permissions
from codetrack.ratings.adapters import adapter
from codetrack.ratings.events import (
    HandleLost,
    HandleVerified,
    ProofAsked,
    ProofMissed,
    ProofStarted,
)
from codetrack.ratings.models import Claim, Handle, Proof
from codetrack.ratings.services.claims import SOON, ask_reading, end_claim
from codetrack.ratings.troubles import sentence, state_of

LIFETIME = timedelta(minutes=30)
SHORT = timedelta(hours=1)  # how long the log keeps the looks at a token
SEEN_LENGTH = 60  # characters of a text that are quoted back


def start_proof(*, claim: Claim, method: str, by: User) -> str:
    """Make a new token, valid for 30 minutes; an earlier one of this claim is worth nothing then.

    Raises `Problem` for a way of proof that the platform does not have, `Conflict` for a claim
    that has ended or is proven.
    """
    permissions.require_owner(by, claim)
    if method not in {proof.key for proof in adapter(claim.platform).proofs}:
        raise Problem(_("There is no such way to prove this handle."), field="method")
    with transaction.atomic():
        claim = Claim.objects.select_for_update().get(pk=claim.pk)
        _require_unproven(claim)
        proof = Proof(claim=claim, method=method, nonce=secrets.token_hex(16))
        proof.digest = _digest(token_of(proof))
        proof.created_at = clock.now()
        proof.expires_at = proof.created_at + LIFETIME
        proof.save()
        payload = ProofStarted(handle_id=claim.handle_id, method=method)
        events.record(payload, actor=by, subject=claim)
    return token_of(proof)


def token_of(proof: Proof) -> str:
    """The token to show: `ct-` and ten letters or digits."""
    code = salted_hmac("codetrack.ratings.proof", proof.nonce, algorithm="sha256").digest()
    return "ct-" + b32encode(code).decode().lower()[:10]


def request_check(*, proof: Proof, by: User) -> None:
    """Have the platform asked for the token. Raises `TooMany` within a minute of the last time."""
    permissions.require_owner(by, proof.claim)
    _require_usable(proof, clock.now())
    seconds = settings.PROOF_CHECK_SECONDS
    message = _("We look at most once every %(seconds)d seconds. Wait a moment, then try again.")
    limits.take("ratings.proof", by, times=1, per=seconds, message=message % {"seconds": seconds})
    with transaction.atomic():
        proof = _lock(proof)
        _require_usable(proof, clock.now())
        proof.asked_at = clock.now()
        proof.save(update_fields=["asked_at"])
        key = f"ratings:proof:{proof.pk}"
        jobs.later("ratings.check_proof", proof.pk, key=key, priority=SOON)
        payload = ProofAsked(handle_id=proof.claim.handle_id, proof_id=proof.pk)
        events.record(payload, actor=by, subject=proof.claim, until=clock.now() + SHORT)


def settle_proof(*, proof: Proof, found: Profile | PlatformError, at: datetime) -> bool:
    """Judge a token by what the platform showed at `at`; says whether the claim is now proven.

    A handle that another member had proven moves to this one, and the other is told. Raises
    `Conflict` for a token that was used, replaced or asked for too late. Settling a proof that
    has succeeded already says True again, so a repeated job is harmless.
    """
    with transaction.atomic():
        # The handle first: two proofs of one handle are settled one after the other.
        handle = Handle.objects.select_for_update(of=("self",)).get(claims__proofs=proof)
        proof = _lock(proof)
        claim = proof.claim
        if proof.used_at is not None and claim.verified_at == proof.used_at:
            return True
        _require_usable(proof, proof.asked_at or at)
        method = None if isinstance(found, PlatformError) else _place(proof, found)
        proof.checked_at = max(at, proof.asked_at or at)
        if method is None:
            proof.seen = _what_was_seen(proof, found)
            proof.save(update_fields=["checked_at", "seen"])
            _tell_missed(proof)
            return False
        _move(handle, claim, method)
        proof.seen, proof.used_at = "", claim.verified_at
        proof.save(update_fields=["checked_at", "seen", "used_at"])
    return True


def _lock(proof: Proof) -> Proof:
    rows = Proof.objects.select_for_update(of=("self", "claim")).select_related("claim__member")
    return rows.get(pk=proof.pk)


def _tell_missed(proof: Proof) -> None:
    claim = proof.claim
    missed = ProofMissed(handle_id=claim.handle_id, proof_id=proof.pk)
    topics = [f"member:{claim.member_id}"]
    events.record(missed, subject=claim, topics=topics, until=clock.now() + SHORT)


def _move(handle: Handle, claim: Claim, method: str) -> None:
    """Make the claim the one proven claim of its handle."""
    for earlier in handle.claims.verified().exclude(pk=claim.pk):
        end_claim(earlier, Claim.End.LOST)
        lost = HandleLost(
            handle_id=handle.pk, platform=handle.platform, member_id=earlier.member_id
        )
        events.record(lost, subject=earlier, topics=[f"member:{earlier.member_id}"])
    claim.verified_at, claim.method = clock.now(), method
    claim.save(update_fields=["verified_at", "method"])
    verified = HandleVerified(
        handle_id=handle.pk, platform=handle.platform, member_id=claim.member_id, method=method
    )
    events.record(verified, actor=claim.member, subject=claim, topics=[f"member:{claim.member_id}"])
    ask_reading(handle)


def _require_unproven(claim: Claim) -> None:
    if claim.ended_at is not None:
        raise Conflict(_("This handle is not linked any more."), code="claim_ended")
    if claim.verified_at is not None:
        raise Conflict(_("This handle is proven already."), code="already_verified")


def _require_usable(proof: Proof, at: datetime) -> None:
    _require_unproven(proof.claim)
    newer = Proof.objects.filter(claim=proof.claim_id, pk__gt=proof.pk)
    if proof.used_at is not None or newer.exists():
        raise Conflict(_("This code has been replaced. Use the newest one."), code="proof_used")
    if at > proof.expires_at or proof.digest != _digest(token_of(proof)):
        raise Conflict(_("This code has expired. Make a new one."), code="proof_expired")


def _place(proof: Proof, profile: Profile) -> str | None:
    """In which text the token stands. Any that only the owner can edit will do."""
    token = token_of(proof)
    places = sorted(profile.texts, key=lambda key: key != proof.method)
    return next((key for key in places if token in profile.texts[key].lower()), None)


def _what_was_seen(proof: Proof, found: Profile | PlatformError) -> str:
    platform = adapter(proof.claim.platform)
    if isinstance(found, PlatformError):
        return sentence(state_of(found), platform.name)
    methods = {method.key: method.title for method in platform.proofs}
    title = methods.get(proof.method, proof.method)
    text = found.texts.get(proof.method, "").strip()
    if not text:
        return _("%(place)s of %(handle)s is empty.") % {"place": title, "handle": found.handle}
    shown = text if len(text) <= SEEN_LENGTH else f"{text[:SEEN_LENGTH]}…"
    return _("%(place)s of %(handle)s says “%(text)s”.") % {
        "place": title,
        "handle": found.handle,
        "text": shown,
    }


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
