"""The dashboard: what changed, what comes, where to go on, and at what price."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.html import strip_tags

from codetrack.accounts import services
from codetrack.accounts.models import SeenBy, User
from codetrack.core.testing import hold_clock
from codetrack.platforms.base import Verdict
from codetrack.ratings.models import Claim, Handle, Problem, RatingChange, Solve
from tests.cast import Cast
from tests.factories import MembershipFactory
from tests.home.conftest import NOON, Browser, Rated
from tests.home.rows import attempt, contest, handle_elsewhere, problem

PAGE = "/dashboard/"


def shown(client: Client) -> str:
    with hold_clock(NOON):
        answer = client.get(PAGE)
    assert answer.status_code == 200
    return answer.content.decode()


def words(page: str, start: str = "<main", end: str = "</main>") -> str:
    """The text of a part of the page, each run of white space a space."""
    part = page.partition(start)[2].partition(end)[0]
    return re.sub(r"\s+", " ", strip_tags(part.partition(">")[2]))


def lead(client: Client) -> str:
    """The sentences of what changed."""
    return words(shown(client), '<p class="news lead"', "<section").strip()


def part(client: Client, name: str) -> str:
    return words(shown(client), f'id="{name}"', "</section>")


@pytest.fixture
def alice(cast: Cast, rated: Rated) -> Claim:
    """Alice's handle, rated in two contests, a week and two weeks ago."""
    return rated(cast.alice, 1570, 1612)


def test_a_rating_that_rose_is_told_with_its_new_tier(browser: Browser, alice: Claim) -> None:
    RatingChange.objects.filter(new=1612).update(at=NOON - timedelta(days=5))
    told = lead(browser(alice.member))
    assert told == "Since Monday your Codeforces rating rose by 42 to 1612: you are Expert now."


def test_a_rating_that_fell_is_told_plainly(browser: Browser, alice: Claim) -> None:
    RatingChange.objects.filter(new=1612).update(at=NOON - timedelta(days=1), old=1650)
    told = lead(browser(alice.member))
    assert told == "Since yesterday your Codeforces rating fell by 38 to 1612."


def test_the_first_rating_of_all_is_no_rise_from_zero(
    browser: Browser, cast: Cast, rated: Rated
) -> None:
    rated(cast.alice, 1412)
    RatingChange.objects.update(at=NOON)
    assert lead(browser(cast.alice)) == "Today you are rated on Codeforces: 1412."


def test_what_is_older_than_seven_days_is_no_news(browser: Browser, alice: Claim) -> None:
    RatingChange.objects.update(at=NOON - timedelta(days=8))
    assert lead(browser(alice.member)).startswith("Nothing new in the last seven days")


def test_solved_problems_are_counted_against_the_week_before(
    browser: Browser, alice: Claim
) -> None:
    RatingChange.objects.update(at=NOON - timedelta(days=20))
    for n in range(3):
        attempt(alice, problem(f"Lamp {n}"), at=NOON - timedelta(days=2))
    attempt(alice, problem("Old lamp"), at=NOON - timedelta(days=9))
    told = lead(browser(alice.member))
    assert told == "3 problems solved in seven days, 2 more than in the seven before."


def test_a_problem_that_is_there_twice_counts_once(browser: Browser, alice: Claim) -> None:
    RatingChange.objects.update(at=NOON - timedelta(days=20))
    one, two = problem("Lamp"), problem("Lamp again")
    Problem.objects.filter(pk=two.pk).update(twin=one)
    attempt(alice, one)
    attempt(alice, two)
    assert "1 problem solved in seven days" in lead(browser(alice.member))


def test_a_corrected_rating_is_told_with_what_it_was(browser: Browser, alice: Claim) -> None:
    RatingChange.objects.update(at=NOON - timedelta(days=20))
    RatingChange.objects.filter(new=1612).update(
        first_new=1620, revised_at=NOON - timedelta(hours=3)
    )
    told = lead(browser(alice.member))
    assert told.endswith("Your rating after Lantern Round 1 was corrected to 1612, from 1620.")


