"""What a new member does on the first evening, from sign-up to the chart and a new password."""

from __future__ import annotations

from tests.browser.chromium import Visit


def test_visitor_sees_the_club(visit: Visit) -> None:
    visit.page.goto("/accounts/login/")
    assert visit.page.get_by_role("heading", level=1).inner_text()
    assert visit.axe() == []
