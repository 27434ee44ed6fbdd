"""What every page promises (the ids are those of the checklist): keys, sizes, themes, no script."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.chromium import Visit
from tests.browser.keys import go_by_keys
from tests.running import Club

PAGES = ["/styleguide/", "/docs/", "/accounts/login/", "/accounts/signup/", "/settings/appearance/"]

type Arrive = Callable[..., Visit]


@pytest.fixture
def arrive(browser: Browser, club: Club) -> Iterator[Arrive]:
    """Visitors with a window, a scheme or a browser of their own choice."""
    visits: list[Visit] = []

    def arriving(**how: Any) -> Visit:
        visits.append(Visit(browser, club.url, **how))
        return visits[-1]

    yield arriving
    complaints = [complaint for visit in visits for complaint in visit.complaints]
    for visit in visits:
        visit.close()
    assert complaints == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_g1_axe_finds_nothing(arrive: Arrive, scheme: str, width: int) -> None:
    visit = arrive(scheme=scheme, width=width)
    found = {}
    for address in PAGES:
        visit.page.goto(address)
        found[address] = visit.axe()
    assert found == {address: [] for address in PAGES}


def test_g2_the_theme_can_be_chosen_without_script(arrive: Arrive) -> None:
    page = arrive(java_script_enabled=False).page
    page.goto("/docs/")
    page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    assert page.url.endswith("/docs/")


def test_g3_the_first_tab_stop_leads_to_the_content(visit: Visit) -> None:
    visit.page.goto("/docs/")
    visit.page.keyboard.press("Tab")
    expect(visit.page.get_by_role("link", name="Skip to content")).to_be_focused()
    expect(visit.page.get_by_role("link", name="Skip to content")).to_be_in_viewport()
    visit.page.keyboard.press("Enter")
    expect(visit.page.locator("main")).to_be_focused()


def test_g7_nothing_scrolls_sideways_at_320_px(arrive: Arrive) -> None:
    page = arrive(width=320).page
    for address in PAGES:
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth") <= 320, address


@pytest.mark.parametrize("width", [360, 768])
def test_g7_the_header_of_a_member_fits_and_leads_to_the_search(arrive: Arrive, width: int) -> None:
    visit = arrive(width=width)
    visit.sign_in("ada", "pretend-world")
    page = visit.page
    expect(page.get_by_role("button", name="your account")).to_be_in_viewport()
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.keyboard.press("/")
    field = page.get_by_role("searchbox", name="Name or username")
    field.fill("alice")
    field.press("Enter")
    expect(page.get_by_role("main").get_by_role("status")).to_contain_text("One member matches")


def test_g8_the_theme_changes_at_once_and_stays(visit: Visit) -> None:
    page = visit.page
    page.goto("/docs/")
    with page.expect_response("**/theme/"):
        page.get_by_role("button", name="Dark").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.goto("/styleguide/")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    expect(page.get_by_role("button", name="Dark")).to_have_attribute("aria-pressed", "true")


def test_g12_errors_take_the_focus_and_lead_to_their_fields(visit: Visit) -> None:
    page = visit.page
    page.goto("/accounts/signup/")
    page.get_by_label("E-mail address").fill("nila@nila.example")
    page.get_by_label("Username").fill("nila varent")
    page.get_by_label("Password", exact=True).fill("short")
    expect(page.get_by_text("5 more to go")).to_be_visible()
    page.get_by_role("button", name="Make my account").click()
    expect(page.locator(".errors")).to_be_focused()
    page.locator(".errors").get_by_role("link", name="Username").click()
    expect(page.get_by_label("Username")).to_be_focused()
    expect(page.get_by_label("Username")).to_have_value("nila varent")


def test_g16_keys_work_and_are_listed(visit: Visit) -> None:
    visit.sign_in("ada", "pretend-world")
    page = visit.page
    page.goto("/docs/")
    page.keyboard.press("/")
    expect(page.get_by_role("searchbox", name="Find a member")).to_be_focused()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_be_hidden()
    page.keyboard.press("Escape")
    page.locator("h1").click()
    page.keyboard.press("?")
    expect(page.get_by_role("dialog", name="Keys on this page")).to_contain_text("Institute")
    assert visit.axe() == []
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    go_by_keys(page, "g", "i", to="**/institutes/**")


def test_the_chart_is_read_by_keys(visit: Visit) -> None:
    page = visit.page
    page.goto("/styleguide/")
    page.locator(".chart").focus()
    page.keyboard.press("ArrowLeft")
    card = page.locator(".chart-card")
    expect(card).to_be_visible()
    latest = card.inner_text()
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert card.inner_text() != latest
    assert visit.axe() == []
    page.keyboard.press("Escape")
    expect(card).to_be_hidden()


def test_a_dialog_opens_without_our_script(arrive: Arrive) -> None:
    page = arrive(java_script_enabled=False).page
    page.goto("/styleguide/")
    page.get_by_role("button", name="Unlink nila_v").click()
    expect(page.get_by_role("dialog", name="Unlink nila_v?")).to_be_visible()
    page.get_by_role("button", name="Keep it").click()
    expect(page.get_by_role("dialog")).to_be_hidden()


def test_without_script_the_data_of_the_chart_is_a_table(arrive: Arrive) -> None:
    page = arrive(java_script_enabled=False).page
    page.goto("/styleguide/")
    page.get_by_text("The same as a table").click()
    rows = page.get_by_role("region", name="Contests and ratings").get_by_role("row")
    expect(rows.nth(1)).to_contain_text("Codeforces Round")
