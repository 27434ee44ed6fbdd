"""A pretend world that stands still, and one that is served."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytest_django import Settings

from codetrack.demo import servers as running
from codetrack.demo.servers import Pretend, pretend
from codetrack.demo.world import World
from codetrack.web import menu
from tests.stage import Stage

NOON = 1_790_000_000.0
PEOPLE = 60


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
def served(tmp_path: Path, stage: Stage) -> Iterator[Pretend]:
    made = pretend(tmp_path, interval=0, size=PEOPLE)
    with stage.shows(made):
        yield made


@pytest.fixture
def servers(served: Pretend, stage: Stage) -> Stage:
    return stage


@pytest.fixture
def site(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """The demo app is installed only when the world is a demo."""
    monkeypatch.setattr(menu, "_items", list(menu._items))
    settings.INSTALLED_APPS = ["codetrack.demo", *settings.INSTALLED_APPS]
    settings.ROOT_URLCONF = "tests.demo.urls"


@pytest.fixture
def pages(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, site: None) -> Pretend:
    """A pretend world for the pages alone: nothing listens."""
    made = pretend(tmp_path, interval=0, size=PEOPLE)
    monkeypatch.setattr(running, "_serving", [made])
    return made
