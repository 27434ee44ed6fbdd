"""The best proven ratings of many members."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Count, QuerySet

from codetrack.ratings.adapters import Adapter
from codetrack.ratings.models import Claim, ClaimQuerySet
from codetrack.ratings.queries.readings import Reading, trends


def board(members: QuerySet[Any, Any], platform: str) -> ClaimQuerySet:
    """The proven handles of `members` (a query for ids) that have a rating, the best first."""
    return (
        Claim.objects.verified()
        .filter(member__in=members, platform=platform, handle__current__rating__isnull=False)
        .select_related("member", "handle__current")
        .order_by("-handle__current__rating", "member__username")
    )


def busiest(members: QuerySet[Any, Any], platforms: Sequence[Adapter]) -> str:
    """The key of the platform on which most of these members have a proven rating."""
    keys = [one.key for one in platforms]
    proven = Claim.objects.verified().filter(member__in=members, platform__in=keys)
    rated = proven.filter(handle__current__rating__isnull=False).values_list("platform")
    found = rated.annotate(n=Count("pk")).order_by("-n", "platform").first()
    return found[0] if found else next(iter(keys), "")


def with_trends(claims: Sequence[Claim]) -> list[Reading]:
    found = trends([claim.handle_id for claim in claims])
    return [Reading(claim, found[claim.handle_id]) for claim in claims]
