"""The feed: whom to follow at first, what they do appears by itself, one kind by its address."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.keys import go_by_keys
from tests.browser.members import Arrive, in_the_news
from tests.running import Club

PAGE = "/feed/"


@pytest.fixture(scope="module")
def quiet(browser: Browser, club: Club) -> list[str]:
    """The usernames of members who follow nobody, as far as these tests know."""
    return in_the_news(browser, club)


def follow(page: Page, username: str) -> None:
    """Some of the demo club follow from the beginning."""
    page.goto(f"/members/{username}/")
    following = page.get_by_role("button", name="Following")
    if not following.count():
        page.get_by_role("button", name="Follow").first.click()
    expect(following).to_be_visible()


def unfollow_everybody(page: Page) -> None:
    """Members of the demo club may follow some from the beginning."""
    page.goto("/following/")
    buttons = page.get_by_role("button", name="unfollow")
    while left := buttons.count():
        buttons.first.click()
        expect(buttons).to_have_count(left - 1)
    page.goto("/feed/")


def said(page: Page) -> Locator:
    return page.get_by_role("main").locator(".deeds .said")


def play(page: Page, handle: str) -> None:
    """A contest on the pretend Codeforces; then its owner has the account read."""
    page.goto(f"/demo/codeforces/account/{handle}/")
    page.get_by_role("button", name="Play a contest").click()
    page.goto("/settings/handles/")
    account = page.get_by_role("region", name="Codeforces").locator("div.account-row")
    account.filter(has_text=handle).get_by_role("button", name="Refresh now").click()


def test_whoever_follows_nobody_follows_from_here(arrive: Arrive, quiet: list[str]) -> None:
    visit = arrive(quiet[0], PAGE)
    page = visit.page
    unfollow_everybody(page)
    expect(page.get_by_role("heading", name="You follow nobody yet")).to_be_visible()
    assert visit.axe() == []
    people = page.get_by_role("main").locator(".people")
    people.get_by_role("button", name="Follow").first.click()
    expect(people.get_by_role("button", name="Following")).to_have_count(1)
    page.get_by_role("link", name="Show the feed").click()
    expect(page.get_by_role("heading", name="You follow nobody yet")).to_have_count(0)


def test_g2_following_and_choosing_a_kind_work_without_script(
    arrive: Arrive, quiet: list[str]
) -> None:
    page = arrive(quiet[1], PAGE, java_script_enabled=False).page
    unfollow_everybody(page)
    page.get_by_role("main").get_by_role("button", name="Follow").first.click()
    page.wait_for_url("**/feed/")
    page.get_by_role("link", name="Streaks").click()
    page.wait_for_url("**/feed/?kind=streak")
    expect(page.get_by_role("link", name="Streaks")).to_have_attribute("aria-current", "page")


def test_what_somebody_does_appears_on_the_open_feed(arrive: Arrive) -> None:
    owner, visit = arrive("ada", PAGE).page, arrive("alice", PAGE)
    reader = visit.page
    follow(reader, "ada")
    reader.goto("/feed/?kind=contest")
    expect(reader.locator("ct-live")).to_have_attribute("data-state", "live")
    mine = said(reader).filter(has_text="Ada Marinho took part in")
    before = mine.count()
    reader.evaluate("window.stayed = true")
    play(owner, "ada_marinho")
    expect(mine).to_have_count(before + 1)
    assert reader.evaluate("window.stayed")  # it was not loaded anew
    assert visit.axe() == []
    reader.goto("/dashboard/")
    friends = reader.get_by_role("region", name="People you follow")
    expect(friends.locator(".said").filter(has_text="Ada Marinho").first).to_be_visible()


def test_g16_keys_lead_to_the_feed(arrive: Arrive) -> None:
    page = arrive("alice", PAGE).page
    page.goto("/docs/")
    go_by_keys(page, "g", "f", to="**/feed/")
