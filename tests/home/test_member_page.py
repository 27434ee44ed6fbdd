"""The page of a member: what it shows, to whom, and at what price."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from codetrack.accounts.models import User
from codetrack.core.testing import hold_clock
from codetrack.ratings.models import (
    CalendarDay,
    Claim,
    Contest,
    Handle,
    Problem,
    RatingChange,
    Snapshot,
    Solve,
)
from tests.cast import Cast
from tests.factories import MembershipFactory
from tests.home.conftest import NOON, Browser, Rated


def shown(client: Client, username: str = "alice") -> str:
    with hold_clock(NOON):
        answer = client.get(f"/members/{username}/")
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_shows_what_is_known_with_its_age(browser: Browser, cast: Cast, rated: Rated) -> None:
    rated(cast.alice, 1400, 1889, 1847)
    page = shown(browser(cast.bob))
    assert "Alice Member" in page
    assert "Hill College" in page
    assert "alice_cf" in page
    assert "1847" in page
    assert "−42" in page
    assert "53 to Candidate Master" in page
    assert "<dt>Best</dt><dd>1889</dd>" in page
    assert "731" in page
    assert 'datetime="2026-11-21T12:00:00+00:00"' in page


def test_the_chart_has_a_table_of_every_contest(browser: Browser, cast: Cast, rated: Rated) -> None:
    rated(cast.alice, *range(1000, 1400, 20))
    page = shown(browser(cast.alice))
    assert "The same as a table" in page
    for place in range(20):
        assert f"Lantern Round {place}" in page
    assert "The last 8 of 20." in page


def test_contests_of_one_moment_are_the_later_one_first(
    browser: Browser, cast: Cast, rated: Rated
) -> None:
    rated(cast.alice, 1400, 1500)
    RatingChange.objects.update(at=NOON)
    contests = shown(browser(cast.alice)).partition('id="contests"')[2]
    assert contests.index("Lantern Round 1") < contests.index("Lantern Round 0")


def test_the_note_of_the_chart_is_not_repeated(browser: Browser, cast: Cast, rated: Rated) -> None:
    rated(cast.alice, 1400, 1500)
    assert shown(browser(cast.alice)).count("Bands are Codeforces tiers.") == 1


def test_a_corrected_rating_is_shown_as_corrected(
    browser: Browser, cast: Cast, rated: Rated
) -> None:
    rated(cast.alice, 1400, 1847)
    assert "corrected" not in shown(browser(cast.alice))
    RatingChange.objects.filter(new=1847).update(revised_at=NOON)
    assert "corrected" in shown(browser(cast.alice))
    RatingChange.objects.filter(new=1847).update(first_new=1859)
    page = shown(browser(cast.alice))
    chart, _, contests = page.partition('id="contests"')
    assert "corrected from 1859" in chart
    assert "corrected from 1859" in contests


def test_a_handle_that_nobody_proved_is_marked(browser: Browser, cast: Cast, rated: Rated) -> None:
    rated(cast.alice, 1847, verified=False)
    assert "not proven" in shown(browser(cast.bob))


def test_stale_numbers_say_so_and_why(browser: Browser, cast: Cast, rated: Rated) -> None:
    claim = rated(cast.alice, 1847)
    Handle.objects.filter(pk=claim.handle_id).update(
        state=Handle.State.STALE, error="codeforces.com is not available.", failures=3
    )
    page = shown(browser(cast.alice))
    assert 'data-state="stale"' in page
    assert "Codeforces could not be read" in page
    assert "codeforces.com is not available" not in page
    assert "1847" in page


def test_somebody_never_rated_has_no_rating_and_not_zero(
    browser: Browser, cast: Cast, rated: Rated
) -> None:
    rated(cast.alice, solved=12)
    page = shown(browser(cast.alice))
    assert "not rated yet" in page
    assert "12" in page
    assert 'id="rating"' not in page
    assert "The first rated contest draws a chart here." in page


def test_a_handle_that_was_never_read_has_no_numbers(
    browser: Browser, cast: Cast, rated: Rated
) -> None:
    claim = rated(cast.alice)
    Handle.objects.filter(pk=claim.handle_id).update(
        state=Handle.State.NEW, fresh_at=None, current=None, attempts_read_at=None
    )
    page = shown(browser(cast.alice))
    assert "not read yet" in page
    for heading in ("rating", "days", "solved", "contests"):
        assert f'id="{heading}"' not in page


def test_what_was_not_read_of_one_platform_is_no_zero(
    browser: Browser, cast: Cast, rated: Rated
) -> None:
    rated(cast.alice, 1847)
    there = elsewhere(cast.alice, "somewhere", 1500)
    Snapshot.objects.filter(handle=there.handle_id).update(solved=None)
    page = shown(browser(cast.alice))
    row = part(page, "Solved").partition("somewhere")[2].partition("</tr>")[0]
    assert '<td class="num">–</td>' in row
    days = part(page, "Days")
    assert "not read yet" in days.partition("somewhere")[2]


def test_without_a_handle_the_owner_is_shown_how_to_begin(browser: Browser, cast: Cast) -> None:
    assert "Link a handle" in shown(browser(cast.alice))
    page = shown(browser(cast.bob))
    assert "Link a handle" not in page
    assert "Alice Member has not linked an account" in page


def test_outsiders_find_no_such_member(
    browser: Browser, client: Client, cast: Cast, rated: Rated
) -> None:
    rated(cast.alice, 1847)
    assert browser(cast.charlie).get("/members/alice/").status_code == 404
    elsewhere = MembershipFactory().member
    assert browser(elsewhere).get("/members/alice/").status_code == 404
    assert client.get("/members/alice/").url.startswith("/accounts/login/")


def test_a_visitor_is_not_told_who_is_a_member(client: Client, cast: Cast) -> None:
    here, not_here = client.get("/members/alice/"), client.get("/members/nobody/")
    assert here.status_code == not_here.status_code == 302


def test_everybody_sees_themselves_and_the_site_admin_sees_all(
    browser: Browser, cast: Cast
) -> None:
    assert "Charlie" in shown(browser(cast.charlie), "charlie")
    assert "Charlie" in shown(browser(cast.ada), "charlie")


def test_the_name_may_be_written_in_any_case(browser: Browser, cast: Cast) -> None:
    assert "Alice Member" in shown(browser(cast.alice), "ALICE")


def test_a_provisional_rating_says_so(browser: Browser, cast: Cast, rated: Rated) -> None:
    rated(cast.alice, 912)
    assert "provisional" not in shown(browser(cast.alice))
    Snapshot.objects.update(provisional=True)
    assert "provisional" in shown(browser(cast.alice))


def test_ranks_are_shown_where_the_platform_tells_them(
    browser: Browser, cast: Cast, rated: Rated
) -> None:
    rated(cast.alice, 1847)
    assert "Rank in the" not in shown(browser(cast.alice))
    Snapshot.objects.update(global_rank=18422, country_rank=3120)
    page = shown(browser(cast.alice))
    assert "<dt>Rank in the world</dt><dd>18,422</dd>" in page
    assert "<dt>Rank in the country</dt><dd>3,120</dd>" in page


def test_solved_problems_that_are_older_than_the_rating_have_their_own_age(
    browser: Browser, cast: Cast, rated: Rated
) -> None:
    claim = rated(cast.alice, 1847)
    Handle.objects.filter(pk=claim.handle_id).update(
        attempts_read_at=NOON - timedelta(hours=9), active_at=NOON - timedelta(hours=1)
    )
    gauge = shown(browser(cast.alice)).partition("<dt>Solved")[2].partition("</dt>")[0]
    assert "9 h ago" in gauge


@pytest.mark.parametrize("state", ["stale", "blocked", "changed", "gone", "private"])
def test_every_number_is_there_in_every_state(
    browser: Browser, cast: Cast, rated: Rated, state: str
) -> None:
    claim = rated(cast.alice, 1400, 1847)
    Handle.objects.filter(pk=claim.handle_id).update(state=state, failures=1)
    page = shown(browser(cast.alice))
    assert "1847" in page
    assert "731" in page
    for heading in ("Rating", "Days", "Solved", "Contests"):
        assert f'data-state="{state}"' in part(page, heading)


def part(page: str, heading: str) -> str:
    return page.partition(f'id="{heading.lower()}"')[2].partition("</section>")[0]


def elsewhere(member: User, platform: str, *ratings: int) -> Claim:
    """A handle on another platform with rated contests a week apart, and no attempts."""
    shown = f"{member.username}_{platform}"
    handle = Handle.objects.create(
        platform=platform, canonical=shown, shown=shown, state="ok", state_at=NOON, fresh_at=NOON
    )
    handle.current = Snapshot.objects.create(
        handle=handle, day=NOON.date(), fetched_at=NOON, contests=len(ratings), solved=40,
        rating=ratings[-1] if ratings else None,
    )  # fmt: skip
    handle.save()
    for place, new in enumerate(ratings):
        contest, _ = Contest.objects.get_or_create(
            platform=platform, key=str(place), defaults={"name": f"{platform} {place}"}
        )
        at = NOON - timedelta(weeks=len(ratings) - place, hours=1)
        RatingChange.objects.create(handle=handle, contest=contest, new=new, at=at)
    return Claim.objects.create(
        handle=handle, platform=platform, member=member, created_at=NOON, verified_at=NOON
    )


def test_three_platforms_stand_side_by_side_and_in_one_chart(
    browser: Browser, cast: Cast, rated: Rated
) -> None:
    rated(cast.alice, 1400, 1500, 1600)
    elsewhere(cast.alice, "somewhere", 1700, 1750)
    elsewhere(cast.alice, "elsewhere", 1900)
    page = shown(browser(cast.alice))
    assert page.count('<article class="gauge"') == 3
    assert page.count('<path class="main"') == page.count('<path class="dash"') == 1
    assert page.count('<path class="dot"') == 1
    assert "Bands are Codeforces tiers." in page
    assert "elsewhere 0" in part(page, "Contests")


def test_the_bands_are_of_the_platform_with_the_finest_tiers(
    browser: Browser, cast: Cast, rated: Rated
) -> None:
    rated(cast.alice, 1400)
    elsewhere(cast.alice, "aardvark", 1700, 1800, 1900)
    assert "Bands are Codeforces tiers." in shown(browser(cast.alice))
    elsewhere(cast.bob, "zebra", 1700, 1800)
    assert "Bands are" not in shown(browser(cast.bob), "bob")


@pytest.mark.parametrize(
    ("query", "current", "first"),
    [
        ("", "2 y", 16),
        ("?period=1y", "1 y", 68),
        ("?period=2y", "2 y", 16),
        ("?period=all", "All", 0),
        ("?period=nonsense", "2 y", 16),
    ],
)
def test_the_chart_shows_the_period_of_the_address(
    browser: Browser, cast: Cast, rated: Rated, query: str, current: str, first: int
) -> None:
    rated(cast.alice, *range(1000, 2200, 10))
    with hold_clock(NOON):
        page = browser(cast.alice).get(f"/members/alice/{query}").content.decode()
    assert f'aria-current="true">{current}</a>' in page
    table = part(page, "Rating")
    assert f"Lantern Round {first}<" in table
    assert f"Lantern Round {first - 1}<" not in table


def test_whoever_has_not_played_for_years_is_shown_all(
    browser: Browser, cast: Cast, rated: Rated
) -> None:
    rated(cast.alice, 1400, 1500)
    RatingChange.objects.update(at=NOON - timedelta(days=1200))
    client = browser(cast.alice)
    assert 'aria-current="true">All</a>' in shown(client)
    with hold_clock(NOON):
        page = client.get("/members/alice/?period=1y").content.decode()
    assert "No rated contest in this time." in page


def test_names_in_any_script_are_shown_as_they_are(
    browser: Browser, cast: Cast, rated: Rated
) -> None:
    claim = rated(cast.alice, 1400)
    User.objects.filter(pk=cast.alice.pk).update(name="Ngân Đặng 陳")
    Handle.objects.filter(pk=claim.handle_id).update(shown="<b>ñandú</b>")
    page = shown(browser(cast.alice))
    assert "Ngân Đặng 陳" in page
    assert "&lt;b&gt;ñandú&lt;/b&gt;" in page


@pytest.mark.usefixtures("nothing_fetched_late")
def test_it_costs_the_same_with_1_and_200_members_and_contests(
    browser: Browser, cast: Cast, rated: Rated
) -> None:
    rated(cast.alice, 1847)
    client = browser(cast.alice)
    few = count(client)
    for _ in range(199):
        rated(MembershipFactory(institute=cast.institute).member, 1500)
    claim = rated(cast.bob, *range(1000, 2000, 10))
    elsewhere(cast.bob, "elsewhere", *range(1000, 1300, 10))
    for place in range(30):
        problem = Problem.objects.create(platform="codeforces", key=str(place), tags=["dp"])
        Solve.objects.create(handle=claim.handle, problem=problem, at=NOON)
        day = NOON.date() - timedelta(days=place)
        CalendarDay.objects.create(handle=claim.handle, day=day, submissions=1)
    assert count(client, "bob") == few


def count(client: Client, username: str = "alice") -> int:
    client.get(f"/members/{username}/")
    with CaptureQueriesContext(connection) as seen:
        assert client.get(f"/members/{username}/").status_code == 200
    return len(seen)
