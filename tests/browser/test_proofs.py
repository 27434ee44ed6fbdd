"""One account and two members: proven by a compile error, let go, and proven by the other one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.chromium import Visit
from tests.running import Club

HANDLE = "tessa-codes"
PASSWORD = "pretend-world"


@pytest.fixture
def other(browser: Browser, club: Club) -> Iterator[Visit]:
    visit = Visit(browser, club.url)
    yield visit
    visit.close()
    assert visit.complaints == []


def test_handle_is_proven_by_a_compile_error_and_moves_to_whoever_proves_it_later(
    visit: Visit, other: Visit
) -> None:
    alice, priya = visit.page, other.page
    visit.sign_in("alice", PASSWORD)
    other.sign_in("priya", PASSWORD)
    make_account(alice)
    link(alice, HANDLE)
    prove_by_compile_error(alice)
    sees_own_numbers(alice, "alice")

    link(priya, f"https://leetcode.com/{HANDLE}/")
    expect(row(priya)).to_contain_text("Another member has proven this handle")
    prove_by_compile_error(priya)
    sees_own_numbers(priya, "priya")
    alice.goto("/settings/handles/")
    expect(alice.get_by_role("main")).to_contain_text(f"Another member has proven that {HANDLE}")
    assert visit.axe() == []

    unlink(priya)
    priya.goto("/members/priya/")
    expect(priya.get_by_role("main")).not_to_contain_text(HANDLE)


def make_account(page: Page) -> None:
    """Somebody on the pretend LeetCode who has taken part for years."""
    page.goto("/demo/leetcode/new/")
    page.get_by_label("Handle").fill(HANDLE)
    page.get_by_role("main").get_by_role("button").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(HANDLE)


def link(page: Page, text: str) -> None:
    page.goto("/settings/handles/")
    page.get_by_label("Your LeetCode handle").fill(text)
    page.get_by_role("button", name="Link it (LeetCode)").click()
    expect(row(page)).to_be_visible()


def row(page: Page) -> Locator:
    return page.locator("div.account-row", has_text=HANDLE)


def prove_by_compile_error(page: Page) -> None:
    row(page).get_by_role("button", name="Prove it").click()
    page.get_by_role("button", name="compile error").click()
    problem = page.get_by_role("link", name="Open it on LeetCode").get_attribute("href")
    submit_what_does_not_compile(page, str(problem))
    expect(page.get_by_role("heading", name=f"{HANDLE} is yours", exact=True)).to_be_visible()


def submit_what_does_not_compile(page: Page, problem: str) -> None:
    """On the platform, where nobody is signed in: the account is chosen by hand."""
    browser = page.context.browser
    assert browser is not None
    with browser.new_context() as elsewhere:
        platform = elsewhere.new_page()
        platform.goto(problem)
        platform.get_by_label("Find by handle or name").fill(HANDLE)
        platform.get_by_role("button", name="Find").click()
        platform.get_by_role("link", name=HANDLE).click()
        platform.get_by_label("Verdict").select_option(label="Does not compile")
        platform.get_by_role("button", name="Submit").click()
        platform.get_by_role("table").first.wait_for()


def sees_own_numbers(page: Page, username: str) -> None:
    page.goto(f"/members/{username}/")
    main = page.get_by_role("main")
    expect(main.get_by_role("region", name="Rating").first).to_be_visible()
    expect(main.locator("table.heat")).to_be_visible()


def unlink(page: Page) -> None:
    page.goto("/settings/handles/")
    row(page).get_by_role("link", name="Unlink").click()
    page.get_by_role("button", name="Unlink").click()
    expect(page.get_by_text("is no longer linked").first).to_be_visible()