def test_a_platform_that_is_down_is_told_and_stands_where_to_go_on(
    browser: Browser, alice: Claim
) -> None:
    Handle.objects.update(state=Handle.State.BLOCKED, state_at=NOON - timedelta(days=2))
    client = browser(alice.member)
    assert "Codeforces does not let this site in at the moment." in lead(client)
    assert "alice_cf on Codeforces" in part(client, "stopped")
    assert "since 19 Nov" in part(client, "stopped")


def test_a_handle_that_another_member_proved_is_told(
    browser: Browser, cast: Cast, alice: Claim
) -> None:
    Claim.objects.update(end=Claim.End.LOST, ended_at=NOON - timedelta(days=1))
    handle_elsewhere(alice, "elsewhere")
    told = lead(browser(cast.alice))
    assert "Another member has proven that alice_cf on Codeforces is theirs" in told


def test_the_next_contest_is_one_of_the_platforms_of_the_member(
    browser: Browser, alice: Claim
) -> None:
    contest("Elsewhere Open", NOON + timedelta(hours=3), platform="leetcode")
    contest("Lantern Round 9", NOON + timedelta(days=1, hours=4, minutes=17))
    contest("Lantern Round 10", NOON + timedelta(days=9))
    contest("Lantern Round 8", NOON - timedelta(hours=1))
    client = browser(alice.member)
    page = shown(client)
    following = words(page, 'class="next-up"', "</section>")
    assert "Lantern Round 9" in following
    assert "Sunday 22 November, 16:17 · 2 h 15 min" in following
    assert 'aria-label="Starts in 1 d 4 h 17 min"' in page
    week = part(client, "week")
    assert "Lantern Round 9" in week
    assert "Lantern Round 10" not in week
    assert "Lantern Round 8" not in week


def test_the_countdown_is_in_the_time_of_the_member(browser: Browser, alice: Claim) -> None:
    User.objects.update(time_zone="Asia/Kolkata")
    contest("Lantern Round 9", NOON + timedelta(days=1))
    assert "Sunday 22 November, 17:30" in words(
        shown(browser(alice.member)), 'class="next-up"', "</section>"
    )


def test_a_handle_not_proven_stands_where_to_go_on(
    browser: Browser, cast: Cast, rated: Rated
) -> None:
    claim = rated(cast.alice, 1612, verified=False)
    page = shown(browser(cast.alice))
    assert "Prove that alice_cf is yours" in page
    assert f'href="/settings/handles/{claim.pk}/proof/"' in page


def test_a_proof_under_way_says_until_when(browser: Browser, cast: Cast, rated: Rated) -> None:
    claim = rated(cast.alice, 1612, verified=False)
    claim.proofs.create(
        method="first_name", nonce="n", created_at=NOON, expires_at=NOON + timedelta(minutes=30)
    )
    told = part(browser(cast.alice), "stopped")
    assert "the code is good until 12:30" in told
    assert "Under way" in told


def test_problems_tried_and_not_solved_are_listed_with_their_tries(
    browser: Browser, alice: Claim
) -> None:
    hard, easy = problem("Upsolve me"), problem("Done at last")
    for _ in range(2):
        attempt(alice, hard, verdict=Verdict.TIME_LIMIT, at=NOON - timedelta(days=5))
    attempt(alice, easy, verdict=Verdict.WRONG_ANSWER, at=NOON - timedelta(days=5))
    attempt(alice, easy, at=NOON - timedelta(days=4))
    attempt(alice, problem("Ages ago"), verdict=Verdict.WRONG_ANSWER, at=NOON - timedelta(days=20))
    attempt(alice, problem("A proof"), verdict=Verdict.COMPILE_ERROR)
    told = part(browser(alice.member), "stopped")
    assert "Upsolve me" in told
    assert "2 tries, 16 Nov" in told
    for absent in ("Done at last", "Ages ago", "A proof"):
        assert absent not in told


