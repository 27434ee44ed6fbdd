"""Members of the demo club, as they come to its pages."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Browser

from tests.browser.chromium import Visit
from tests.browser.site import PASSWORD
from tests.running import Club

#: Who, before which page, and how the window is.
type Arrive = Callable[..., Visit]


def in_the_news(browser: Browser, club: Club) -> list[str]:
    """The usernames of members whose contests the dashboard of the admin tells of."""
    visit = Visit(browser, club.url)
    visit.sign_in("ada", PASSWORD)
    visit.page.goto("/dashboard/")
    news = visit.page.get_by_role("region", name="Last rating changes, table")
    links = news.locator("a[href^='/members/']").all()
    names = [(link.get_attribute("href") or "").split("/")[2] for link in links]
    visit.close()
    return list(dict.fromkeys(names))
