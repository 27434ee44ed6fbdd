"""The first evening of a member, from sign-up to the chart, and the morning after."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.chromium import Visit
from tests.browser.mailbox import look_for
from tests.running import Club

NAME, ADDRESS = "nova", "nova@nova.example"
HANDLE = "nova_rises"
PASSWORD, NEW_PASSWORD = "a-long-evening-walk", "an-early-morning-swim"
ADMIN = ("ada", "pretend-world")


@pytest.fixture
def admin(browser: Browser, club: Club) -> Iterator[Visit]:
    visit = Visit(browser, club.url)
    visit.sign_in(*ADMIN)
    yield visit
    visit.close()
    assert visit.complaints == []


def test_member_signs_up_joins_proves_a_handle_and_sees_the_chart(
    visit: Visit, admin: Visit
) -> None:
    page = visit.page
    sign_up(page)
    follow_mail(page, "Confirm your address")
    page.get_by_role("button", name="Yes, it is mine").click()
    expect(menu_of(page)).to_be_visible()

    page.goto(invitation(admin.page))
    page.get_by_role("main").get_by_role("button", name="Join").click()
    expect(page.get_by_role("main")).to_contain_text("Harbour Coding Club")

    play_some_rounds(admin.page)
    link_handle(page)
    put_token_into_profile(admin.page, ask_for_token(page))
    # The page looks by itself every few seconds, so there may be no button left to press.
    expect(page.get_by_role("heading", name=f"{HANDLE} is yours", exact=True)).to_be_visible()

    page.goto(f"/members/{NAME}/")
    chart = page.get_by_role("region", name="Rating").first
    expect(chart).to_be_visible()
    expect(page.locator("table.heat")).to_be_visible()
    assert visit.axe() == []

    sign_out(page)
    reset_password(page)
    visit.sign_in(NAME, NEW_PASSWORD)
    expect(menu_of(page)).to_be_visible()


def menu_of(page: Page) -> Locator:
    """The menu that only somebody who is signed in has."""
    return page.get_by_role("button", name=f"{NAME}, your account")


def sign_up(page: Page) -> None:
    page.goto("/accounts/signup/")
    page.get_by_label("E-mail address").fill(ADDRESS)
    page.get_by_label("Username").fill(NAME)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Make my account").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Look into your mail")


def follow_mail(page: Page, subject: str) -> None:
    """Wait for the mail in the pretend mailbox, and open the link in it."""
    mail = page.get_by_role("link", name=subject).first
    look_for(mail, page)
    mail.click()
    page.get_by_role("main").get_by_role("link", name="/accounts/").first.click()


def invitation(page: Page) -> str:
    page.goto("/institutes/harbour-coding-club/")
    return page.locator("ct-copy input").input_value()


def play_some_rounds(page: Page) -> None:
    """An account on the pretend Codeforces that has a history."""
    page.goto("/demo/codeforces/new/")
    page.get_by_label("Handle").fill(HANDLE)
    page.get_by_role("main").get_by_role("button").last.click()
    for _ in range(3):
        page.goto(f"/demo/codeforces/account/{HANDLE}/")
        page.get_by_role("button", name="Play a contest").click()


def link_handle(page: Page) -> None:
    page.goto("/settings/handles/")
    page.get_by_label("Your Codeforces handle").fill(f"@{HANDLE}")
    page.get_by_role("button", name="Link it (Codeforces)").click()


def ask_for_token(page: Page) -> str:
    page.get_by_role("button", name="Prove it").click()
    return page.locator("ct-copy input").first.input_value()


def put_token_into_profile(page: Page, token: str) -> None:
    page.goto(f"/demo/codeforces/account/{HANDLE}/")
    page.get_by_label("First name").fill(token)
    page.get_by_role("button", name="Save the profile").click()


def sign_out(page: Page) -> None:
    menu_of(page).click()
    page.get_by_role("button", name="Sign out").click()


def reset_password(page: Page) -> None:
    page.goto("/accounts/password/reset/")
    page.get_by_role("main").get_by_role("textbox").fill(ADDRESS)
    page.get_by_role("main").get_by_role("button").last.click()
    follow_mail(page, "password")
    for label in ("New password", "New password, once more"):
        page.get_by_label(label, exact=True).fill(NEW_PASSWORD)
    page.get_by_role("main").get_by_role("button").last.click()
