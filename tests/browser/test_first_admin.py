"""A real club from its first minute: an admin by a one-time link, members without any mail."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, expect

from tests.browser.chromium import Visit
from tests.running import Club

PASSWORD = "an-early-compiler"


@pytest.fixture(scope="module")
def club(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Club]:
    """A club that nobody runs yet, in place of the demo's."""
    with Club(tmp_path_factory.mktemp("real") / "club") as club:
        yield club


def test_link_of_the_console_makes_the_admin_and_the_invitation_lets_people_in(
    browser: Browser, club: Club
) -> None:
    admin, guest = Visit(browser, club.url), Visit(browser, club.url)
    link = club.find(r"http://localhost:\d+(/setup/\?token=\S+)")
    found_club(admin, link)
    expect(admin.page.get_by_role("main")).to_contain_text("No mail server is set")
    guest.page.goto(link)
    expect(guest.page.get_by_role("main")).to_contain_text("This club has an admin already.")
    guest.page.goto(admin.page.locator("ct-copy input").input_value())
    sign_up(guest)
    expect(guest.page.get_by_role("main")).to_contain_text("You are a member of Chess and Code.")
    assert guest.axe() == []

    for path in ("/institutes/chess-and-code/", "/outbox/"):
        admin.page.goto(path)
        assert admin.axe() == []
    for visit in (admin, guest):
        visit.close()
        assert visit.complaints == []


def found_club(admin: Visit, link: str) -> None:
    page = admin.page
    page.goto(link)
    assert admin.axe() == []
    page.get_by_label("Name of your club or institute").fill("Chess and Code")
    page.get_by_label("Your e-mail address").fill("grace@club.example")
    page.get_by_label("Username").fill("grace")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Open the club").click()
    page.wait_for_url("**/institutes/chess-and-code/")


def sign_up(guest: Visit) -> None:
    page = guest.page
    assert guest.axe() == []
    page.get_by_role("link", name="Make an account").click()
    page.get_by_label("E-mail address").fill("linus@club.example")
    page.get_by_label("Username").fill("linus")
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Make my account").click()
    page.wait_for_url("**/welcome/")
