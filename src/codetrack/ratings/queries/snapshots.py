"""What was read of members' handles over time."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import F, Max, Q, QuerySet, Window
from django.db.models.functions import RowNumber, TruncMonth

from codetrack.accounts.models import User
from codetrack.platforms.base import Tier
from codetrack.ratings.models import Claim, Handle, RatingChange, Snapshot
from codetrack.ratings.queries.readings import Reading, claims_of

LATELY = timedelta(days=30)
YEAR = 12  # months that a page shows at once
IN_TROUBLE = (Handle.State.STALE, Handle.State.BLOCKED, Handle.State.CHANGED)


@dataclass(frozen=True)
class Kept:
    """What stood on one day; None for a tier where there was no rating."""

    snapshot: Snapshot
    tier: Tier | None


@dataclass(frozen=True)
class Record:
    """The history of one account, newest first: each month as it ended, and each day lately."""

    reading: Reading
    months: list[Kept]
    days: list[Kept]
    #: The month of our first reading, where the rated contests tell of months before it.
    first_read: date | None = None

    @property
    def lately(self) -> list[Kept]:
        return self.months[:YEAR]

    @property
    def earlier(self) -> list[Kept]:
        return self.months[YEAR:]

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
    """The history of every handle that a member names, in three queries."""
    since, claims = today - LATELY, list(claims_of(member))
    of_month = Window(
        RowNumber(), partition_by=[F("handle"), TruncMonth("day")], order_by=F("day").desc()
    )
    rows = snapshots_of(member).annotate(of_month=of_month)
    kept: dict[int, list[Snapshot]] = defaultdict(list)
    for row in rows.filter(Q(of_month=1) | Q(day__gt=since)).order_by("-day"):
        kept[row.handle_id].append(row)
    before = _by_contests([claim.handle_id for claim in claims])
    return [
        _record(Reading(one), kept[one.handle_id], before[one.handle_id], since) for one in claims
    ]


def _record(reading: Reading, read: list[Snapshot], told: list[Snapshot], since: date) -> Record:
    months: dict[date, Snapshot] = {}
    for row in read:
        months.setdefault(_month(row), row)
    first = min(months, default=date.max)
    tier = reading.platform.tier if reading.platform else lambda _rating: None
    kept = [Kept(row, tier(row.rating)) for row in months.values()]
    older = [Kept(row, tier(row.rating)) for row in told if _month(row) < first]
    days = [Kept(row, tier(row.rating)) for row in read if row.day > since]
    return Record(reading, kept + older, days, first if kept and older else None)


def _by_contests(handles: Collection[int]) -> dict[int, list[Snapshot]]:
    """After the last rated contest of each month, newest first. These rows are in no table."""
    found: dict[int, dict[date, Snapshot]] = defaultdict(dict)
    played: Counter[int] = Counter()
    rows = RatingChange.objects.filter(handle__in=handles).order_by("at", "pk")
    for handle, at, new in rows.values_list("handle", "at", "new"):
        played[handle] += 1
        row = Snapshot(handle_id=handle, day=at.date(), rating=new, contests=played[handle])
        found[handle][_month(row)] = row
    return defaultdict(list, {pk: list(months.values())[::-1] for pk, months in found.items()})


def _month(row: Snapshot) -> date:
    return row.day.replace(day=1)


@dataclass(frozen=True)
class Health:
    """How a platform answers: when it was read last, and whether it failed since."""

    platform: str
    read_at: datetime | None
    fails: bool


def health() -> list[Health]:
    """Of every platform on which somebody names a handle. One that denies an account answers."""
    fell = Max("state_at", filter=Q(state__in=IN_TROUBLE, missing_at=None))
    rows = Handle.objects.claimed().values("platform").annotate(read=Max("fresh_at"), fell=fell)
    return [
        Health(key, read, fell is not None and (read is None or fell > read))
        for key, read, fell in rows.order_by("platform").values_list("platform", "read", "fell")
    ]
