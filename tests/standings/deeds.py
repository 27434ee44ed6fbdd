"""What members of these tests did, and who follows whom."""

from __future__ import annotations

from datetime import UTC, datetime

from codetrack.accounts.models import Follow, User
from codetrack.standings.feeds import Item, Plain
from codetrack.standings.queries.feed import feed_of
from codetrack.standings.services.feed import note

#: A Saturday.
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def solved(member: User, at: datetime = NOON, *, count: int = 1, key: str = "") -> Item:
    """Problems of one day, as ratings tells of them."""
    params: dict[str, Plain] = {
        "count": count,
        "title": "Lantern Row",
        "difficulty": 1900,
        "level": "",
        "platform": "Codeforces",
    }
    return Item(
        member=member.pk,
        kind="solved",
        key=key or at.date().isoformat(),
        at=at,
        url="https://example.org/lantern-row",
        params=params,
    )


def contest(member: User, at: datetime = NOON, *, key: str = "1", delta: int = 42) -> Item:
    """A rated contest, as ratings tells of it."""
    params: dict[str, Plain] = {
        "platform": "Codeforces",
        "contest": "Lantern Round 7",
        "rank": 1204,
        "old": 1500,
        "new": 1500 + delta,
        "delta": delta,
        "tier": "Specialist",
        "level": 4,
    }
    return Item(
        member=member.pk,
        kind="contest",
        key=f"codeforces:{key}",
        at=at,
        url="https://example.org/round-7",
        params=params,
    )


def did(*items: Item) -> None:
    note(items=items)


def follow(follower: User, *followed: User) -> None:
    for one in followed:
        Follow.objects.create(follower=follower, followed=one)


def texts(viewer: User) -> list[str]:
    """The feed of `viewer` in words, the newest first."""
    return [told.text for told in feed_of(viewer).items]
