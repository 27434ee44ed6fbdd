"""What was read of many accounts is written in as many statements as what was read of a few."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from codetrack.accounts.models import User
from codetrack.core import clock as house
from codetrack.core.models import Event
from codetrack.core.testing import HeldClock
from codetrack.platforms.base import Profile, RatingChange
from codetrack.ratings import services
from codetrack.ratings.models import Handle
from tests.ratings.conftest import NOON


@pytest.fixture
def handles(db: None, clock: HeldClock) -> list[Handle]:
    """Twenty accounts that were read on two days."""
    members = [User.objects.create_user(f"m{n}", f"m{n}@example.org") for n in range(20)]
    claims = [
        services.link_handle(member=one, platform="leetcode", text=f"nila_{one.username}")
        for one in members
    ]
    rows = [claim.handle for claim in claims]
    for day in (0, 1):
        for write in (write_profiles, write_histories):
            write(rows, day)
        clock.forward(days=1)
    return rows


def write_profiles(handles: Collection[Handle], day: int) -> None:
    """Everybody has solved another problem."""
    found = {row.pk: Profile(handle=row.shown, solved=9 + day, mark=str(day)) for row in handles}
    services.apply_profiles(found=found, at=house.now())


def write_histories(handles: Collection[Handle], day: int) -> None:
    """Everybody was in another contest."""
    played = [
        RatingChange(
            handle="",
            contest_key=f"weekly-{one}",
            contest_name=f"Weekly {one}",
            rank=7,
            old=1500 + one,
            new=1501 + one,
            at=NOON + timedelta(days=one),
        )
        for one in range(day + 1)
    ]
    services.apply_history(read={row.pk: played for row in handles}, at=house.now())


@pytest.mark.parametrize(
    ("write", "tag"),
    [(write_profiles, "ratings:problems:solved"), (write_histories, "ratings:rating:changed")],
)
def test_news_of_many_cost_as_many_statements_as_news_of_two(
    handles: list[Handle],
    clock: HeldClock,
    write: Callable[[Collection[Handle], int], None],
    tag: str,
) -> None:
    costs = []
    for day, some in ((2, handles[:2]), (3, handles)):
        before = Event.objects.filter(tag=tag).count()
        with CaptureQueriesContext(connection) as seen:
            write(some, day)
        costs.append(len(seen))
        assert Event.objects.filter(tag=tag).count() == before + len(some)
        clock.forward(days=1)
    assert costs[0] == costs[1]
