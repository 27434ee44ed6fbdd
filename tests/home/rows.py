"""What platforms told of the members of these tests: submissions, contests, older readings."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta

from codetrack.platforms.base import Participation, Verdict
from codetrack.ratings.models import Attempt, Claim, Contest, Handle, Problem, Snapshot, Solve
from tests.home.conftest import NOON


def problem(
    title: str, *, platform: str = "codeforces", level: str = "", tags: Sequence[str] = ()
) -> Problem:
    key = title.lower().replace(" ", "-")
    made, _ = Problem.objects.get_or_create(
        platform=platform,
        key=key,
        defaults={
            "title": title,
            "url": f"https://example.org/{key}",
            "level": level,
            "tags": list(tags),
        },
    )
    return made


def attempt(
    claim: Claim,
    at_it: Problem,
    *,
    verdict: Verdict = Verdict.ACCEPTED,
    at: datetime = NOON - timedelta(hours=1),
    contest: str = "",
) -> Attempt:
    """A submission; the first accepted one is the solve too."""
    made = Attempt.objects.create(
        handle=claim.handle, problem=at_it, remote_id=str(Attempt.objects.count() + 1), at=at,
        verdict=verdict, language="C++20", contest_key=contest,
        participation=Participation.CONTEST if contest else Participation.PRACTICE,
    )  # fmt: skip
    if verdict == Verdict.ACCEPTED:
        Solve.objects.get_or_create(handle=claim.handle, problem=at_it, defaults={"at": at})
    return made


def contest(name: str, starts_at: datetime, *, platform: str = "codeforces") -> Contest:
    return Contest.objects.create(
        platform=platform, key=name, name=name, url=f"https://example.org/{platform}",
        starts_at=starts_at, duration=timedelta(hours=2, minutes=15), phase="before",
    )  # fmt: skip


def snapshot(claim: Claim, day: date, rating: int | None, *, solved: int = 100) -> Snapshot:
    return Snapshot.objects.create(
        handle=claim.handle, day=day, fetched_at=NOON, rating=rating, solved=solved, contests=3
    )


def handle_elsewhere(claim: Claim, platform: str) -> Claim:
    """The same member on another platform, read and proven."""
    shown = f"{claim.member.username}_{platform}"
    there = Handle.objects.create(
        platform=platform, canonical=shown, shown=shown, state=Handle.State.OK, state_at=NOON,
        fresh_at=NOON, attempts_read_at=NOON,
    )  # fmt: skip
    return Claim.objects.create(
        handle=there, platform=platform, member=claim.member, created_at=NOON, verified_at=NOON
    )
