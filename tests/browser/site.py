"""Every page of the demo club, and who sees it: for the tests of pages and for the gallery."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from playwright.sync_api import Browser, StorageState

from tests.browser.chromium import Visit

Who = Literal["visitor", "member", "admin"]
PASSWORD = "pretend-world"
NAMES = {"member": "alice", "admin": "ada"}
CLUB = "/institutes/harbour-coding-club/"
SOMEBODY = "<somebody>"  # a member with a history


@dataclass(frozen=True)
class Place:
    """A page; its name is that of its picture."""

    name: str
    path: str
    who: Who = "visitor"

    def __str__(self) -> str:
        return self.name


PLACES = [
    Place("landing", "/"),
    Place("sign-up", "/accounts/signup/"),
    Place("sign-in", "/accounts/login/"),
    Place("look-into-your-mail", "/accounts/confirm-email/"),
    Place("wrong-mail-link", "/accounts/confirm-email/wrong/"),
    Place("password-reset", "/accounts/password/reset/"),
    Place("password-reset-sent", "/accounts/password/reset/done/"),
    Place("wrong-invitation", "/join/wrong/"),
    Place("help", "/docs/"),
    Place("styleguide", "/styleguide/"),
    Place("not-found", "/no-such-page/"),
    Place("demo", "/demo/"),
    Place("demo-mailbox", "/demo/mailbox/"),
    Place("demo-codeforces", "/demo/codeforces/"),
    Place("demo-codeforces-new", "/demo/codeforces/new/"),
    Place("member", f"/members/{SOMEBODY}/", "member"),
    Place("member-without-handle", "/members/alice/", "member"),
    Place("members", "/members/", "member"),
    Place("members-not-found", "/members/?q=nobody+of+that+name", "member"),
    Place("institutes", "/institutes/", "member"),
    Place("institute", CLUB, "member"),
    Place("settings-profile", "/settings/profile/", "member"),
    Place("settings-handles", "/settings/handles/", "member"),
    Place("settings-appearance", "/settings/appearance/", "member"),
    Place("settings-security", "/settings/security/", "member"),
    Place("settings-tokens", "/settings/tokens/", "member"),
    Place("email-addresses", "/accounts/email/", "member"),
    Place("password-change", "/accounts/password/change/", "member"),
    Place("sign-out", "/accounts/logout/", "member"),
    Place("not-allowed", "/outbox/", "member"),
    Place("institute-as-admin", CLUB, "admin"),
    Place("outbox", "/outbox/", "admin"),
]


class Site:
    """The demo club with its people signed in once, for as many visits as wanted."""

    def __init__(self, browser: Browser, url: str) -> None:
        self.browser = browser
        self.url = url
        self.states: dict[Who, StorageState | None] = {"visitor": None}
        for who in ("member", "admin"):
            visit = Visit(browser, url)
            visit.sign_in(NAMES[who], PASSWORD)
            visit.page.wait_for_url(lambda address: "/accounts/login/" not in address)
            self.states[who] = visit.context.storage_state()
            visit.close()
        self.somebody = self._somebody()

    def visit(self, who: Who, **guise: object) -> Visit:
        """A fresh window of this person; `guise` is what `Visit` takes."""
        return Visit(self.browser, self.url, storage_state=self.states[who], **guise)  # type: ignore[arg-type]

    def path(self, place: Place) -> str:
        return place.path.replace(SOMEBODY, self.somebody)

    def _somebody(self) -> str:
        """Whoever leads the board of the club."""
        visit = self.visit("admin")
        visit.page.goto(CLUB)
        board = visit.page.get_by_role("region", name="Ratings, table")
        path = board.locator("a[href^='/members/']").first.get_attribute("href") or ""
        visit.close()
        return path.strip("/").split("/")[1]
