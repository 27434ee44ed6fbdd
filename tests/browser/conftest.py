"""A demo club in a process of its own, and visitors who come by a real browser."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, StorageState

from tests.browser.chromium import Visit, chromium
from tests.browser.members import Arrive, enter
from tests.running import Club

HERE = Path(__file__).parent
SECONDS = 300  # for two clubs to start before the first test, on however busy a machine


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test here is a browser test, and one worker runs them all."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))
            item.add_marker(pytest.mark.timeout(SECONDS))


@pytest.fixture(scope="session")
def founded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The data folder of a demo club that was started once: a copy starts ten times sooner."""
    data = tmp_path_factory.mktemp("founded") / "demo"
    with Club(data, "demo"):
        pass
    return data


@pytest.fixture(scope="module")
def data(founded: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the club of this module."""
    return shutil.copytree(founded, tmp_path_factory.mktemp("browser") / "demo")


@pytest.fixture(scope="module")
def club(data: Path) -> Iterator[Club]:
    with Club(data, "demo") as club:
        yield club


# Playwright leaves an event loop running, in which Django refuses its database: hence "module".
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture(scope="module")
def signed_in() -> dict[str, StorageState]:
    """The cookies of whoever has signed in, for their next windows."""
    return {}


@pytest.fixture
def arrive(browser: Browser, club: Club, signed_in: dict[str, StorageState]) -> Iterator[Arrive]:
    """Members of the demo club, each in a window of their own, before a page."""
    visits: list[Visit] = []

    def arriving(who: str, path: str, **how: Any) -> Visit:
        visit = Visit(browser, club.url, storage_state=signed_in.get(who), **how)
        visits.append(visit)
        if who not in signed_in:
            enter(visit, who)
            signed_in[who] = visit.context.storage_state()
        visit.page.goto(path)
        return visit

    yield arriving
    complaints = [complaint for visit in visits for complaint in visit.complaints]
    for visit in visits:
        visit.close()
    assert complaints == []


@pytest.fixture
def visit(browser: Browser, club: Club) -> Iterator[Visit]:
    """A visitor; the test fails when the console, the CSP or a request complained."""
    visit = Visit(browser, club.url)
    yield visit
    visit.close()
    assert visit.complaints == []
