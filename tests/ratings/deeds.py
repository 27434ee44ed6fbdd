"""Accounts of members, and what the consumer of the feed makes of what is read of them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

from django.db import transaction

from codetrack.accounts.models import User
from codetrack.core import clock as house
from codetrack.core import events
from codetrack.platforms.base import Attempt, Participation, Problem, Profile, RatingChange, Verdict
from codetrack.platforms.registry import all_platforms
from codetrack.ratings import services
from codetrack.ratings.models import Claim, Handle
from codetrack.standings.models import FeedItem
from codetrack.standings.queries.feed import feed_of
from tests.ratings.conftest import NOON

DAY = timedelta(days=1)


def account(member: User, platform: str = "codeforces") -> Handle:
    """An account that was read, with no contest and nothing solved, and that is nobody's yet."""
    name = f"{member.username}_there"
    claim = services.link_handle(member=member, platform=platform, text=name)
    services.apply_profiles(found={claim.handle_id: Profile(handle=name)}, at=house.now())
    services.apply_attempts(read={claim.handle_id: []}, at=house.now())
    return Handle.objects.get(pk=claim.handle_id)


def prove(handle: Handle) -> Claim:
    claim = handle.claims.open().get()
    method = all_platforms()[handle.platform].proofs[0].key
    proof = services.start_proof(claim=claim, method=method, by=claim.member)
    found = Profile(handle=handle.shown, texts={method: services.token_of(proof)})
    services.settle_proof(proof=proof, found=found, at=house.now())
    return claim


def career(*ratings: int, every: timedelta = DAY, first: int = 0) -> list[RatingChange]:
    """Contests up to yesterday, one a day unless said otherwise, from 0 through these ratings."""
    count = len(ratings)
    return [
        RatingChange(
            handle="",
            contest_key=str(1000 + first + place),
            contest_name=f"Round {1000 + first + place}",
            rank=100 + place,
            old=ratings[place - 1] if place else 0,
            new=new,
            at=NOON - (count - place) * every,
        )
        for place, new in enumerate(ratings)
    ]


def play(handle: Handle, rows: Sequence[RatingChange]) -> None:
    services.apply_history(read={handle.pk: rows}, at=house.now())


def attempt(
    problem: str,
    ago: timedelta = timedelta(hours=1),
    *,
    difficulty: int | None = 1500,
    level: str = "",
    verdict: Verdict = Verdict.ACCEPTED,
) -> Attempt:
    at = NOON - ago
    task = Problem(
        key=problem,
        title=f"Task {problem}",
        url=f"https://example.org/{problem}",
        difficulty=difficulty,
        level=level,
        tags=(),
        index=problem[-1],
    )
    return Attempt(
        remote_id=f"{at.timestamp():.0f}-{problem}",
        problem=task,
        verdict=verdict,
        language="C++23",
        at=at,
        participation=Participation.PRACTICE,
        members=("somebody",),
    )


def solve(handle: Handle, *attempts: Attempt) -> None:
    newest_first = sorted(attempts, key=lambda one: one.at, reverse=True)
    services.apply_attempts(read={handle.pk: newest_first}, at=house.now())


def tell() -> None:
    """Let the feed follow what happened."""
    events.sequence()
    with transaction.atomic():
        events.consume("feed")


def items(kind: str = "") -> list[FeedItem]:
    """The newest first."""
    rows = FeedItem.objects.order_by("-at", "-pk")
    return list(rows.filter(kind=kind) if kind else rows)


def words(member: User) -> list[str]:
    """What the feed tells of a member, to themselves."""
    return [told.text for told in feed_of(member, of=member).items]
