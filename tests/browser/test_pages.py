"""Every page, as a member meets it: readable by all, in any light, on any width."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.chromium import Scheme, Visit
from tests.browser.site import PLACES, Place, Site
from tests.running import Club

OVERFLOW = "document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"


@pytest.fixture(scope="module")
def club(data: Path) -> Iterator[Club]:
    """With a judge, which has a page of its own."""
    with Club(data, "demo", CODETRACK_JUDGE_WORKERS="1") as club:
        yield club


@pytest.fixture(scope="module")
def site(browser: Browser, club: Club) -> Site:
    return Site(browser, club.url)


def guises() -> Iterator[object]:
    """Two of them always, all four in `make soak`."""
    for width, scheme in [(1280, "light"), (360, "dark"), (1280, "dark"), (360, "light")]:
        rare = (width, scheme) not in {(1280, "light"), (360, "dark")}
        marks = [pytest.mark.soak] if rare else []
        yield pytest.param(width, scheme, marks=marks, id=f"{width}-{scheme}")


@pytest.mark.parametrize(("width", "scheme"), list(guises()))
@pytest.mark.parametrize("place", PLACES, ids=str)
def test_page_is_for_everybody(site: Site, place: Place, width: int, scheme: Scheme) -> None:
    visit = site.visit(place.who, width=width, scheme=scheme)
    page = visit.page
    page.goto(site.path(place))
    expect(page.get_by_role("heading", level=1)).to_have_count(1)
    for landmark in ("banner", "main", "contentinfo"):
        expect(page.get_by_role(landmark)).to_have_count(1)
    assert page.title().endswith("CodeTrack")
    assert page.evaluate(OVERFLOW) <= 0
    assert visit.axe() == []
    visit.close()
    assert visit.complaints == []


def test_sign_in_and_settings_work_without_javascript(browser: Browser, club: Club) -> None:
    visit = Visit(browser, club.url, java_script_enabled=False)
    visit.sign_in("alice", "pretend-world")
    visit.page.goto("/settings/profile/")
    visit.page.get_by_label(re.compile("^Name")).fill("Alice Newby the First")
    visit.page.get_by_role("main").get_by_role("button", name="Save").click()
    visit.page.goto("/members/alice/")
    expect(visit.page.get_by_role("heading", level=1)).to_have_text("Alice Newby the First")
    visit.close()
    assert visit.complaints == []
