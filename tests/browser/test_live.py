"""What changes is seen in every open window, without a reload, with a socket and without one."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Locator, Page, WebSocketRoute, expect

from tests.browser.chromium import Visit
from tests.running import Club

PASSWORD = "pretend-world"
CLUB = "/institutes/harbour-coding-club/"
#: Remembers when an element last became another one, and that the page was never loaded anew.
WATCH = """element => {
  [window.watchedAt, window.changedAt] = [Date.now(), undefined];
  window.observer?.disconnect();
  window.observer = new MutationObserver(() => window.changedAt = Date.now());
  const everything = {subtree: true, childList: true, characterData: true, attributes: true};
  window.observer.observe(element, everything);
}"""

type Arrive = Callable[..., Visit]


@pytest.fixture
def arrive(browser: Browser, club: Club) -> Iterator[Arrive]:
    """Visitors who are signed in, each in a browser of their own."""
    visits: list[Visit] = []

    def arriving(name: str, **how: Any) -> Visit:
        visit = Visit(browser, club.url, **how)
        visits.append(visit)
        visit.sign_in(name, PASSWORD)
        return visit

    yield arriving
    complaints = [complaint for visit in visits for complaint in visit.complaints]
    for visit in visits:
        visit.close()
    assert complaints == []


def sign(page: Page) -> Locator:
    """The dot in the foot, with its word."""
    return page.locator("ct-live")


def open_live(page: Page, path: str) -> None:
    page.goto(path)
    expect(sign(page)).to_have_attribute("data-state", "live")


def gauge(page: Page, platform: str = "Codeforces") -> Locator:
    return page.get_by_role("article", name=platform).locator(".value")


def trend(page: Page, platform: str = "Codeforces") -> Locator:
    """Made of contests alone, of which the event tells; the rating beside it comes before."""
    return page.get_by_role("article", name=platform).locator(".spark path")


def row(page: Page, handle: str) -> Locator:
    codeforces = page.get_by_role("region", name="Codeforces")
    return codeforces.locator("div.account-row", has_text=handle)


def watch(locator: Locator) -> None:
    locator.evaluate(WATCH)


def is_same_page(page: Page) -> bool:
    return bool(page.evaluate("!!window.observer"))


def seconds_after(page: Page, club: Club, tag: str) -> float:
    """How long after the first event with this tag the watched element last changed."""
    database = next(Path(club.environment["CODETRACK_DATA"]).glob("*.sqlite3"))
    with closing(sqlite3.connect(database)) as connection:
        since = datetime.fromtimestamp(page.evaluate("window.watchedAt") / 1000, UTC)
        asked = "SELECT at FROM core_event WHERE tag = ? AND at > ? ORDER BY id LIMIT 1"
        [at] = connection.execute(asked, [tag, f"{since:%Y-%m-%d %H:%M:%S.%f}"]).fetchone()
    happened = datetime.fromisoformat(at).replace(tzinfo=UTC).timestamp()
    return float(page.evaluate("window.changedAt")) / 1000 - happened


def play(page: Page, handle: str) -> None:
    """A contest on the pretend Codeforces; then its owner has the account read."""
    page.goto(f"/demo/codeforces/account/{handle}/")
    page.get_by_role("button", name="Play a contest").click()
    page.goto("/settings/handles/")
    row(page, handle).get_by_role("button", name="Refresh now").click()


def make_account(page: Page, handle: str) -> None:
    page.goto("/demo/codeforces/new/")
    page.get_by_label("Handle").fill(handle)
    page.get_by_role("main").get_by_role("button").last.click()
    expect(page.get_by_role("heading", level=1)).to_have_text(handle)


def link(page: Page, handle: str) -> None:
    page.goto("/settings/handles/")
    page.get_by_label("Your Codeforces handle").fill(handle)
    page.get_by_role("button", name="Link it (Codeforces)").click()
    expect(row(page, handle)).to_be_visible()


def prove(page: Page, handle: str) -> None:
    row(page, handle).get_by_role("button", name="Prove it").click()
    token = page.locator("ct-copy input").first.input_value()
    proof = page.url
    page.goto(f"/demo/codeforces/account/{handle}/")
    page.get_by_label("First name").fill(token)
    page.get_by_role("button", name="Save the profile").click()
    page.goto(proof)  # which looks by itself, maybe before anybody could press a button
    expect(page.get_by_text("Proven.")).to_be_visible()


def unlink(page: Page, handle: str) -> None:
    page.goto("/settings/handles/")
    row(page, handle).get_by_role("link", name="Unlink").click()
    page.get_by_role("button", name="Unlink").click()
    expect(page.get_by_text("is no longer linked").first).to_be_visible()


def test_a_rating_change_appears_soon_on_the_page_and_on_the_dashboard(
    arrive: Arrive, club: Club
) -> None:
    owner, dashboard, reader = arrive("ada").page, arrive("ada").page, arrive("alice").page
    open_live(dashboard, "/dashboard/")
    open_live(reader, "/members/ada/")
    before = gauge(reader).inner_text()
    contests = trend(reader).get_attribute("d") or ""
    for page in (reader, dashboard):
        watch(trend(page))
    play(owner, "ada_marinho")
    for page in (reader, dashboard):
        expect(trend(page)).not_to_have_attribute("d", contests)
        expect(gauge(page)).not_to_have_text(before)
        expect(sign(page)).to_have_attribute("data-state", "live")
        assert seconds_after(page, club, "ratings:rating:changed") > 0
        assert is_same_page(page)
    assert gauge(reader).inner_text() == gauge(dashboard).inner_text()


def test_a_verification_appears_soon_in_another_browser(arrive: Arrive, club: Club) -> None:
    one, other = arrive("alice").page, arrive("alice").page
    open_live(other, "/settings/handles/")
    watch(other.get_by_role("main"))
    make_account(one, "alice-proves")
    link(one, "alice-proves")
    theirs = row(other, "alice-proves")
    expect(theirs).to_contain_text("not proven")
    watch(theirs.locator(".who-row .badge"))
    prove(one, "alice-proves")
    expect(theirs.locator(".badge.good")).to_have_text("proven")
    expect(sign(other)).to_have_attribute("data-state", "live")
    assert seconds_after(other, club, "ratings:handle:verified") > 0
    assert is_same_page(other)
    unlink(one, "alice-proves")
    expect(theirs).to_have_count(0)


def block_sockets(page: Page) -> None:
    def refuse(socket: WebSocketRoute) -> None:
        socket.close()

    page.route_web_socket("**/ws/", refuse)


def test_without_a_socket_it_appears_all_the_same_and_the_dot_says_so(arrive: Arrive) -> None:
    owner, reader = arrive("ada").page, arrive("alice").page
    block_sockets(reader)
    reader.goto("/members/ada/")
    expect(sign(reader)).to_contain_text("Reconnecting")
    before = gauge(reader).inner_text()
    watch(gauge(reader))
    play(owner, "ada_marinho")
    expect(gauge(reader)).not_to_have_text(before)
    assert is_same_page(reader)
    expect(sign(reader)).to_contain_text("Reconnecting")


def test_what_is_being_typed_stays_and_so_do_the_focus_and_what_was_opened(
    arrive: Arrive,
) -> None:
    one, other = arrive("alice"), arrive("alice")
    make_account(one.page, "alice-types")
    link(one.page, "alice-types")
    page = other.page
    open_live(page, "/settings/handles/")
    watch(page.get_by_role("main"))
    page.get_by_text("Name another account (Codeforces)").click()
    renamed = page.get_by_label("Your Codeforces handle")
    renamed.fill("somebody-else")
    field = page.get_by_label("Your LeetCode handle")
    field.fill("half a na")
    field.evaluate("field => field.setSelectionRange(2, 4)")
    prove(one.page, "alice-types")
    expect(row(page, "alice-types").locator(".badge.good")).to_be_visible()
    expect(field).to_be_focused()
    expect(field).to_have_value("half a na")
    assert field.evaluate("field => [field.selectionStart, field.selectionEnd]") == [2, 4]
    expect(renamed).to_be_visible()
    expect(renamed).to_have_value("somebody-else")
    assert is_same_page(page)
    assert other.axe() == []
    unlink(one.page, "alice-types")


def test_the_chart_goes_on_working_when_its_data_changed(arrive: Arrive) -> None:
    owner, reader = arrive("ada").page, arrive("alice").page
    open_live(reader, "/members/ada/?period=all")
    watch(gauge(reader))
    chart, card = reader.locator(".chart"), reader.locator(".chart-card")
    reader.get_by_text("The same as a table").click()
    rows = reader.get_by_role("region", name="Contests and ratings").locator("tbody tr")
    count = rows.count()
    chart.focus()
    reader.keyboard.press("ArrowLeft")
    expect(card).to_be_visible()
    told = card.inner_text()
    play(owner, "ada_marinho")
    expect(rows).to_have_count(count + 1)
    assert is_same_page(reader)
    expect(chart).to_be_focused()
    expect(card).to_be_visible()
    assert card.inner_text() == told
    reader.keyboard.press("ArrowRight")
    assert card.inner_text() != told


def test_who_loses_a_right_sees_the_page_no_longer(arrive: Arrive) -> None:
    admin, one, other = arrive("ada").page, arrive("priya").page, arrive("priya").page
    board = arrive("priya").page
    open_live(other, "/dashboard/")
    admin.goto(CLUB)
    admin.get_by_role("button", name="Let in Priya").click()
    expect(other.get_by_role("heading", name="My club")).to_be_visible()
    open_live(other, "/members/ada/")
    open_live(board, "/leaderboard/?tab=institute")
    one.goto(CLUB)
    one.get_by_role("button", name="Leave").first.click()
    one.get_by_role("dialog").get_by_role("button", name="Leave").click()
    expect(other.get_by_role("heading", name="There is nothing here")).to_be_visible()
    expect(board.get_by_text("You are in no institute yet")).to_be_visible(timeout=20_000)


def test_a_page_that_nobody_looks_at_waits_until_somebody_does(arrive: Arrive) -> None:
    reader = arrive("alice").page
    open_live(reader, "/members/ada/")
    asked: list[str] = []
    hide = (
        "hidden => Object.defineProperty(document, 'hidden', {value: hidden, configurable: true})"
    )
    look = "document.dispatchEvent(new Event('visibilitychange'))"
    reader.evaluate(hide, arg=True)
    reader.on("request", lambda request: asked.append(request.url))
    reader.evaluate("document.querySelector('ct-live').news(['member:1'])")
    reader.wait_for_timeout(300)
    assert asked == []
    reader.evaluate(hide, arg=False)
    with reader.expect_response("**/members/ada/"):
        reader.evaluate(look)


def test_visitors_have_no_connection_and_no_dot(browser: Browser, club: Club) -> None:
    visit = Visit(browser, club.url)
    sockets: list[str] = []
    visit.page.on("websocket", lambda socket: sockets.append(socket.url))
    visit.page.goto("/docs/")
    visit.page.wait_for_timeout(300)
    expect(sign(visit.page)).to_have_count(0)
    visit.close()
    assert (sockets, visit.complaints) == ([], [])
