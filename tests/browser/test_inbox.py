"""The inbox by keys, by script and without it; the bell of every open page counts along."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.members import Arrive, in_the_news
from tests.running import Club

PAGE = "/inbox/"


@pytest.fixture(scope="module")
def rated(browser: Browser, club: Club) -> list[str]:
    """The usernames of members who were told of a contest lately."""
    return in_the_news(browser, club)


def bell(page: Page) -> Locator:
    return page.get_by_role("banner").get_by_role("link", name="Inbox,")


def unread(page: Page) -> Locator:
    return page.get_by_role("main").get_by_role("button", name="Mark read (")


def test_g10_marking_read_by_keys_keeps_the_focus_and_counts(arrive: Arrive) -> None:
    visit = arrive("ada", PAGE)
    page = visit.page
    expect(page.get_by_text("asks to join").first).to_be_visible()
    before = unread(page).count()
    assert before > 1
    state = page.locator("#inbox-state")
    told = state.inner_text()
    unread(page).last.focus()
    page.keyboard.press("Enter")
    expect(unread(page)).to_have_count(before - 1)
    done = page.locator("[aria-disabled=true]", has_text="Read")
    expect(done).to_be_focused()
    expect(state).not_to_have_text(told)
    expect(state).to_contain_text("unread.")
    expect(bell(page)).to_have_accessible_name(f"Inbox, {state.inner_text().rstrip('.')}")
    assert visit.axe() == []

    page.keyboard.press("Tab")
    back = page.get_by_role("button", name="Undo (")
    expect(back).to_be_focused()
    page.keyboard.press("Enter")
    expect(unread(page)).to_have_count(before)
    expect(page.locator(".thread:focus-within")).to_have_class(re.compile("unread"))
    page.keyboard.press("e")  # that row again
    expect(unread(page)).to_have_count(before - 1)

    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("e")
    expect(unread(page)).to_have_count(before - 2)
    expect(page.locator(".thread").first).to_contain_text("Read")
    assert visit.axe() == []


def test_what_is_opened_is_read(arrive: Arrive, rated: list[str]) -> None:
    page = arrive(rated[0], PAGE).page
    before, told = unread(page).count(), bell(page).locator(".vh").inner_text()
    assert told != "Inbox, nothing unread"
    page.locator("a[data-sends]").first.click()
    page.wait_for_url("**/members/**")
    expect(bell(page)).not_to_have_accessible_name(told)
    page.goto("/inbox/")
    expect(unread(page)).to_have_count(before - 1)


def test_g2_marking_read_works_without_script(arrive: Arrive, rated: list[str]) -> None:
    page = arrive(rated[1], PAGE, java_script_enabled=False).page
    before, state = unread(page).count(), page.locator("#inbox-state").inner_text()
    page.get_by_role("button", name="Mark all read").click()
    expect(unread(page)).to_have_count(0)
    page.get_by_role("button", name="Undo").click()
    expect(unread(page)).to_have_count(before)
    expect(page.locator("#inbox-state")).to_have_text(state)
    unread(page).first.click()
    expect(unread(page)).to_have_count(before - 1)
    page.goto("/settings/notifications/")
    page.get_by_role("checkbox", name="My rating changed Inbox").uncheck()
    page.get_by_role("main").get_by_role("button", name="Save").first.click()
    expect(page.get_by_role("checkbox", name="My rating changed Inbox")).not_to_be_checked()


def test_the_bell_of_another_window_counts_along(arrive: Arrive, rated: list[str]) -> None:
    one, other = arrive(rated[2], PAGE).page, arrive(rated[2], PAGE).page
    other.goto("/docs/")
    expect(bell(other)).to_have_accessible_name(re.compile(r"Inbox, \d+ unread"))
    one.get_by_role("button", name="Mark all read").click()
    expect(bell(other)).to_have_accessible_name("Inbox, nothing unread")
