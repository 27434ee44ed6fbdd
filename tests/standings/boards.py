"""Boards for tests of pages: kinds of their own, and members who stand on them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta

import pytest

from codetrack.accounts.models import Institute, User
from codetrack.standings import kinds, services
from codetrack.standings.kinds import Kind, Tier
from codetrack.standings.models import Period
from tests.factories import MembershipFactory

NOON = datetime(2026, 11, 19, 12, tzinfo=UTC)  # a Thursday
MONDAY = date(2026, 11, 16)
TIERS = (Tier(0, 1, "Newbie"), Tier(1200, 3, "Pupil"), Tier(1600, 5, "Expert"))
SCORE = Kind(key="score", label="Score", unit="Score", order=1, decimals=1)
SOLVED = Kind(key="solved", label="Solved", unit="Solved", order=2)
LANTERN = Kind(key="rating:lantern", label="Lantern", unit="Rating", order=3, tiers=TIERS)
ORDINARY = Kind(key="rating:ordinary", label="Ordinary", unit="Rating", order=4, gains=False)


@contextmanager
def only_kinds(*offered: Kind) -> Iterator[None]:
    """Nothing else can be compared."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(kinds, "_kinds", {})
        kinds.register(*offered)
        yield


def put(
    values: Mapping[User, int],
    *,
    kind: Kind = SCORE,
    period: Period = Period.ALL,
    proven: bool = True,
    as_of: datetime | None = NOON - timedelta(hours=2),
) -> None:
    """Stand these members on a board."""
    entries = {
        member.pk: services.Entry(value=value, proven=proven, as_of=as_of)
        for member, value in values.items()
    }
    services.put(kind=kind.key, period=period, entries=entries)


def crowd(institute: Institute, size: int, *, best: int = 3000) -> list[User]:
    """Members of an institute, the first with the best score."""
    members = [
        User.objects.create(
            username=f"pupil{n:03}", email=f"pupil{n}@example.org", name=f"Pupil {n}"
        )
        for n in range(size)
    ]
    for member in members:
        MembershipFactory(institute=institute, member=member)
    put({member: best - n for n, member in enumerate(members)})
    return members
