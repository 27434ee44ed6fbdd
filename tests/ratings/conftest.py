"""Members, a clock that stands, and pretend platforms that can be asked over HTTP."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
import stamina
from pytest_django import Settings

from codetrack.accounts.models import User
from codetrack.core.testing import HeldClock, hold_clock
from codetrack.demo import servers as demo
from codetrack.demo.servers import Pretend
from codetrack.ratings import services
from codetrack.ratings.models import Claim
from tests.cast import Cast
from tests.stage import Stage

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


@pytest.fixture
def clock() -> Iterator[HeldClock]:
    """Time stands at noon until a test moves it."""
    with hold_clock(NOON) as held:
        yield held


@pytest.fixture
def alice(cast: Cast) -> User:
    return cast.alice


@pytest.fixture
def bob(cast: Cast) -> User:
    return cast.bob


@pytest.fixture
def charlie(cast: Cast) -> User:
    """Somebody whom nothing here is any business of."""
    return cast.charlie


@pytest.fixture
def link(db: None) -> Callable[..., Claim]:
    def link(member: User, text: str = "nila_v") -> Claim:
        return services.link_handle(member=member, platform="codeforces", text=text)

    return link


@pytest.fixture
def pretend(settings: Settings, clock: HeldClock, stage: Stage) -> Iterator[Pretend]:
    """A small pretend world, served; the settings lead to it."""
    made = demo.pretend(interval=0, size=12, clock=clock.timestamp)
    with stage.shows(made), stamina.set_testing(True, attempts=2, cap=True):
        chosen: dict[str, Any] = {"enabled": True, "interval": 0.0, "proxy": ""}
        settings.PLATFORMS = {key: {**chosen, "url": stage.url(key)} for key in made.platforms}
        yield made
