"""The page of a member: what it shows, to whom, and at what price."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from codetrack.core.testing import hold_clock
from codetrack.ratings.models import Handle, RatingChange
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
    assert "Best 1889" in page
    assert "731" in page
    assert 'datetime="2026-11-21T12:00:00+00:00"' in page


def test_the_chart_has_a_table_of_every_contest(browser: Browser, cast: Cast, rated: Rated) -> None:
    rated(cast.alice, *range(1000, 1400, 20))
    page = shown(browser(cast.alice))
    assert "The same as a table" in page
    for place in range(20):
        assert f"Lantern Round {place}" in page
    assert "The last 10 of 20." in page


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
        state=Handle.State.NEW, fresh_at=None, current=None
    )
    assert "not read yet" in shown(browser(cast.alice))


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


@pytest.mark.usefixtures("nothing_fetched_late")
def test_it_costs_the_same_with_1_and_200_members_and_contests(
    browser: Browser, cast: Cast, rated: Rated
) -> None:
    rated(cast.alice, 1847)
    client = browser(cast.alice)
    few = count(client)
    for _ in range(20):
        rated(MembershipFactory(institute=cast.institute).member, 1500)
    rated(cast.bob, *range(1000, 2000, 10))
    assert count(client, "bob") == few


def count(client: Client, username: str = "alice") -> int:
    client.get(f"/members/{username}/")
    with CaptureQueriesContext(connection) as seen:
        assert client.get(f"/members/{username}/").status_code == 200
    return len(seen)