def test_what_was_solved_as_its_twin_is_not_left_over(browser: Browser, alice: Claim) -> None:
    one, two = problem("Lamp"), problem("Lamp again")
    Problem.objects.filter(pk=two.pk).update(twin=one)
    three, four = problem("Kite"), problem("Kite again")
    Problem.objects.filter(pk=four.pk).update(twin=three)
    for tried in (two, three):
        attempt(alice, tried, verdict=Verdict.WRONG_ANSWER)
    assert "Lamp again" in shown(browser(alice.member))
    for solved in (one, four):
        Solve.objects.create(handle=alice.handle, problem=solved, at=NOON - timedelta(days=90))
    page = shown(browser(alice.member))
    assert "Lamp again" not in page
    assert "Kite" not in page


def test_the_club_is_its_proven_members_and_nobody_else(
    browser: Browser, cast: Cast, alice: Claim, rated: Rated
) -> None:
    rated(cast.bob, 1880, 1920)
    rated(cast.erin, 1500, 1510, verified=False)
    rated(cast.charlie, 2000, 2100)
    rated(MembershipFactory(member__name="Zoe Elsewhere").member, 2000, 2100)
    told = part(browser(cast.alice), "club")
    assert "Bob Fellow" in told
    assert "became Candidate Master on Codeforces" in told
    assert "+40" in told
    for absent in ("Alice", "Erin", "Charlie", "Zoe"):
        assert absent not in told


def test_a_private_member_is_not_told_of_in_the_club(
    browser: Browser, cast: Cast, alice: Claim, rated: Rated
) -> None:
    rated(cast.bob, 1880, 1920)
    rated(cast.dana, 1500, 1510)
    services.change_privacy(member=cast.bob, seen_by=SeenBy.NOBODY)
    services.block(blocker=cast.dana, blocked=cast.alice)
    told = part(browser(cast.alice), "club")
    assert "Bob" not in told and "Dana" not in told
    assert "Bob Fellow" in part(browser(cast.ada), "club")


def test_without_a_handle_it_is_the_steps_to_one(browser: Browser, cast: Cast) -> None:
    page = shown(browser(cast.alice))
    assert "Link a handle" in page
    assert "alice@example.org is confirmed." in page
    assert "You are a member of Hill College." in page


def test_a_visitor_signs_in_first(client: Client, cast: Cast) -> None:
    assert client.get(PAGE).url == f"/accounts/login/?next={PAGE}"


@pytest.mark.usefixtures("nothing_fetched_late")
def test_it_costs_the_same_with_1_and_200_members(
    browser: Browser, cast: Cast, alice: Claim, rated: Rated
) -> None:
    rated(cast.bob, 1400, 1500)
    attempt(alice, problem("Lamp"), verdict=Verdict.WRONG_ANSWER)
    contest("Lantern Round 9", NOON + timedelta(days=1))
    client = browser(cast.alice)
    few = count(client)
    for n in range(200):
        member = User.objects.create(username=f"pupil{n:03}", email=f"pupil{n}@example.org")
        MembershipFactory(institute=cast.institute, member=member)
        rated(member, 1000 + n, 1500 + n)
    for n in range(20):
        attempt(alice, problem(f"Lamp {n}"), verdict=Verdict.WRONG_ANSWER)
        contest(f"Lantern Round {n + 20}", NOON + timedelta(days=2))
    assert count(client) == few


@pytest.mark.usefixtures("nothing_fetched_late")
def test_reading_it_writes_nothing(browser: Browser, alice: Claim) -> None:
    client = browser(alice.member)
    client.get(PAGE)
    with CaptureQueriesContext(connection) as seen:
        client.get(PAGE)
    assert [one["sql"] for one in seen if not one["sql"].startswith("SELECT")] == []


def test_a_rating_that_was_never_given_is_no_number(
    browser: Browser, cast: Cast, rated: Rated
) -> None:
    rated(cast.alice)
    page = shown(browser(cast.alice))
    assert "not rated yet" in page
    assert "None" not in page


def test_a_handle_never_read_is_neither_rated_nor_unrated(
    browser: Browser, cast: Cast, rated: Rated
) -> None:
    rated(cast.alice)
    Handle.objects.update(state=Handle.State.NEW, current=None, fresh_at=None)
    page = shown(browser(cast.alice))
    assert "nothing known yet" in page
    assert "not rated yet" not in page


def count(client: Client) -> int:
    shown(client)
    with CaptureQueriesContext(connection) as seen:
        shown(client)
    return len(seen)
