"""Members whose ratings have been read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import models
from django.test import Client

from codetrack.accounts.models import User
from codetrack.ratings import services
from codetrack.ratings.models import Claim, Contest, Handle, RatingChange, Snapshot

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)

type Rated = Callable[..., Claim]
type Browser = Callable[[User], Client]


@pytest.fixture
def browser() -> Browser:
    def signed_in(member: User) -> Client:
        client = Client()
        client.force_login(member)
        return client

    return signed_in


@pytest.fixture
def rated(db: None) -> Rated:
    """Gives a member a handle with rated contests, a week apart; proven unless said otherwise."""

    def rated(member: User, *ratings: int, verified: bool = True, solved: int = 731) -> Claim:
        shown = f"{member.username}_cf"
        handle = Handle.objects.create(
            platform="codeforces", canonical=shown, shown=shown, state=Handle.State.OK,
            state_at=NOON, fresh_at=NOON, history_rating=ratings[-1] if ratings else None,
            attempts_read_at=NOON,
        )  # fmt: skip
        handle.current = Snapshot.objects.create(
            handle=handle, day=NOON.date(), fetched_at=NOON, contests=len(ratings), solved=solved,
            rating=ratings[-1] if ratings else None, max_rating=max(ratings, default=None),
        )  # fmt: skip
        handle.save()
        for place, new in enumerate(ratings):
            contest, _ = Contest.objects.get_or_create(
                platform="codeforces",
                key=str(place),
                defaults={"name": f"Lantern Round {place}", "url": f"https://example.org/{place}"},
            )
            old = ratings[place - 1] if place else 0
            at = NOON - timedelta(weeks=len(ratings) - place)
            RatingChange.objects.create(
                handle=handle, contest=contest, rank=100 + place, old=old, new=new, at=at
            )
        return Claim.objects.create(
            handle=handle, platform="codeforces", member=member, created_at=NOON,
            verified_at=NOON if verified else None,
        )  # fmt: skip

    return rated


@pytest.fixture
def nothing_fetched_late(monkeypatch: pytest.MonkeyPatch) -> None:
    """A relation that a query did not load on purpose raises."""
    monkeypatch.setattr(models, "FETCH_PEERS", models.FETCH_RAISE)


@pytest.fixture
def ranked(rated: Rated) -> Rated:
    """As `rated`; then the boards are told, as it happens by an event."""

    def ranked(member: User, *ratings: int, **how: Any) -> Claim:
        claim = rated(member, *ratings, **how)
        services.refresh_standings(members=[member.pk])
        return claim

    return ranked
