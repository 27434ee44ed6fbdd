"""The history of a member: ranks and counts over time, and every rated contest."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from codetrack.core.testing import hold_clock
from codetrack.ratings.models import RatingChange
from tests.cast import Cast
from tests.home.conftest import NOON, Browser, Rated
from tests.home.rows import handle_elsewhere, snapshot

PAGE = "/members/alice/history/"
TODAY = NOON.date()


def shown(client: Client, **filters: str) -> str:
    with hold_clock(NOON):
        answer = client.get(PAGE, filters)
    assert answer.status_code == 200
    return answer.content.decode()


def table(page: str, label: str) -> list[str]:
    """The rows of a table, as they are written."""
    body = page.partition(f'aria-label="{label}"')[2].partition("</table>")[0]
    return body.split("<tr>")[2:]


def test_months_have_their_last_reading(browser: Browser, cast: Cast, rated: Rated) -> None:
    claim = rated(cast.alice, 1612)
    for back, rating in [(100, 1300), (70, 1390), (65, 1400), (40, 1500)]:
        snapshot(claim, TODAY - timedelta(days=back), rating)
    months = table(shown(browser(cast.alice)), "Codeforces month by month, table")
    assert [row.partition("<b>")[2].partition("<")[0] for row in months] == [
        "1612", "1500", "1400", "1300",
    ]  # fmt: skip
    assert "November 2026" in months[0]
    assert "Expert" in months[0]
    assert "Aug" in months[3]


def test_the_last_30_days_are_there_day_by_day(browser: Browser, cast: Cast, rated: Rated) -> None:
    claim = rated(cast.alice, 1612)
    for back in range(1, 50):
        snapshot(claim, TODAY - timedelta(days=back), 1500 + back)
    page = shown(browser(cast.alice))
    days = table(page, "Codeforces day by day, table")
    assert len(days) == 30
    assert "23 Oct 2026" in days[-1]
    assert "The last 30 days, 30 readings" in page


def test_before_the_first_reading_the_contests_tell_the_months(
    browser: Browser, cast: Cast, rated: Rated
) -> None:
    rated(cast.alice, *range(1000, 1200, 10))
    page = shown(browser(cast.alice))
    assert "Read here since November 2026; what was before, its rated contests tell." in page
    months = table(page, "Codeforces month by month, table")
    assert "November 2026" in months[0]
    assert "October 2026" in months[1]
    assert "<b>1170</b>" in months[1]
    assert months[1].rstrip().endswith('<td class="num wide">18</td>\n    </tr>')
    assert len(months) == 5


def test_more_than_a_year_is_folded_away(browser: Browser, cast: Cast, rated: Rated) -> None:
    rated(cast.alice, *range(1000, 1600, 10))
    page = shown(browser(cast.alice))
    assert len(table(page, "Codeforces month by month, table")) == 12
    assert "3 earlier months" in page
    assert len(table(page, "Codeforces in earlier months, table")) == 3


def test_somebody_never_rated_has_counts_and_no_zero(
    browser: Browser, cast: Cast, rated: Rated
) -> None:
    claim = rated(cast.alice, solved=7)
    snapshot(claim, TODAY - timedelta(days=40), None, solved=3)
    page = shown(browser(cast.alice))
    assert "Solved on Codeforces month by month, from 3" in page
    assert "None" not in page
    assert "No rated contest yet." in page


def test_a_corrected_rating_tells_what_it_was(browser: Browser, cast: Cast, rated: Rated) -> None:
    rated(cast.alice, 1570, 1612)
    assert "corrected from" not in shown(browser(cast.alice))
    RatingChange.objects.filter(new=1612).update(revised_at=NOON, first_new=1620)
    assert "corrected from 1620" in shown(browser(cast.alice))


def test_contests_are_filtered_by_platform(browser: Browser, cast: Cast, rated: Rated) -> None:
    claim = rated(cast.alice, 1570, 1612)
    handle_elsewhere(claim, "elsewhere")
    client = browser(cast.alice)
    assert len(table(shown(client), "Rated contests, table")) == 2
    assert len(table(shown(client, platform="codeforces"), "Rated contests, table")) == 2
    assert table(shown(client, platform="elsewhere"), "Rated contests, table") == []


def test_many_contests_come_in_pages(browser: Browser, cast: Cast, rated: Rated) -> None:
    rated(cast.alice, *range(1000, 1600, 10))
    client = browser(cast.alice)
    page = shown(client)
    assert len(table(page, "Rated contests, table")) == 50
    older = page.partition('rel="next" href="?')[2].partition('"')[0]
    assert len(table(client.get(f"{PAGE}?{older}").content.decode(), "Rated contests, table")) == 10


def test_a_handle_never_read_has_no_history(browser: Browser, cast: Cast, rated: Rated) -> None:
    handle_elsewhere(rated(cast.alice, 1612), "elsewhere")
    assert "the first reading begins the history" in shown(browser(cast.alice))


@pytest.mark.usefixtures("nothing_fetched_late")
def test_it_costs_the_same_with_1_and_200_readings(
    browser: Browser, cast: Cast, rated: Rated
) -> None:
    claim = rated(cast.alice, 1612)
    client = browser(cast.alice)
    few = count(client)
    for back in range(1, 200):
        snapshot(claim, TODAY - timedelta(days=back), 1500)
    rated(cast.bob, *range(1000, 2000, 10))
    assert count(client) == few


def count(client: Client) -> int:
    shown(client)
    with CaptureQueriesContext(connection) as seen:
        shown(client)
    return len(seen)
