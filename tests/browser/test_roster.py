"""An admin with a list and one evening: look, invite, and the first one comes by the mail."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, FilePayload, Page, expect

from tests.browser.chromium import Visit
from tests.browser.mailbox import look_for
from tests.running import Club

INSTITUTE = "/institutes/harbour-coding-club/"
LIST = "E-Mail;Name;Batch;Role;Codeforces\r\n{rows}nobody;Oops;;;\r\nalice@harbour.example;;;;\r\n"
PASSWORD = "a-long-evening-walk"


@pytest.fixture
def admin(browser: Browser, club: Club) -> Iterator[Visit]:
    visit = Visit(browser, club.url)
    yield signed_in(visit)
    visit.close()
    assert visit.complaints == []


def signed_in(visit: Visit) -> Visit:
    visit.sign_in("ada", "pretend-world")
    return visit


def hand_in(page: Page, *people: str) -> None:
    rows = "".join(f"{one}@first.example;{one.title()} Müller;2029;;{one}_cf\r\n" for one in people)
    content = LIST.format(rows=rows).encode("cp1252")
    page.goto(f"{INSTITUTE}roster/")
    file = FilePayload(name="first.csv", mimeType="text/csv", buffer=content)
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Look at it").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("first.csv")


def test_an_invited_person_signs_up_by_the_mail_and_stands_in_the_batch(
    visit: Visit, admin: Visit
) -> None:
    page = admin.page
    hand_in(page, "kofi", "lena")
    expect(page.get_by_text("not in UTF-8")).to_be_visible()
    page.get_by_role("link", name="Only problems").click()
    expect(page.get_by_role("cell", name="nobody")).to_be_visible()
    assert admin.axe() == []
    page.get_by_role("button", name="Invite 2 people").click()
    expect(page.get_by_text("Done: 2 of 2 sent.")).to_be_visible()

    come_by_mail(visit.page, "kofi@first.example")
    assert visit.axe() == []
    visit.page.get_by_role("link", name="Make an account").click()
    expect(visit.page.get_by_label("E-mail address")).to_have_value("kofi@first.example")
    visit.page.get_by_label("Username").fill("kofi")
    visit.page.get_by_label("Password", exact=True).fill(PASSWORD)
    visit.page.get_by_role("button", name="Make my account").click()
    expect(visit.page.get_by_role("button", name="Kofi Müller, your account")).to_be_visible()

    page.goto(f"{INSTITUTE}people/?batch=2029")
    row = page.get_by_role("row").filter(has_text="Kofi Müller")
    expect(row.get_by_role("cell", name="2029")).to_be_visible()
    page.goto(f"{INSTITUTE}people/?tab=invitations&state=accepted")
    expect(page.get_by_text("kofi@first.example")).to_be_visible()
    visit.page.goto("/settings/handles/")
    expect(visit.page.get_by_text("kofi_cf").first).to_be_visible()


def test_people_are_ticked_asked_about_and_changed(admin: Visit) -> None:
    page = admin.page
    page.goto(f"{INSTITUTE}people/?q=aoi")
    ticks = page.locator("[name=row]")
    page.get_by_label("Tick all").check()
    expect(ticks.first).to_be_checked()
    count = ticks.count()
    page.get_by_label("Batch", exact=True).last.fill("2031")
    page.get_by_role("button", name="Set batch").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(f"{count} people?")
    assert admin.axe() == []
    page.get_by_role("button", name="Set batch").click()
    expect(page.get_by_text(f"Done for all {count}")).to_be_visible()
    page.goto(f"{INSTITUTE}people/?batch=2031")
    expect(page.locator("[name=row]")).to_have_count(count)


def test_a_list_is_handed_in_without_javascript(browser: Browser, club: Club) -> None:
    visit = signed_in(Visit(browser, club.url, java_script_enabled=False))
    hand_in(visit.page, "mira")
    visit.page.get_by_role("button", name="Invite one person").click()
    expect(visit.page.get_by_text("of 1 sent")).to_be_visible()
    visit.close()
    assert visit.complaints == []


def come_by_mail(page: Page, address: str) -> None:
    """Wait for the mail in the pretend mailbox, and open the link in it."""
    mail = page.get_by_role("row").filter(has_text=address)
    look_for(mail, page)
    mail.get_by_role("link").first.click()
    page.get_by_role("main").get_by_role("link", name="/invited/").first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Join Harbour Coding Club")
