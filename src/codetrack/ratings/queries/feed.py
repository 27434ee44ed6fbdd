"""What accounts say that their members did lately, as items of a feed. Of proven accounts alone.

What lies further back than a week before the account was proven is no news, however new the
account is here.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.db.models import Exists, Max, OuterRef
from django.db.models.functions import Coalesce

from codetrack.accounts import zones
from codetrack.core import clock
from codetrack.platforms.registry import all_platforms
from codetrack.ratings.models import CalendarDay, Claim, ClaimQuerySet, Problem, RatingChange, Solve
from codetrack.ratings.queries.attempts import LEVELS, platform_name
from codetrack.ratings.queries.days import DAY, days
from codetrack.standings.feeds import KEPT, Item, Plain, Scope

CONTEST, RANK, MAXIMUM = "contest", "rank", "maximum"
SOLVED, STREAK = "solved", "streak"
RATED = (CONTEST, RANK, MAXIMUM)
#: So long before an account was proven there may be news; so long solved problems are looked at.
LATELY = timedelta(days=7)
MILESTONES = (7, 30, 100, 200, 365, 500, 1000)


@dataclass(frozen=True)
class News:
    """What there is within these scopes, and nothing else."""

    items: list[Item]
    scopes: list[Scope]


# --- rated contests


def contest_news(handles: Collection[int]) -> News:
    """The rated contests of whoever has proven, or had, one of these accounts."""
    floor, had = clock.now() - KEPT, _proven_once(handles)
    scopes = [
        Scope(member=member, kinds=RATED, since=floor, prefix=f"{platform}:")
        for member, platform in had
    ]
    claims = {
        claim.handle_id: claim
        for claim in _proven({member for member, _ in had})
        if (claim.member_id, claim.platform) in had
    }
    rows = RatingChange.objects.filter(handle__in=claims)
    tops = dict(rows.filter(at__lt=floor).values_list("handle").annotate(top=Max("new")))
    items: list[Item] = []
    lately = rows.filter(at__gte=floor).select_related("contest")
    for change in lately.order_by("handle", "at", "pk"):
        claim, top = claims[change.handle_id], tops.get(change.handle_id)
        if change.at >= _since(claim, floor):
            items += _of_contest(claim, change, top)
        tops[change.handle_id] = change.new if top is None else max(top, change.new)
    return News(items, scopes)


def _of_contest(claim: Claim, change: RatingChange, top: int | None) -> Iterator[Item]:
    """The result, and what it brought; `top` is the highest rating before it."""
    adapter = all_platforms().get(claim.platform)
    tier, best = (adapter.tier(change.new), adapter.tier(top)) if adapter else (None, None)
    params: dict[str, Plain] = {
        "platform": platform_name(claim.platform),
        "contest": change.contest.name,
        "rank": change.rank,
        "old": change.old,
        "new": change.new,
        "delta": None if not change.old else change.new - change.old,
        "tier": tier.name if tier else "",
        "level": tier.level if tier else 0,
    }
    yield _rated(claim, change, CONTEST, str(change.contest_id), params)
    if top is None or change.new <= top:
        return
    if tier and best and tier.floor > best.floor:
        yield _rated(claim, change, RANK, str(tier.floor), params)
    else:
        yield _rated(claim, change, MAXIMUM, str(change.contest_id), params)


def _rated(
    claim: Claim, change: RatingChange, kind: str, key: str, params: Mapping[str, Plain]
) -> Item:
    return Item(
        member=claim.member_id,
        kind=kind,
        key=f"{claim.platform}:{key}",
        at=change.at,
        url=change.contest.url,
        params=params,
    )


# --- solved problems


class _Solved(NamedTuple):
    at: datetime
    title: str
    url: str
    difficulty: int | None
    level: str
    platform: str

    @property
    def hardness(self) -> tuple[int, int]:
        """On the scale of its platform; a word where there is no number."""
        return (self.difficulty or 0, LEVELS.index(self.level) if self.level in LEVELS else -1)


@dataclass(frozen=True)
class _Solver:
    """One member with proven accounts, and what they did lately, by the day of their own clock."""

    member: int
    zone: ZoneInfo
    handles: list[int]
    solved: Mapping[date, list[_Solved]]
    #: Days on which a platform counts submissions itself.
    submitted: set[date]

    def begin(self, day: date) -> datetime:
        return datetime.combine(day, time(), self.zone)


def solved_news(handles: Collection[int], *, anew: bool = False) -> News:
    """What whoever has proven, or had, one of these accounts solved lately, and for how many days
    in a row. `anew`: all that is kept, for accounts that were taken away.
    """
    now, members = clock.now(), {member for member, _ in _proven_once(handles)}
    since = now - (KEPT if anew else LATELY)
    items: list[Item] = []
    scopes: list[Scope] = []
    solvers = _solvers(members, since)
    for member in sorted(members):
        solver = solvers.get(member)
        first = solver.begin(since.astimezone(solver.zone).date() + DAY) if solver else since
        kinds = [SOLVED, STREAK] if anew else [SOLVED]
        if solver:
            items += [_of_day(solver, day) for day in solver.solved if solver.begin(day) >= first]
        if solver and _may_be_in_a_row(solver, now):
            items += _milestones(solver, first)
            kinds = [SOLVED, STREAK]
        scopes.append(Scope(member=member, kinds=kinds, since=first))
    return News(items, scopes)


def _solvers(members: Collection[int], since: datetime) -> dict[int, _Solver]:
    claims: dict[int, list[Claim]] = defaultdict(list)
    for claim in _proven(members):
        claims[claim.member_id].append(claim)
    every = [claim for some in claims.values() for claim in some]
    solved, submitted = _solved(every, since), _submitted(every, since)
    return {
        member: _Solver(
            member,
            zones.zone(some[0].member.time_zone),
            [claim.handle_id for claim in some],
            solved[member],
            submitted[member],
        )
        for member, some in claims.items()
    }


def _solved(claims: Sequence[Claim], since: datetime) -> dict[int, dict[date, list[_Solved]]]:
    """By member and day; each problem once, whatever keys its platform lists it under."""
    by_handle = {claim.handle_id: claim for claim in claims}
    rows = Solve.objects.filter(handle__in=by_handle, at__gte=since)
    lately = rows.annotate(one=Coalesce("problem__twin", "problem"))
    earlier = Solve.objects.filter(handle=OuterRef("handle"), problem=OuterRef("one"))
    at_twin = Solve.objects.filter(
        handle=OuterRef(OuterRef("handle")), problem=OuterRef("pk"), at__lt=OuterRef(OuterRef("at"))
    )
    twins = Problem.objects.filter(Exists(at_twin), twin=OuterRef("one"))
    first = lately.exclude(Exists(earlier.filter(at__lt=OuterRef("at"))) | Exists(twins))
    found: dict[int, dict[date, list[_Solved]]] = defaultdict(lambda: defaultdict(list))
    seen: set[tuple[int, int]] = set()
    listed = first.order_by("at", "pk").values_list(
        "handle", "one", "at", "problem__title", "problem__url",
        Coalesce("problem__difficulty", "problem__twin__difficulty"), "problem__level",
        "problem__platform",
    )  # fmt: skip
    for handle, one, *told in listed:
        claim, solve = by_handle[handle], _Solved(*told)
        if solve.at >= _since(claim, since) and (handle, one) not in seen:
            seen.add((handle, one))
            day = solve.at.astimezone(zones.zone(claim.member.time_zone)).date()
            found[claim.member_id][day].append(solve)
    return found


def _submitted(claims: Sequence[Claim], since: datetime) -> dict[int, set[date]]:
    """The days by member, as their platforms count."""
    by_handle = {claim.handle_id: claim.member_id for claim in claims}
    rows = CalendarDay.objects.filter(
        handle__in=by_handle, day__gte=since.date(), submissions__gt=0
    )
    found: dict[int, set[date]] = defaultdict(set)
    for handle, day in rows.values_list("handle", "day"):
        found[by_handle[handle]].add(day)
    return found


def _of_day(solver: _Solver, day: date) -> Item:
    solved = solver.solved[day]
    hardest = max(solved, key=lambda one: one.hardness)
    return Item(
        member=solver.member,
        kind=SOLVED,
        key=day.isoformat(),
        at=solved[-1].at,
        url=hardest.url,
        params={
            "count": len(solved),
            "title": hardest.title,
            "difficulty": hardest.difficulty,
            "level": hardest.level,
            "platform": platform_name(hardest.platform),
        },
    )


# --- days in a row


def _may_be_in_a_row(solver: _Solver, now: datetime) -> bool:
    """Whether they were at work on each day of the last week: of others no days are counted."""
    today = now.astimezone(solver.zone).date()
    wanted = {today - number * DAY for number in range(1, MILESTONES[0])}
    return wanted <= solver.solved.keys() | solver.submitted


def _milestones(solver: _Solver, since: datetime) -> Iterator[Item]:
    """The numbers of days in a row that were reached since then, in the row that is alive."""
    active = days(solver.handles, solver.zone).counts.keys()
    last = max(active)
    start = last
    while start - DAY in active:
        start -= DAY
    for number in MILESTONES:
        reached = start + (number - 1) * DAY
        if reached <= last and solver.begin(reached) >= since:
            solved = solver.solved.get(reached)
            yield Item(
                member=solver.member,
                kind=STREAK,
                key=f"{number}:{start.isoformat()}",
                at=solved[0].at if solved else solver.begin(reached),
                params={"days": number},
            )


# --- whose accounts


def _proven_once(handles: Collection[int]) -> set[tuple[int, str]]:
    """Who has proven one of these accounts, or had, and on which platform."""
    rows = Claim.objects.filter(handle__in=handles, verified_at__isnull=False)
    return set(rows.values_list("member", "platform"))


def _proven(members: Collection[int]) -> ClaimQuerySet:
    """What these members have proven now."""
    claims = Claim.objects.verified().filter(member__in=members, member__is_active=True)
    return claims.select_related("member").order_by("platform")


def _since(claim: Claim, floor: datetime) -> datetime:
    """From when on there is news of an account."""
    return max(floor, claim.verified_at - LATELY) if claim.verified_at else floor
