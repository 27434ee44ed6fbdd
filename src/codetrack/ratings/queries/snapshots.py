"""What was read of members' handles over time."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import F, Max, Q, QuerySet, Window
from django.db.models.functions import RowNumber, TruncMonth

from codetrack.accounts.models import User
from codetrack.platforms.base import Tier
from codetrack.ratings.models import Claim, Handle, Snapshot
from codetrack.ratings.queries.readings import Reading, claims_of

LATELY = timedelta(days=30)
IN_TROUBLE = (Handle.State.STALE, Handle.State.BLOCKED, Handle.State.CHANGED)


@dataclass(frozen=True)
class Kept:
    """What stood on one day; None for a tier where there was no rating."""

    snapshot: Snapshot
    tier: Tier | None


@dataclass(frozen=True)
class Record:
    """The history of one account: the last reading of each month and of each day lately."""

    reading: Reading
    months: list[Kept]
    days: list[Kept]

    @property
    def ranked(self) -> bool:
        """The platform tells a place in the world."""
        return any(kept.snapshot.global_rank for kept in (*self.months, *self.days))

    @property
    def ratings(self) -> list[int]:
        """Month by month, oldest first, without those before the first rating."""
        found = [kept.snapshot.rating for kept in reversed(self.months)]
        return [rating for rating in found if rating is not None]

    @property
    def solved(self) -> list[int]:
        found = [kept.snapshot.solved for kept in reversed(self.months)]
        return [solved for solved in found if solved is not None]


def snapshots_of(member: User) -> QuerySet[Snapshot]:
    """One a day of each handle that a member names."""
    handles = Claim.objects.open().filter(member=member).values("handle")
    return Snapshot.objects.filter(handle__in=handles).select_related("handle")


def records_of(member: User, today: date) -> list[Record]:
    """The history of every handle that a member names, newest first, in two queries."""
    since = today - LATELY
    of_month = Window(
        RowNumber(), partition_by=[F("handle"), TruncMonth("day")], order_by=F("day").desc()
    )
    rows = snapshots_of(member).annotate(of_month=of_month)
    kept: dict[int, list[Snapshot]] = defaultdict(list)
    for row in rows.filter(Q(of_month=1) | Q(day__gt=since)).order_by("-day"):
        kept[row.handle_id].append(row)
    return [_record(claim, kept[claim.handle_id], since) for claim in claims_of(member)]


def _record(claim: Claim, rows: list[Snapshot], since: date) -> Record:
    reading = Reading(claim)
    platform = reading.platform
    kept = [Kept(row, platform.tier(row.rating) if platform else None) for row in rows]
    months: dict[date, Kept] = {}
    for one in kept:
        months.setdefault(one.snapshot.day.replace(day=1), one)
    return Record(reading, list(months.values()), [k for k in kept if k.snapshot.day > since])


@dataclass(frozen=True)
class Health:
    """How a platform answers: when it was read last, and whether it failed since."""

    platform: str
    read_at: datetime | None
    fails: bool


def health() -> list[Health]:
    """Of every platform on which somebody names a handle."""
    fell = Max("state_at", filter=Q(state__in=IN_TROUBLE))
    rows = Handle.objects.claimed().values("platform").annotate(read=Max("fresh_at"), fell=fell)
    return [
        Health(key, read, fell is not None and (read is None or fell > read))
        for key, read, fell in rows.order_by("platform").values_list("platform", "read", "fell")
    ]
