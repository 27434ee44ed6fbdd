"""Proving that an account is one's own: a one-time token, put where only its owner can write, or a
compile error, sent to a problem that we name.

The token is made of a stored nonce and the secret key, so that a page can show it again while
the database alone never tells it.
"""

from __future__ import annotations

import secrets
from base64 import b32encode
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from codetrack.accounts.models import User
from codetrack.core import clock, events, jobs, limits
from codetrack.core.errors import Conflict, Missing
from codetrack.platforms.base import Attempt, PlatformError, Profile
from codetrack.ratings import permissions
from codetrack.ratings.adapters import Adapter, adapter, way
from codetrack.ratings.events import (
    HandleLost,
    HandleVerified,
    ProofAsked,
    ProofMissed,
    ProofStarted,
)
from codetrack.ratings.models import Claim, Handle, Proof
from codetrack.ratings.services.audience import topics_of
from codetrack.ratings.services.claims import SOON, ask_reading, end_claim
from codetrack.ratings.services.evidence import Asked, Finding, judge

LIFETIME = timedelta(minutes=30)
SHORT = timedelta(hours=1)  # how long the log keeps the looks at a token


def start_proof(*, claim: Claim, method: str, by: User) -> Proof:
    """Begin a new proof, good for 30 minutes; an earlier one of this claim is worth nothing then.

    Raises `Problem` for a way of proof that the platform does not have, `Conflict` for a claim
    that has ended or is proven, and `TooMany` for the eleventh within ten minutes.
    """
    permissions.require_owner(by, claim)
    platform = adapter(claim.platform)
    chosen = way(platform, method)
    limits.take("ratings.start_proof", by, times=10, per=600)
    with transaction.atomic():
        # The handle first, as in `settle_proof`: two members are given two problems.
        handle = _account(Handle.objects.filter(claims=claim))
        claim = Claim.objects.select_for_update().get(pk=claim.pk)
        _require_unproven(claim)
        proof = Proof(claim=claim, method=method, nonce=secrets.token_hex(16))
        proof.digest = _digest(token_of(proof))
        proof.created_at = clock.now()
        proof.expires_at = proof.created_at + LIFETIME
        if chosen.is_compile_error:
            proof.problem = _problem_for(handle, claim, platform)
        proof.save()
        payload = ProofStarted(handle_id=claim.handle_id, method=method)
        events.record(payload, actor=by, subject=claim, topics=_own(claim))
    return proof


def _problem_for(handle: Handle, claim: Claim, platform: Adapter) -> str:
    """A problem that nobody else is asked for: whoever fails to compile there proves one claim.

    A member keeps the same one for as long as any proof naming it could be looked at, so that
    nobody can wait for the problem of another by beginning again and again.
    """
    every = {problem.key for problem in platform.proof_problems}
    named = _naming_problems(handle)
    free = every - set(
        named.exclude(claim__member=claim.member_id).values_list("problem", flat=True)
    )
    kept = named.filter(claim__member=claim.member_id, problem__in=free).order_by("-pk").first()
    if kept is not None:
        return kept.problem
    if not free:
        raise Conflict(
            _("Too many members are proving this handle in this way. Choose another way."),
            code="no_problem_left",
        )
    return secrets.choice(sorted(free))


def _naming_problems(handle: Handle) -> QuerySet[Proof]:
    """The proofs of an account whose problem may still be looked at."""
    lately = Proof.objects.filter(claim__handle=handle, expires_at__gt=clock.now() - LIFETIME)
    return lately.exclude(problem="")


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
        until, topics = clock.now() + SHORT, _own(proof.claim)
        events.record(payload, actor=by, subject=proof.claim, topics=topics, until=until)


def settle_proof(
    *,
    proof: Proof,
    found: Profile | PlatformError,
    at: datetime,
    attempts: Sequence[Attempt] = (),
) -> bool:
    """Judge a proof by what the platform showed at `at`; says whether the claim is now proven.

    `attempts` are the newest ones, newest first, for a proof by compile error. A handle that
    another member had proven moves to this one, and the other is told. Raises `Conflict` for a
    proof that was used, replaced or asked for too late. Settling one that has succeeded already
    says True again, so a repeated job is harmless.
    """
    with transaction.atomic():
        # The handle first: two proofs of one handle are settled one after the other.
        handle = _account(Handle.objects.filter(claims__proofs=proof))
        proof = _lock(proof)
        claim = proof.claim
        if proof.used_at is not None and claim.verified_at == proof.used_at:
            return True
        _require_usable(proof, proof.asked_at or at)
        finding = _judged(proof, handle, found, attempts)
        proof.checked_at = max(at, proof.asked_at or at)
        if finding.method is None:
            proof.seen = finding.seen[:300]
            proof.save(update_fields=["checked_at", "seen"])
            _tell_missed(proof)
            return False
        _move(handle, claim, finding.method)
        proof.seen, proof.used_at = "", claim.verified_at
        proof.save(update_fields=["checked_at", "seen", "used_at"])
    return True


def _judged(
    proof: Proof, handle: Handle, found: Profile | PlatformError, attempts: Sequence[Attempt]
) -> Finding:
    if proof.problem and _is_shared(proof, handle):
        return Finding(None, _("Another member is asked for this problem as well. Begin again."))
    return judge(_asked(proof, handle), adapter(handle.platform), found, attempts)


def _asked(proof: Proof, handle: Handle) -> Asked:
    return Asked(
        handle=handle.canonical,
        method=proof.method,
        token=token_of(proof),
        problem=proof.problem,
        since=proof.created_at,
        zone=proof.claim.member.time_zone,
    )


def _is_shared(proof: Proof, handle: Handle) -> bool:
    """Another member is asked for the same problem: they named the account before its renaming."""
    same = _naming_problems(handle).filter(problem=proof.problem)
    return same.exclude(claim__member=proof.claim.member_id).exists()


def _account(named: QuerySet[Handle]) -> Handle:
    """The one account that is `named`, locked; looked for again where it was found, while we
    waited for it, to be one with another. Raises `Missing` for a claim that is gone."""
    for _again in range(3):
        if row := named.select_for_update(of=("self",)).first():
            return row
    raise Missing


def _lock(proof: Proof) -> Proof:
    rows = Proof.objects.select_for_update(of=("self", "claim")).select_related("claim__member")
    return rows.get(pk=proof.pk)


def _tell_missed(proof: Proof) -> None:
    claim = proof.claim
    missed = ProofMissed(handle_id=claim.handle_id, proof_id=proof.pk)
    events.record(missed, subject=claim, topics=_own(claim), until=clock.now() + SHORT)


def _own(claim: Claim) -> list[str]:
    """How a proof goes is seen by its member alone."""
    return [f"account:{claim.member_id}"]


def _move(handle: Handle, claim: Claim, method: str) -> None:
    """Make the claim the one proven claim of its handle."""
    for earlier in handle.claims.verified().exclude(pk=claim.pk).select_for_update():
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
    events.record(verified, actor=claim.member, subject=claim, topics=topics_of(claim))
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
        raise Conflict(_("This proof has been replaced. Use the newest one."), code="proof_used")
    if at > proof.expires_at or proof.digest != _digest(token_of(proof)):
        raise Conflict(_("This proof has expired. Begin a new one."), code="proof_expired")


def _digest(token: str) -> str:
    return sha256(token.encode()).hexdigest()
