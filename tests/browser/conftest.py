"""A demo club in a process of its own, and visitors who come by a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from tests.browser.chromium import Visit, chromium
from tests.browser.members import Arrive, enter
from tests.running import Club

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Every test here is a browser test, and one worker runs them all."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.browser)
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="module")
def club(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Club]:
    with Club(tmp_path_factory.mktemp("browser") / "demo", "demo") as club:
        yield club


# Playwright leaves an event loop running, in which Django refuses its database: hence "module".
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as browser:
        yield browser


@pytest.fixture
def arrive(browser: Browser, club: Club) -> Iterator[Arrive]:
    """Members of the demo club, each in a window of their own, before a page."""
    visits: list[Visit] = []

    def arriving(who: str, path: str, **how: Any) -> Visit:
        visits.append(Visit(browser, club.url, **how))
        enter(visits[-1], who)
        visits[-1].page.goto(path)
        return visits[-1]

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
