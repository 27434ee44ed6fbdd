"""A demo club in a process of its own, and visitors who come by a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.chromium import Visit, chromium
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
def visit(browser: Browser, club: Club) -> Iterator[Visit]:
    """A visitor; the test fails when the console, the CSP or a request complained."""
    visit = Visit(browser, club.url)
    yield visit
    visit.close()
    assert visit.complaints == []
