"""Handles of a member with what was read of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db.models import (
    F,
    QuerySet,
    Window,
)
from django.db.models.functions import RowNumber

from codetrack.accounts.models import User
from codetrack.core import clock
from codetrack.platforms.base import Tier
from codetrack.platforms.registry import all_platforms
from codetrack.ratings import adapters, troubles
from codetrack.ratings.models import Claim, ClaimQuerySet, Handle, RatingChange, Snapshot


@dataclass(frozen=True)
class Reading:
    """One account as a page shows it, with its rated contests, oldest first (or none asked for)."""

    claim: Claim
    changes: Sequence[RatingChange] = ()

    @property
    def handle(self) -> Handle:
        return self.claim.handle

    @property
    def snapshot(self) -> Snapshot | None:
        return self.handle.current

    @property
    def platform(self) -> adapters.Adapter | None:
        """None for one that is not installed any more; its numbers are kept and shown."""
        return all_platforms().get(self.claim.platform)

    @property
    def platform_name(self) -> str:
        return self.platform.name if self.platform else self.claim.platform

    @property
    def url(self) -> str:
        return adapters.profile_url(self.claim.platform, self.handle.shown)

    @property
    def trouble(self) -> str:
        """Why the last reading failed, in one sentence; empty when it did not."""
        if self.handle.is_doubted:
            return troubles.doubt(self.platform_name)
        return troubles.sentence(self.handle.state, self.platform_name, self.handle.error)

    @property
    def verified(self) -> bool:
        return self.claim.verified_at is not None

    @property
    def rating(self) -> int | None:
        return self.snapshot.rating if self.snapshot else None

    @property
    def tier(self) -> Tier | None:
        return self.platform.tier(self.rating) if self.platform else None

    @property
    def next_tier(self) -> Tier | None:
        if self.platform is None or self.rating is None:
            return None
        return next((tier for tier in self.platform.tiers if tier.floor > self.rating), None)

    @property
    def missing_points(self) -> int | None:
        """How far it is to the next tier."""
        if self.next_tier is None or self.rating is None:
            return None
        return self.next_tier.floor - self.rating

    @property
    def delta(self) -> int | None:
        """What the last contest did; None for somebody who was rated in no more than one."""
        last = self.changes[-1] if len(self.changes) > 1 else None
        return last.new - last.old if last and last.old is not None else None

    @property
    def counts_solved(self) -> bool:
        """The number of solved problems is the platform's own, not ours."""
        return self.platform is not None and self.platform.counts_solved

    @property
    def counts_levels(self) -> bool:
        """So are the numbers by difficulty."""
        return self.snapshot is not None and bool(self.snapshot.solved_by)

    @property
    def calendar_name(self) -> str:
        """The zone of the platform's own days as people write it, such as IST."""
        zone = self.platform.calendar_zone if self.platform else None
        return clock.now().astimezone(ZoneInfo(zone)).strftime("%Z") if zone else ""

    @property
    def solved_at(self) -> datetime | None:
        """How fresh the number of solved problems is."""
        return self.handle.fresh_at if self.counts_solved else self.handle.solved_at

    @property
    def last_played_at(self) -> datetime | None:
        return self.changes[-1].at if self.changes else None

    @property
    def trend(self) -> list[int]:
        return [change.new for change in self.changes[-16:]]


def readings(member: User) -> list[Reading]:
    """Everything a member page shows of the handles that a member names."""
    claims = list(claims_of(member))
    history = histories([claim.handle_id for claim in claims])
    return [Reading(claim, history[claim.handle_id]) for claim in claims]


def claims_of(member: User) -> ClaimQuerySet:
    """The handles a member names now, one a platform."""
    claims = Claim.objects.open().filter(member=member).order_by("platform")
    return claims.select_related("handle__current")


def changes_of(member: User) -> QuerySet[RatingChange]:
    """The rated contests of all handles that a member names."""
    handles = Claim.objects.open().filter(member=member).values("handle")
    return RatingChange.objects.filter(handle__in=handles).select_related("contest")


def histories(handles: Collection[int]) -> dict[int, list[RatingChange]]:
    """The rated contests of each handle, oldest first, with their contests."""
    found: dict[int, list[RatingChange]] = defaultdict(list)
    rows = RatingChange.objects.filter(handle__in=handles).select_related("contest")
    for row in rows.order_by("at", "pk"):
        found[row.handle_id].append(row)
    return found


def trends(handles: Collection[int], last: int = 16) -> dict[int, list[RatingChange]]:
    """The last contests of each handle, oldest first: enough for a trend and the last change."""
    found: dict[int, list[RatingChange]] = defaultdict(list)
    place = Window(RowNumber(), partition_by=F("handle"), order_by=[F("at").desc(), F("pk").desc()])
    rows = RatingChange.objects.filter(handle__in=handles).annotate(place=place)
    for row in rows.filter(place__lte=last).order_by("at", "pk"):
        found[row.handle_id].append(row)
    return found


def with_trends(claims: Sequence[Claim]) -> list[Reading]:
    found = trends([claim.handle_id for claim in claims])
    return [Reading(claim, found[claim.handle_id]) for claim in claims]
