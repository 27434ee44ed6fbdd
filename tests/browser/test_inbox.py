"""The inbox by keys, by script and without it; the bell of every open page counts along."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.chromium import Visit
from tests.running import Club

type Arrive = Callable[..., Visit]


@pytest.fixture
def arrive(browser: Browser, club: Club) -> Iterator[Arrive]:
    """Members of the demo club, each in a window of their own, before their inbox."""
    visits: list[Visit] = []

    def arriving(who: str, **how: Any) -> Visit:
        visits.append(Visit(browser, club.url, **how))
        visits[-1].sign_in(who, "pretend-world")
        visits[-1].page.wait_for_url(lambda address: "/accounts/login/" not in address)
        visits[-1].page.goto("/inbox/")
        return visits[-1]

    yield arriving
    complaints = [complaint for visit in visits for complaint in visit.complaints]
    for visit in visits:
        visit.close()
    assert complaints == []


@pytest.fixture(scope="module")
def rated(browser: Browser, club: Club) -> list[str]:
    """The usernames of members who were told of a contest lately."""
    visit = Visit(browser, club.url)
    visit.sign_in("ada", "pretend-world")
    visit.page.wait_for_url(lambda address: "/accounts/login/" not in address)
    visit.page.goto("/dashboard/")
    feed = visit.page.get_by_role("region", name="Last rating changes, table")
    links = feed.locator("a[href^='/members/']").all()
    names = [(link.get_attribute("href") or "").split("/")[2] for link in links]
    visit.close()
    return list(dict.fromkeys(names))


def bell(page: Page) -> Locator:
    return page.get_by_role("banner").get_by_role("link", name="Inbox,")


def unread(page: Page) -> Locator:
    return page.get_by_role("main").get_by_role("button", name="Mark read (")


def test_g10_marking_read_by_keys_keeps_the_focus_and_counts(arrive: Arrive) -> None:
    visit = arrive("ada")
    page = visit.page
    for _ in range(20):  # who asks to join is told by a job
        if page.get_by_text("asks to join").count():
            break
        page.wait_for_timeout(500)
        page.reload()
    before = unread(page).count()
    assert before > 1
    unread(page).last.focus()
    page.keyboard.press("Enter")
    expect(unread(page)).to_have_count(before - 1)
    done = page.locator("[aria-disabled=true]", has_text="Read")
    expect(done).to_be_focused()
    state = page.locator("#inbox-state")
    expect(state).to_contain_text("unread.")
    expect(bell(page)).to_have_accessible_name(f"Inbox, {state.inner_text().rstrip('.')}")

    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("e")
    expect(unread(page)).to_have_count(before - 2)
    expect(page.locator(".thread").first).to_contain_text("Read")
    assert visit.axe() == []


def test_what_is_opened_is_read(arrive: Arrive, rated: list[str]) -> None:
    page = arrive(rated[0]).page
    before = unread(page).count()
    page.locator("a[data-sends]").first.click()
    page.wait_for_url("**/members/**")
    expect(bell(page)).not_to_have_accessible_name("Inbox, 2 unread")
    page.goto("/inbox/")
    expect(unread(page)).to_have_count(before - 1)


def test_g2_marking_read_works_without_script(arrive: Arrive, rated: list[str]) -> None:
    page = arrive(rated[1], java_script_enabled=False).page
    before = unread(page).count()
    unread(page).first.click()
    expect(unread(page)).to_have_count(before - 1)
    page.goto("/settings/notifications/")
    page.get_by_role("checkbox", name="My rating changed Inbox").uncheck()
    page.get_by_role("main").get_by_role("button", name="Save").first.click()
    expect(page.get_by_role("checkbox", name="My rating changed Inbox")).not_to_be_checked()


def test_the_bell_of_another_window_counts_along(arrive: Arrive, rated: list[str]) -> None:
    one, other = arrive(rated[2]).page, arrive(rated[2]).page
    other.goto("/docs/")
    expect(bell(other)).to_have_accessible_name("Inbox, 2 unread")
    one.get_by_role("button", name="Mark all read").click()
    expect(bell(other)).to_have_accessible_name("Inbox, nothing unread")
