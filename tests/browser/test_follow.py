"""Following by click and by key, being left alone, and the choice of whoever joins."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

from tests.browser.members import Arrive

WHO = "renata.olvera"
NAME = "Renata Olvera"


def follow(page: Page) -> Locator:
    return page.get_by_role("main").get_by_role("button", name=f"Follow {NAME}")


def unfollow(page: Page) -> Locator:
    return page.get_by_role("main").get_by_role("button", name=f"Following {NAME}")


def test_g10_following_by_click_and_key_in_place(arrive: Arrive) -> None:
    visit = arrive("alice", f"/members/{WHO}/")
    page = visit.page
    page.evaluate("document.body.dataset.same = 'page'")
    follow(page).click()
    expect(unfollow(page)).to_be_focused()
    expect(page.locator("ct-toasts")).to_contain_text(f"You follow {NAME}.")
    expect(page.get_by_role("link", name="1 follower")).to_be_visible()
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("f")
    expect(follow(page)).to_be_visible()
    page.keyboard.press("f")
    expect(unfollow(page)).to_be_visible()
    expect(page.locator("body[data-same=page]")).to_have_count(1)
    assert visit.axe() == []
    page.keyboard.press("?")
    expect(page.get_by_role("dialog")).to_contain_text("Follow, or follow no more")
    page.keyboard.press("Escape")

    page.goto("/following/")
    row = page.get_by_role("listitem").filter(has_text=NAME)
    row.get_by_role("button", name=f"Following {NAME}").click()
    expect(row.get_by_role("button", name=f"Follow {NAME}")).to_be_focused()


def test_g13_blocking_says_what_happens_and_is_taken_back(arrive: Arrive) -> None:
    visit = arrive("alice", f"/members/{WHO}/")
    page = visit.page
    page.locator("#more > summary").click()
    page.get_by_role("button", name=f"Block {NAME}").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text(f"{NAME} is not told.")
    assert visit.axe() == []
    dialog.get_by_role("button", name="Do not block").click()
    expect(dialog).to_be_hidden()
    page.get_by_role("button", name=f"Block {NAME}").click()
    dialog.get_by_role("button", name="Block", exact=True).click()
    expect(page.locator("#relation")).to_contain_text(f"You blocked {NAME}.")
    page.wait_for_load_state()
    expect(follow(page)).to_have_count(0)

    other = arrive(WHO, "/members/alice/")
    expect(other.page.get_by_role("heading", level=1)).not_to_have_text("Alice Newby")
    page.get_by_role("button", name=f"Unblock {NAME}").click()
    expect(follow(page)).to_be_focused()
    other.page.reload()
    expect(other.page.get_by_role("heading", level=1)).to_contain_text("Alice")


def test_a_page_that_turns_private_is_gone_where_it_is_open(arrive: Arrive) -> None:
    page = arrive("alice", f"/members/{WHO}/").page
    expect(page.get_by_role("heading", level=1)).to_have_text(NAME)
    own = arrive(WHO, "/settings/privacy/").page
    own.get_by_label("Only I, and the admins of my institute and of this site.").check()
    own.get_by_role("main").get_by_role("button", name="Save").click()
    expect(own.get_by_text("Saved.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).not_to_have_text(NAME)
    own.get_by_label("Members of my institute.").check()
    own.get_by_role("main").get_by_role("button", name="Save").click()
    expect(own.get_by_label("Members of my institute.")).to_be_checked()


def test_g2_following_and_blocking_without_script(arrive: Arrive) -> None:
    page = arrive("alice", f"/members/{WHO}/", java_script_enabled=False).page
    follow(page).click()
    unfollow(page).click()
    expect(follow(page)).to_be_visible()
    page.locator("#more > summary").click()
    page.get_by_role("button", name=f"Block {NAME}").click()
    page.get_by_role("dialog").get_by_role("button", name="Block", exact=True).click()
    page.get_by_role("button", name=f"Unblock {NAME}").click()
    expect(follow(page)).to_be_visible()


def test_who_joins_is_told_and_chooses_there(arrive: Arrive) -> None:
    admin = arrive("ada", "/institutes/harbour-coding-club/").page
    link = admin.get_by_role("textbox", name="Invitation link").input_value()
    visit = arrive("priya", link, width=360, scheme="dark")
    page = visit.page
    expect(page.get_by_role("main")).to_contain_text("see your name, your handles and your rank")
    assert visit.axe() == []
    page.get_by_label("Not at all").check()
    page.get_by_role("button", name="Join Harbour Coding Club").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Harbour Coding Club")
    page.goto("/settings/privacy/")
    expect(page.get_by_label("Not at all")).to_be_checked()
