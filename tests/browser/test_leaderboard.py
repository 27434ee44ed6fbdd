"""The leaderboard as its readers meet it (P6): by keys, by script and without it, on any width."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.chromium import Scheme
from tests.browser.keys import go_by_keys
from tests.browser.members import Arrive

PAGE = "/leaderboard/"
CODEFORCES = f"{PAGE}?by=rating:codeforces"


def rows(page: Page) -> Locator:
    return page.locator("ct-rows tbody tr")


def others(page: Page) -> Locator:
    """Those who have a name."""
    return page.locator("ct-rows tbody tr:not(.me):has(th a)")


def strangers(page: Page) -> Locator:
    """Those who may be followed and are not: whom the others follow depends on the day."""
    return others(page).filter(has=page.locator("td button", has_text=re.compile("^\\s*Follow ")))


def me(page: Page) -> Locator:
    return page.locator("tr#me")


def said(page: Page) -> Locator:
    return page.locator("#said")


def remember(page: Page) -> None:
    """That this page was never loaded anew."""
    page.evaluate("window.sameAsBefore = true")


def is_same(page: Page) -> bool:
    return bool(page.evaluate("!!window.sameAsBefore"))


def test_p6_tabs_kinds_and_filters_change_the_list_in_place_and_stand_in_the_address(
    arrive: Arrive,
) -> None:
    page = arrive("ada", PAGE).page
    remember(page)
    page.get_by_role("link", name="Codeforces").first.click()
    expect(page.get_by_role("columnheader", name="Rating")).to_have_attribute(
        "aria-sort", "descending"
    )
    expect(page.locator("#by-ratingcodeforces")).to_be_focused()
    proven = int(re.findall(r"\d+", said(page).inner_text())[0])
    page.get_by_label("Also unproven").check()
    expect(said(page)).to_contain_text("Accounts that nobody has proven count too.")
    assert int(re.findall(r"\d+", said(page).inner_text())[0]) > proven
    expect(page.get_by_label("Also unproven")).to_be_focused()
    page.get_by_role("link", name="Global").click()
    expect(page.locator("#tab-global")).to_have_attribute("aria-current", "page")
    for part in ("tab=global", "by=rating", "unproven=1"):
        expect(page).to_have_url(re.compile(part))
    assert is_same(page)
    page.go_back()
    expect(page.locator("#tab-institute")).to_have_attribute("aria-current", "page")


def test_p6_my_row_stays_in_sight_wherever_one_reads(arrive: Arrive) -> None:
    page = arrive("ada", CODEFORCES).page
    expect(me(page)).to_contain_text("you")
    shown = "() => { const row = document.querySelector('tr#me td').getBoundingClientRect();"
    shown += " return row.top >= 50 && row.bottom <= innerHeight + 1; }"
    for share in (0, 0.3, 0.6, 0.9):
        page.evaluate(f"scrollTo(0, document.body.scrollHeight * {share})")
        assert page.evaluate(shown), share
    page.get_by_role("link", name="Next").click()
    expect(page).to_have_url(re.compile("cursor="))
    expect(page.get_by_role("link", name="Previous")).to_be_visible()
    assert page.evaluate(shown)
    expect(me(page)).to_contain_text(re.compile("rank|level"))


def test_p6_jump_to_me_and_to_a_rank(arrive: Arrive) -> None:
    page = arrive("ada", CODEFORCES).page
    rank = page.locator(".facts dd").first.inner_text()
    page.keyboard.press("m")
    expect(page).to_have_url(re.compile("at=me#me"))
    expect(me(page).locator(".rank")).to_contain_text(rank)
    expect(me(page)).to_be_in_viewport()
    page.keyboard.press("j")
    expect(me(page)).to_be_focused()
    page.get_by_label("Go to rank").fill("60")
    page.keyboard.press("Enter")
    expect(page).to_have_url(re.compile("at=60"))
    ranks = [int(one) for one in page.locator("tbody:not(.own) .rank b").all_inner_texts()]
    assert ranks[0] <= 60 < next(rank for rank in ranks if rank != ranks[0])  # it may be shared


def test_a_place_on_a_board_that_is_over_is_told_and_left(arrive: Arrive) -> None:
    page = arrive("ada", f"{PAGE}?period=week").page
    onwards = page.get_by_role("link", name="Next", exact=True)
    onwards.evaluate("link => { link.href = link.href.replace(/cursor=[^&]*/, 'cursor=old') }")
    onwards.click()
    expect(page.get_by_role("heading", name="No such place")).to_be_visible()
    page.get_by_role("link", name="Start at the top").click()
    expect(rows(page).first).to_be_visible()
    assert "period=week" in page.url


def test_whoever_asks_a_club_that_does_not_answer_is_told(arrive: Arrive) -> None:
    visit = arrive("ada", PAGE)
    page = visit.page
    page.route("**/leaderboard/**", lambda route: route.abort())
    page.get_by_label("Also unproven").check()
    expect(page.get_by_text("The club does not answer. Try once more.")).to_be_visible()
    visit.complaints.clear()  # the console tells it, too


def test_p6_members_are_found_while_one_types(arrive: Arrive) -> None:
    page = arrive("ada", PAGE).page
    remember(page)
    name = others(page).nth(3).get_by_role("link").inner_text()
    field = page.get_by_role("searchbox", name="Find a member in this list")
    page.keyboard.press("/")
    expect(field).to_be_focused()
    field.press_sequentially(name, delay=20)
    expect(said(page)).to_contain_text("matches")
    expect(page.get_by_role("link", name=name, exact=True)).to_be_visible()
    rank = rows(page).filter(has_text=name).locator(".rank b").inner_text()
    assert int(rank) > 1  # that of the whole list
    expect(field).to_be_focused()
    expect(field).to_have_value(name)
    field.fill("nobody of that name")
    expect(page.get_by_role("heading", name="Nobody matches")).to_be_visible()
    page.get_by_role("link", name="Clear the filters").click()
    expect(said(page)).to_contain_text("members stand here")
    expect(field).to_have_value("")


def test_p6_what_was_typed_last_is_found_however_slow_the_line(arrive: Arrive) -> None:
    page = arrive("ada", PAGE).page
    name = others(page).nth(3).get_by_role("link").inner_text()
    field = page.get_by_role("searchbox", name="Find a member in this list")

    def answer_the_last(route: Route) -> None:
        if parse_qs(urlsplit(route.request.url).query)["q"] == [name]:
            route.continue_()

    page.route(re.compile("[?&]q=."), answer_the_last)
    for typed in (name[:2], name[:4], name):
        with page.expect_request(re.compile("[?&]q=.")):
            field.fill(typed)
    expect(said(page)).to_contain_text(f"matches “{name}”")
    expect(field).to_have_value(name)


def test_p6_rows_are_gone_through_and_members_followed_by_keys(arrive: Arrive) -> None:
    visit = arrive("ada", CODEFORCES)
    page = visit.page
    for key, place in [("j", 0), ("j", 1), ("j", 2), ("k", 1)]:
        page.keyboard.press(key)
        row = rows(page).nth(place)
        link = row.locator("th a")
        expect(link if link.count() else row).to_be_focused()
    row = page.locator(f"[id='{strangers(page).nth(2).get_attribute('id')}']")
    link, follow = row.locator("th a"), row.locator("td button")
    name = link.inner_text()
    link.focus()
    page.keyboard.press("f")
    expect(follow).to_contain_text("Following")
    expect(page.get_by_text(f"You follow {name}.")).to_be_visible()
    expect(link).to_be_focused()
    page.keyboard.press("f")
    expect(follow).to_have_text(re.compile("^Follow "))
    page.keyboard.press("?")
    keys = page.get_by_role("dialog", name="Keys on this page")
    for text in ("Next member", "Open the member", "Follow the member", "Jump to me"):
        expect(keys).to_contain_text(text)
    page.keyboard.press("Escape")
    link.focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/members/**")
    expect(page.get_by_role("heading", level=1)).to_have_text(name)


def test_g10_whoever_unfollows_a_row_away_is_not_lost(arrive: Arrive) -> None:
    page = arrive("ada", f"{PAGE}?tab=following").page
    link = others(page).first.locator("th a")
    name = link.inner_text()
    link.focus()
    page.keyboard.press("f")
    expect(page.get_by_text(f"You no longer follow {name}.")).to_be_visible()
    expect(page.get_by_role("table").get_by_text(name)).to_have_count(0)
    expect(page.locator("body")).not_to_be_focused()
    page.keyboard.press("j")
    assert page.evaluate("document.activeElement.closest('tr') !== null")


def test_p6_it_is_one_sequence_of_keys_away(arrive: Arrive) -> None:
    page = arrive("ada", "/dashboard/").page
    go_by_keys(page, "g", "l", to=f"**{PAGE}")


def test_p6_on_a_phone_the_rest_of_a_row_comes_on_a_tap(arrive: Arrive) -> None:
    visit = arrive("ada", CODEFORCES, width=360, scheme="dark")
    page = visit.page
    first = others(page).first
    expect(first.get_by_role("button", name="Follow")).to_have_count(0)
    first.locator("summary").click()
    expect(first.locator(".rest")).to_contain_text("Solved")
    expect(first.locator(".rest").get_by_role("button", name="Follow")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    assert visit.axe() == []


def test_g7_it_fits_320_px(arrive: Arrive) -> None:
    page = arrive("ada", CODEFORCES, width=320).page
    expect(me(page)).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_g4_my_row_never_covers_what_has_the_focus(arrive: Arrive) -> None:
    page = arrive("ada", PAGE).page
    covered = """() => {
      const own = document.querySelector("tr#me td").getBoundingClientRect();
      const focus = document.activeElement.getBoundingClientRect();
      const apart = focus.bottom <= own.top || focus.top >= own.bottom;
      return !apart && !document.activeElement.closest("#me");
    }"""
    for key in ["j"] * 30 + ["k"] * 20:
        page.keyboard.press(key)
        assert not page.evaluate(covered)


def test_g2_it_works_without_script(arrive: Arrive) -> None:
    page = arrive("ada", CODEFORCES, java_script_enabled=False).page
    page.get_by_label("Also unproven").check()
    page.get_by_role("button", name="Show", exact=True).click()
    expect(said(page)).to_contain_text("Accounts that nobody has proven count too.")
    page.get_by_role("link", name="Next").click()
    expect(page.get_by_role("link", name="Previous")).to_be_visible()
    page.get_by_role("link", name="Jump to me").click()
    expect(me(page)).to_be_visible()
    name = strangers(page).first.locator("th a").inner_text()
    strangers(page).first.locator("td [data-follow]").click()
    expect(page.get_by_text(f"You follow {name}.")).to_be_visible()
    assert "at=me" in page.url
    page.get_by_role("searchbox", name="Find a member in this list").fill(name)
    page.get_by_role("button", name="Find", exact=True).click()
    expect(said(page)).to_contain_text("matches")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [360, 1280])
def test_g1_axe_finds_nothing(arrive: Arrive, scheme: Scheme, width: int) -> None:
    visit = arrive("ada", PAGE, scheme=scheme, width=width)
    found = {}
    for query in ("", "?tab=global&by=rating:codeforces&unproven=1&at=me", "?period=week", "?q=zz"):
        visit.page.goto(PAGE + query)
        found[query] = visit.axe()
    assert found == {query: [] for query in found}
