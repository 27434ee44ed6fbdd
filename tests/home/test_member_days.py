"""The days of a member: heat map, streaks, and whose days they are."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client

from codetrack.accounts.models import User
from codetrack.core.testing import hold_clock
from codetrack.home.queries.activity import activity, say
from codetrack.ratings.models import CalendarDay, Claim, Problem, Solve
from codetrack.ratings.queries import readings
from codetrack.ratings.queries.days import DayCount
from tests.cast import Cast
from tests.home.conftest import NOON, Browser, Rated
from tests.home.test_member_page import shown

DAY = timedelta(days=1)


def solve(claim: Claim, *moments: datetime) -> None:
    for at in moments:
        problem = Problem.objects.create(platform="codeforces", key=str(Problem.objects.count()))
        Solve.objects.create(handle=claim.handle, problem=problem, at=at)


def cells(page: str) -> list[str]:
    table = page.partition('<table class="heat">')[2].partition("</table>")[0]
    return re.findall(r"<i>(.*?)</i>", table)


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (DayCount(), "nothing on 4 May 2026"),
        (DayCount(solved=1), "1 solved on 4 May 2026"),
        (DayCount(submitted=5), "5 submitted on 4 May 2026"),
        (DayCount(solved=3, submitted=5), "3 solved, 5 submitted on 4 May 2026"),
    ],
)
def test_a_day_is_told_in_words(count: DayCount, text: str) -> None:
    assert say(date(2026, 5, 4), count) == text


def test_it_is_a_table_of_53_weeks_with_a_text_for_every_day(
    browser: Browser, cast: Cast, rated: Rated
) -> None:
    solve(rated(cast.alice, 1400), NOON, NOON, NOON - 3 * DAY)
    page = shown(browser(cast.alice))
    assert "<caption>Solved a day, 17 November 2025 to 21 November 2026</caption>" in page
    told = cells(page)
    assert len(told) == len(set(told)) == 370
    assert "2 solved on 21 Nov 2026" in told
    assert "1 solved on 18 Nov 2026" in told
    assert "nothing on 20 Nov 2026" in told
    assert page.count('class="h0 today"') + page.count('class="h2 today"') == 1
    assert "Busiest: 2 solved on 21 Nov 2026." in page


def test_days_are_those_of_the_member_and_not_of_the_reader(
    browser: Browser, cast: Cast, rated: Rated
) -> None:
    late = datetime(2026, 11, 20, 20, tzinfo=UTC)
    solve(rated(cast.alice, 1400), late)
    User.objects.filter(pk=cast.alice.pk).update(time_zone="Asia/Kolkata")
    User.objects.filter(pk=cast.bob.pk).update(time_zone="America/New_York")
    page = shown(browser(cast.bob))
    assert "1 solved on 21 Nov 2026" in cells(page)
    assert "in the time of Asia/Kolkata" in page


def test_a_platform_with_its_own_days_is_named(browser: Browser, cast: Cast, rated: Rated) -> None:
    claim = rated(cast.alice, 1400)
    CalendarDay.objects.create(handle=claim.handle, day=NOON.date(), submissions=5)
    solve(claim, NOON)
    page = shown(browser(cast.alice))
    assert "5 submitted on 21 Nov 2026" in cells(page)
    assert "Codeforces counts submissions, by days of its own" in page
    assert "<caption>Solved and submitted a day," in page


def test_a_streak_lives_until_the_end_of_tomorrow(cast: Cast, rated: Rated) -> None:
    solve(rated(cast.alice, 1400), *(NOON - n * DAY for n in (0, 1, 2, 9, 10, 11, 12, 13)))
    for later, current in ((0, 3), (1, 3), (2, 0)):
        with hold_clock(NOON + later * DAY):
            found = activity(cast.alice, readings(cast.alice))
        assert (found.streaks.current, found.streaks.longest) == (current, 5)


def test_the_longest_streak_is_of_all_time_and_the_days_of_the_map(
    cast: Cast, rated: Rated
) -> None:
    solve(rated(cast.alice, 1400), *(NOON - n * DAY for n in (0, 500, 501, 502)))
    with hold_clock(NOON):
        found = activity(cast.alice, readings(cast.alice))
    assert found.streaks.longest == 3
    assert (found.active, found.solved, found.submitted) == (1, 1, 0)


def test_nothing_yet_is_said_and_not_drawn(browser: Browser, cast: Cast, rated: Rated) -> None:
    rated(cast.alice)
    for reader, who in [(cast.alice, "you solve"), (cast.bob, f"{cast.alice.shown_name} solves")]:
        page = shown(browser(reader))
        assert "No days yet" in page
        assert f"Each day on which {who} something on a linked platform is marked here" in page
        assert '<table class="heat">' not in page
        assert "Current streak" not in page


def test_nothing_lately_is_said_below_the_map(browser: Browser, cast: Cast, rated: Rated) -> None:
    solve(rated(cast.alice, 1400), NOON - 500 * DAY)
    page = shown(browser(cast.alice))
    assert '<table class="heat">' in page
    assert "Nothing in these 53 weeks." in page
    assert "0 days" in page


def test_an_outsider_sees_no_days(browser: Browser, client: Client, cast: Cast) -> None:
    assert browser(cast.charlie).get("/members/alice/").status_code == 404
    assert client.get("/members/alice/").status_code == 302
