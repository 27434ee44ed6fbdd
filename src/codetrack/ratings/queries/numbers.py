"""The numbers of many members' accounts at once: as they are, and as they were when a week began.

A handful of queries for any number of members. What each counts is what the pages of one member
count: see `queries.solved` and `Reading`.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db.models import Case, Count, IntegerField, OuterRef, QuerySet, Subquery, Value, When
from django.db.models.functions import Coalesce

from codetrack.ratings.models import Claim, Handle, RatingChange, Snapshot
from codetrack.ratings.queries.days import first_solves
from codetrack.ratings.queries.readings import Reading


@dataclass(frozen=True, slots=True)
class Numbers:
    """What an account had at one moment. None: not known, or not rated.

    `levels` counts the solved problems by the name of their level, "" where it is not known.
    """

    platform: str
    rating: int | None
    played_on: date | None
    solved: int | None
    levels: Mapping[str, int]

    @property
    def is_known(self) -> bool:
        return self.rating is not None or self.solved is not None


@dataclass(frozen=True, slots=True)
class Account:
    """What a member names: its numbers now, and at the start of each period that was asked for."""

    reading: Reading
    now: Numbers
    then: Sequence[Numbers]

    @property
    def proven(self) -> bool:
        return self.reading.verified


def accounts(members: Collection[int], starts: Sequence[datetime] = ()) -> dict[int, list[Account]]:
    """The accounts that members name, by member id; `starts` in ascending order.

    A start is measured by what is known today: a contest that was corrected since counts as
    corrected. What was not known then counts from when it was: a first rating, or a first
    reading of a number of solved problems, is a beginning and no gain.
    """
    claims = Claim.objects.open().filter(member__in=members).order_by("platform")
    readings = [Reading(claim) for claim in claims.select_related("handle__current")]
    handles = [one.handle.pk for one in readings]
    told = _Told(handles, starts)
    listed = _listed(readings, starts)
    found: dict[int, list[Account]] = defaultdict(list)
    for reading in readings:
        account = _account(reading, told, listed[reading.handle.pk], len(starts))
        found[reading.claim.member_id].append(account)
    return found


# --- by rows of contests and snapshots


class _Told:
    """The contests and snapshots that stood at some moments, in three queries."""

    def __init__(self, handles: Collection[int], starts: Sequence[datetime]) -> None:
        changes = RatingChange.objects.filter(handle=OuterRef("pk"))
        counts = Snapshot.objects.filter(handle=OuterRef("pk"), solved__isnull=False)
        places = {"last": _newest(changes, "at"), "first": _oldest(changes, "at")}
        if starts:
            places["begun"] = _oldest(counts, "day")
        for number, start in enumerate(starts):
            places[f"change{number}"] = _newest(changes.filter(at__lt=start), "at")
            places[f"count{number}"] = _newest(counts.filter(day__lt=start.date()), "day")
        rows = Handle.objects.filter(pk__in=handles).annotate(**places)
        self._places = {row.pop("pk"): row for row in rows.values("pk", *places)}
        of_counts = [name for name in places if name == "begun" or name.startswith("count")]
        of_changes = [name for name in places if name not in of_counts]
        self._changes = RatingChange.objects.in_bulk(self._named(of_changes))
        self._counts = Snapshot.objects.in_bulk(self._named(of_counts))

    def change(self, handle: int, name: str) -> RatingChange | None:
        return self._changes.get(self._places[handle][name])

    def count(self, handle: int, name: str) -> Snapshot | None:
        return self._counts.get(self._places[handle][name])

    def _named(self, names: Collection[str]) -> list[int]:
        found = {row[name] for row in self._places.values() for name in names}
        return sorted(pk for pk in found if pk is not None)


def _newest(rows: QuerySet[RatingChange] | QuerySet[Snapshot], by: str) -> Subquery:
    return Subquery(rows.order_by(f"-{by}", "-pk").values("pk")[:1])


def _oldest(rows: QuerySet[RatingChange] | QuerySet[Snapshot], by: str) -> Subquery:
    return Subquery(rows.order_by(by, "pk").values("pk")[:1])


# --- by lists of solved problems


def _listed(
    readings: Collection[Reading], starts: Sequence[datetime]
) -> dict[int, list[Counter[str]]]:
    """What each handle had solved by level before each start, and at the end by now."""
    platforms = {one.handle.pk: one.platform for one in readings}
    eras = [When(at__lt=start, then=Value(number)) for number, start in enumerate(starts)]
    last = Value(len(starts))
    era = Case(*eras, default=last, output_field=IntegerField()) if eras else last
    alike = first_solves(list(platforms)).values(
        "handle",
        "problem__level",
        difficulty=Coalesce("problem__difficulty", "problem__twin__difficulty"),
        era=era,
    )
    found: dict[int, list[Counter[str]]] = defaultdict(
        lambda: [Counter() for _ in range(len(starts) + 1)]
    )
    rows = alike.annotate(number=Count("pk"))
    names = ("handle", "problem__level", "difficulty", "era", "number")
    for handle, word, difficulty, since, number in rows.values_list(*names):
        platform = platforms[handle]
        level = word or (platform.level(difficulty) if platform else "")
        for counts in found[handle][since:]:
            counts[level.capitalize()] += number
    return found


# --- together


def _account(reading: Reading, told: _Told, listed: Sequence[Counter[str]], starts: int) -> Account:
    handle, platform = reading.handle.pk, reading.claim.platform
    last, first = told.change(handle, "last"), told.change(handle, "first")
    solved, levels = _solved(reading.snapshot, listed[-1])
    known = reading.handle.attempts_read_at is not None or (
        reading.snapshot is not None and reading.snapshot.solved is not None
    )
    now = Numbers(platform, reading.rating, _day(last), solved if known else None, levels)
    then = []
    for number in range(starts):
        change = told.change(handle, f"change{number}")
        base = change or first
        rating = base.new if base is not None and now.rating is not None else now.rating
        count = told.count(handle, f"count{number}") or told.count(handle, "begun")
        before, of_level = _solved_then(reading, now, listed, number, count)
        then.append(Numbers(platform, rating, _day(change), before if known else None, of_level))
    return Account(reading, now, then)


def _solved(snapshot: Snapshot | None, listed: Counter[str]) -> tuple[int, dict[str, int]]:
    """The number of solved problems, by what was told and what is listed, and by level."""
    told = snapshot.solved or 0 if snapshot else 0
    levels = Counter({name: number for name, number in listed.items() if name})
    if snapshot and snapshot.solved_by:
        levels = Counter()
        for name, number in snapshot.solved_by.items():
            levels[name.capitalize()] += number
    solved = max(told, listed.total(), levels.total())
    return solved, {**levels, "": solved - levels.total()}


def _solved_then(
    reading: Reading,
    now: Numbers,
    listed: Sequence[Counter[str]],
    number: int,
    count: Snapshot | None,
) -> tuple[int, Mapping[str, int]]:
    """A platform that counts itself is compared by its counts, any other by its list."""
    if reading.counts_solved:
        if count is None:
            return now.solved or 0, now.levels
        return _solved(count, listed[number])
    since = listed[-1] - listed[number]
    levels = {name: n - since[name] for name, n in now.levels.items()}
    return (now.solved or 0) - since.total(), levels


def _day(change: RatingChange | None) -> date | None:
    return change.at.date() if change is not None else None
