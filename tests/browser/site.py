"""Every page of the demo club, and who sees it: for the tests of pages and for the gallery."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from playwright.sync_api import Browser, StorageState

from tests.browser.chromium import Visit
from tests.browser.mailbox import look_for

Who = Literal["visitor", "member", "waiting", "admin"]
PASSWORD = "pretend-world"
NAMES: dict[Who, str] = {"member": "alice", "waiting": "priya", "admin": "ada"}
CLUB = "/institutes/harbour-coding-club/"
# Parts of paths that depend on the club: a member with a history, a handle that is not proven.
SOMEBODY, CLAIM, LIST = "<somebody>", "<claim>", "<list>"
HANDLE = "priya_waits"


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
    Place("demo-codeforces-account", f"/demo/codeforces/account/{HANDLE}/"),
    Place("demo-leetcode", "/demo/leetcode/?problem=two-sum"),
    Place("demo-codechef-account", "/demo/codechef/account/ada_marinho/"),
    Place("demo-mail", "/demo/mailbox/1/"),
    Place("welcome", "/welcome/", "waiting"),
    Place("dashboard", "/dashboard/", "member"),
    Place("dashboard-waiting", "/dashboard/", "waiting"),
    Place("member", f"/members/{SOMEBODY}/", "member"),
    Place("member-submissions", f"/members/{SOMEBODY}/submissions/", "member"),
    Place("member-submissions-none", f"/members/{SOMEBODY}/submissions/?text=none-such", "member"),
    Place("member-history", f"/members/{SOMEBODY}/history/", "member"),
    Place("member-without-handle", "/members/alice/", "member"),
    Place("leaderboard", "/leaderboard/", "admin"),
    Place("leaderboard-codeforces", "/leaderboard/?tab=global&by=rating:codeforces&at=me", "admin"),
    Place("leaderboard-week", "/leaderboard/?period=week&unproven=1", "member"),
    Place("leaderboard-nobody", "/leaderboard/?tab=following", "waiting"),
    Place("leaderboard-lost", "/leaderboard/?cursor=made-by-hand", "member"),
    Place("member-followers", f"/members/{SOMEBODY}/followers/", "member"),
    Place("members", "/members/", "member"),
    Place("members-not-found", "/members/?q=nobody+of+that+name", "member"),
    Place("following", "/following/", "member"),
    Place("followers", "/followers/", "member"),
    Place("institutes", "/institutes/", "member"),
    Place("institute", CLUB, "member"),
    Place("feed", "/feed/", "admin"),
    Place("feed-of-nobody", "/feed/", "waiting"),
    Place("inbox", "/inbox/", "admin"),
    Place("inbox-thread", "/inbox/institute:1/", "admin"),
    Place("inbox-caught-up", "/inbox/", "waiting"),
    Place("settings-profile", "/settings/profile/", "member"),
    Place("settings-privacy", "/settings/privacy/", "member"),
    Place("settings-notifications", "/settings/notifications/", "member"),
    Place("settings-notifications-as-admin", "/settings/notifications/", "admin"),
    Place("settings-handles", "/settings/handles/", "member"),
    Place("settings-appearance", "/settings/appearance/", "member"),
    Place("settings-security", "/settings/security/", "member"),
    Place("settings-tokens", "/settings/tokens/", "member"),
    Place("email-addresses", "/accounts/email/", "member"),
    Place("password-change", "/accounts/password/change/", "member"),
    Place("sign-out", "/accounts/logout/", "member"),
    Place("not-allowed", "/outbox/", "member"),
    Place("handles-not-proven", "/settings/handles/", "waiting"),
    Place("handle-proof", f"/settings/handles/{CLAIM}/proof/", "waiting"),
    Place("handle-unlink", f"/settings/handles/{CLAIM}/unlink/", "waiting"),
    Place("institutes-waiting", "/institutes/", "waiting"),
    Place("institute-as-admin", CLUB, "admin"),
    Place("people", f"{CLUB}people/", "admin"),
    Place("people-requests", f"{CLUB}people/?tab=requests", "admin"),
    Place("people-invitations", f"{CLUB}people/?tab=invitations", "admin"),
    Place("roster", f"{CLUB}roster/", "admin"),
    Place("roster-report", f"{CLUB}roster/{LIST}/", "admin"),
    Place("roster-problems", f"{CLUB}roster/{LIST}/?only=problems", "admin"),
    Place("settings-judge", "/settings/judge/", "admin"),
    Place("outbox", "/outbox/", "admin"),
    Place("outbox-mail", "/outbox/1/", "admin"),
]


class Site:
    """The demo club with its people signed in once, for as many visits as wanted."""

    def __init__(self, browser: Browser, url: str) -> None:
        self.browser = browser
        self.url = url
        self.states: dict[Who, StorageState | None] = {"visitor": None}
        for who, name in NAMES.items():
            visit = Visit(browser, url)
            visit.sign_in(name, PASSWORD)
            self.states[who] = visit.context.storage_state()
            visit.close()
        self.parts = {SOMEBODY: self._somebody(), CLAIM: self._claim(), LIST: self._list()}
        self._send_a_mail()

    def visit(self, who: Who, **guise: object) -> Visit:
        """A fresh window of this person; `guise` is what `Visit` takes."""
        return Visit(self.browser, self.url, storage_state=self.states[who], **guise)  # type: ignore[arg-type]

    def path(self, place: Place) -> str:
        path = place.path
        for part, value in self.parts.items():
            path = path.replace(part, value)
        return path

    def _somebody(self) -> str:
        """Whoever leads the board of the club."""
        visit = self.visit("admin")
        visit.page.goto("/leaderboard/")
        board = visit.page.get_by_role("table")
        path = board.locator("a[href^='/members/']").first.get_attribute("href") or ""
        visit.close()
        return path.strip("/").split("/")[1]

    def _claim(self) -> str:
        """A handle of the pretend Codeforces that is about to be proven."""
        visit = self.visit("waiting")
        page = visit.page
        page.goto("/demo/codeforces/new/")
        page.get_by_label("Handle").fill(HANDLE)
        page.get_by_role("main").get_by_role("button").last.click()
        page.goto("/settings/handles/")
        page.get_by_label("Your Codeforces handle").fill(HANDLE)
        page.get_by_role("button", name="Link it (Codeforces)").click()
        page.get_by_role("button", name="Prove it").click()
        page.wait_for_url("**/proof/")
        visit.close()
        return urlsplit(page.url).path.split("/")[3]

    def _send_a_mail(self) -> None:
        visit = self.visit("visitor")
        visit.page.goto("/accounts/password/reset/")
        visit.page.get_by_role("main").get_by_role("textbox").fill("priya@harbour.example")
        visit.page.get_by_role("main").get_by_role("button").last.click()
        mail = visit.page.get_by_role("link", name="password")
        look_for(mail, visit.page)
        visit.close()

    def _list(self) -> str:
        """A list of people with good and bad lines, and one who is invited."""
        lines = ("email,name,batch", "nia@hill.edu,Nia Osei,2027", "nia@hill.edu,,", "nia,,")
        visit = self.visit("admin")
        visit.page.goto(f"{CLUB}roster/")
        visit.page.get_by_label("Or paste the list").fill("\n".join(lines))
        visit.page.get_by_role("button", name="Look at it").click()
        visit.page.get_by_role("button", name="Invite one person").click()
        visit.page.get_by_text("of 1 sent").wait_for()
        path = urlsplit(visit.page.url).path
        visit.close()
        return path.split("/")[4]
