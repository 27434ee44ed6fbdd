"""What is known of members, for programs."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date, datetime
from typing import Annotated

from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Field, Query, Router, Schema

from codetrack.accounts import queries as accounts
from codetrack.accounts import zones
from codetrack.accounts.caller import caller
from codetrack.accounts.models import User
from codetrack.api.paging import Asked, Page, page
from codetrack.core.errors import Missing
from codetrack.core.paging import Slice
from codetrack.platforms.base import Participation, Verdict
from codetrack.ratings import queries
from codetrack.ratings.api.shapes import HandleOut, shown
from codetrack.ratings.models import Attempt, Problem, RatingChange, Snapshot, Solve
from codetrack.ratings.queries import Scored
from codetrack.ratings.queries.days import days

members = Router(tags=["ratings"])


class RatingOut(Schema):
    """One rated contest. When the platform corrected it later, `revised_at` says when and
    `first_new` what `new` was before.
    """

    platform: str
    contest: str
    contest_name: str
    contest_url: str
    rank: int | None
    old: int | None
    new: int
    at: datetime
    revised_at: datetime | None
    first_new: int | None


class ProblemOut(Schema):
    """A problem of a platform. `difficulty` is on its scale, `level` its word."""

    platform: str
    key: str
    title: str
    url: str
    difficulty: int | None
    level: str


class AttemptOut(Schema):
    """One submission. `url` is empty where the platform shows it to its author alone."""

    id: str
    handle: str
    problem: ProblemOut
    verdict: Verdict
    language: str
    at: datetime
    contest: str
    participation: Participation
    url: str


class SolveOut(Schema):
    """A problem with the first accepted submission at it."""

    handle: str
    problem: ProblemOut
    at: datetime
    language: str


class DayOut(Schema):
    """A day with anything on it.

    `submitted` is what platforms with a calendar of their own count, on their days; `solved`, of
    the others, is each problem once, on the day of the member's time zone.
    """

    day: date
    solved: int
    submitted: int


class SnapshotOut(Schema):
    """What a platform said of an account on one day: the last reading of it."""

    platform: str
    handle: str
    day: date
    fetched_at: datetime
    rating: int | None
    max_rating: int | None
    rank_name: str
    provisional: bool
    global_rank: int | None
    country_rank: int | None
    contests: int
    solved: int | None
    solved_by: dict[str, int]


class ContestPartOut(Schema):
    """What the rating on one platform brings: `strength` of 1000, `recency` percent of it."""

    platform: str
    rating: int
    strength: int
    recency: int
    most: int
    points: int


class PracticePartOut(Schema):
    """What the solved problems of one level bring, of at most `most`."""

    level: str
    solved: int
    most: int
    points: int


class ScoreOut(Schema):
    """The sum of its parts, 0 to 1000: of proven accounts or, where there is none, of others."""

    total: int
    proven: bool
    as_of: datetime | None
    contests: list[ContestPartOut]
    practice: list[PracticePartOut]


class SolvesAsked(Schema):
    """Which problems."""

    topic: str = Field(
        "", max_length=100, description="As on the page: `Graphs`; or as a platform says: `dp`."
    )


class AttemptsAsked(SolvesAsked):
    """Which submissions."""

    platform: str = Field("", max_length=20)
    verdict: Verdict | None = None


class SnapshotsAsked(Schema):
    """Which days; both ends are included."""

    platform: str = Field("", max_length=20)
    since: date | None = Field(None, alias="from")
    until: date | None = Field(None, alias="to")


@members.get("/{username}/handles", response=list[HandleOut], summary="A member's handles")
def list_handles(request: HttpRequest, username: str) -> list[HandleOut]:
    claims = queries.claims_of(_visible(request, username))
    return [shown(claim) for claim in claims]


@members.get("/{username}/ratings", response=Page[RatingOut], summary="A member's rated contests")
def list_ratings(request: HttpRequest, username: str, asked: Asked) -> Slice[RatingOut]:
    rows = queries.changes_of(_visible(request, username))
    found = page(rows, asked, by=("-at", "-pk"))
    return Slice([_change(row) for row in found.items], found.next)


@members.get("/{username}/attempts", response=Page[AttemptOut], summary="A member's submissions")
def list_attempts(
    request: HttpRequest, username: str, asked: Asked, which: Annotated[AttemptsAsked, Query()]
) -> Slice[AttemptOut]:
    """The newest first. A platform may list a part only: LeetCode tells of the last 20."""
    member = _visible(request, username)
    rows = queries.attempts_of(member)
    wanted = queries.chosen(rows, platform=which.platform, verdict=which.verdict or "")
    if which.topic:
        wanted = queries.of_topic(wanted, member, which.topic)
    found = page(wanted, asked, by=("-at", "-pk"))
    return Slice([_attempt(row) for row in found.items], found.next)


@members.get("/{username}/solves", response=Page[SolveOut], summary="A member's solved problems")
def list_solves(
    request: HttpRequest, username: str, asked: Asked, which: Annotated[SolvesAsked, Query()]
) -> Slice[SolveOut]:
    """Those whose submissions the platform lists; a twin is there as the problem it was sent to."""
    member = _visible(request, username)
    rows = queries.solves_of(member)
    if which.topic:
        rows = queries.of_topic(rows, member, which.topic)
    found = page(rows, asked, by=("-at", "-pk"))
    return Slice([_solve(row) for row in found.items], found.next)


@members.get("/{username}/days", response=list[DayOut], summary="The days a member was at work")
def list_days(request: HttpRequest, username: str) -> list[DayOut]:
    """Every day with anything on it, the first one first, over all platforms."""
    member = _visible(request, username)
    handles = [claim.handle_id for claim in queries.claims_of(member)]
    counts = days(handles, zones.zone(member.time_zone)).counts
    return [
        DayOut(day=day, solved=counts[day].solved, submitted=counts[day].submitted)
        for day in sorted(counts)
    ]


@members.get(
    "/{username}/snapshots", response=Page[SnapshotOut], summary="A member's ranks over time"
)
def list_snapshots(
    request: HttpRequest, username: str, asked: Asked, which: Annotated[SnapshotsAsked, Query()]
) -> Slice[SnapshotOut]:
    """One a day and handle, the newest first."""
    rows = queries.snapshots_of(_visible(request, username))
    if which.platform:
        rows = rows.filter(handle__platform=which.platform)
    if which.since:
        rows = rows.filter(day__gte=which.since)
    if which.until:
        rows = rows.filter(day__lte=which.until)
    found = page(rows, asked, by=("-day", "-pk"))
    return Slice([_snapshot(row) for row in found.items], found.next)


@members.get("/{username}/score", response=ScoreOut, summary="A member's score with its parts")
def read_score(request: HttpRequest, username: str) -> ScoreOut:
    """404 also while nothing is known of any account of theirs."""
    scored = queries.score_parts(_visible(request, username))
    if scored is None:
        raise Missing(_("This member has no score yet."))
    return _score(scored)


def _visible(request: HttpRequest, username: str) -> User:
    return get_object_or_404(accounts.visible_to(caller(request)), username=username.lower())


def _change(row: RatingChange) -> RatingOut:
    return RatingOut(
        platform=row.contest.platform,
        contest=row.contest.key,
        contest_name=row.contest.name,
        contest_url=row.contest.url,
        rank=row.rank,
        old=row.old,
        new=row.new,
        at=row.at,
        revised_at=row.revised_at,
        first_new=row.first_new,
    )


def _attempt(row: Attempt) -> AttemptOut:
    return AttemptOut(
        id=row.remote_id,
        handle=row.handle.shown,
        problem=_problem(row.problem),
        verdict=Verdict(row.verdict),
        language=row.language,
        at=row.at,
        contest=row.contest_key,
        participation=Participation(row.participation),
        url=queries.Submission(row, None).url,
    )


def _solve(row: Solve) -> SolveOut:
    problem = _problem(row.problem)
    return SolveOut(handle=row.handle.shown, problem=problem, at=row.at, language=row.language)


def _problem(row: Problem) -> ProblemOut:
    return ProblemOut(
        platform=row.platform,
        key=row.key,
        title=row.title,
        url=row.url,
        difficulty=row.difficulty,
        level=row.level,
    )


def _snapshot(row: Snapshot) -> SnapshotOut:
    return SnapshotOut(
        platform=row.handle.platform,
        handle=row.handle.shown,
        day=row.day,
        fetched_at=row.fetched_at,
        rating=row.rating,
        max_rating=row.max_rating,
        rank_name=row.rank_name,
        provisional=row.provisional,
        global_rank=row.global_rank,
        country_rank=row.country_rank,
        contests=row.contests,
        solved=row.solved,
        solved_by=row.solved_by,
    )


def _score(scored: Scored) -> ScoreOut:
    found = scored.score
    return ScoreOut(
        total=found.total,
        proven=scored.proven,
        as_of=scored.as_of,
        contests=[ContestPartOut(**asdict(part)) for part in found.contests],
        practice=[
            PracticePartOut(
                level=part.level.name, solved=part.solved, most=part.level.most, points=part.points
            )
            for part in found.practice
        ],
    )
