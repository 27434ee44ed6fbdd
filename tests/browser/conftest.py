"""A demo club in a process of its own, and visitors who come by a real browser."""

from __future__ import annotations

import shutil
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, StorageState

from tests.browser.chromium import Visit, chromium
from tests.browser.members import Arrive
from tests.browser.site import PASSWORD
from tests.running import Club

HERE = Path(__file__).parent
SECONDS = 900  # for two clubs to start before the first test, on however busy a machine
#: Asked in one question: a job that is done leaves events, and those wake other jobs.
TO_DO = """
SELECT (SELECT count(*) FROM core_event WHERE seq IS NULL) + (
  SELECT count(*) FROM core_job
  WHERE status = 1 OR (status = 0 AND run_at < datetime('now', '+1 minute'))
)
"""


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
        wait_for_rest(data)
    return data


def wait_for_rest(data: Path) -> None:
    """Until everybody is told of the founding: what a test counts does not grow by itself."""
    with closing(sqlite3.connect(data / "codetrack.sqlite3")) as database:
        for _ in range(SECONDS):
            if not database.execute(TO_DO).fetchone()[0]:
                return
            time.sleep(1)
    raise AssertionError("There is always something left to do.")


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
            visit.sign_in(who, PASSWORD)
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
