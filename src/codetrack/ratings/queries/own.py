"""What members see of their own handles and proofs."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from django.db.models import (
    Count,
    Exists,
    IntegerField,
    OuterRef,
    QuerySet,
    Subquery,
)

from codetrack.accounts.models import User
from codetrack.core import clock, jobs
from codetrack.ratings.models import Claim, ClaimQuerySet, Handle, Proof
from codetrack.ratings.queries.readings import claims_of

TOLD_FOR = timedelta(days=30)  # how long a member is told that a handle was lost


def own_claims(member: User) -> ClaimQuerySet:
    """What a member names, with how many others name it and whether one has proven it."""
    others = Claim.objects.open().filter(handle=OuterRef("handle")).exclude(member=member)
    named = others.values("handle").annotate(n=Count("pk")).values("n")
    return claims_of(member).annotate(
        named_by_others=Subquery(named, output_field=IntegerField()),
        proven_by_other=Exists(others.filter(verified_at__isnull=False)),
    )


def every_claim(member: User) -> ClaimQuerySet:
    """What a member names or has named: who sends a form twice means a claim that has ended."""
    return Claim.objects.filter(member=member)


def place_of(handle: Handle) -> int | None:
    """How many readings come before the one that was asked for; None when none waits."""
    return jobs.place(handle.reading_key) if handle.asked_at else None


def lost_claims(member: User) -> ClaimQuerySet:
    """Handles that another member proved lately, on platforms where none is linked since."""
    linked = Claim.objects.open().filter(member=member, platform=OuterRef("platform"))
    lost = Claim.objects.filter(
        member=member, end=Claim.End.LOST, ended_at__gt=clock.now() - TOLD_FOR
    )
    return lost.exclude(Exists(linked)).select_related("handle").order_by("-ended_at")


def open_proofs(claims: Collection[int]) -> dict[int, datetime]:
    """Until when the newest token of each of these claims is good, where it may still be used."""
    rows = Proof.objects.filter(claim__in=claims, used_at=None, expires_at__gt=clock.now())
    return dict(rows.order_by("created_at", "pk").values_list("claim", "expires_at"))


def proofs_of(claim: Claim) -> QuerySet[Proof]:
    """The newest token of a claim, used up or not; no row when none was made."""
    proofs = Proof.objects.filter(claim=claim).order_by("-created_at", "-pk")
    return proofs.select_related("claim__handle")[:1]
