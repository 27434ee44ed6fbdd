"""A pretend world that stands still, and one that is served."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from codetrack.demo.servers import DemoServers, Pretend, pretend
from codetrack.demo.world import World

NOON = 1_790_000_000.0


class Clock:
    """Time that passes only when told."""

    def __init__(self, now: float = NOON) -> None:
        self.now = now

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def world(clock: Clock) -> World:
    return World(clock=clock)


@pytest.fixture
def servers(tmp_path: Path) -> Iterator[DemoServers]:
    with DemoServers(world=pretend(tmp_path, interval=0)) as running:
        yield running


@pytest.fixture
def served(servers: DemoServers) -> Pretend:
    return servers.pretend
