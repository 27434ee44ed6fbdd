"""A member's submissions: what is listed, how it is narrowed, to whom it is shown."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from codetrack.core.testing import hold_clock
from codetrack.platforms.base import Verdict
from codetrack.ratings.models import Claim, Problem, Snapshot
from tests.cast import Cast
from tests.factories import MembershipFactory
from tests.home.conftest import NOON, Browser, Rated
from tests.home.rows import attempt, contest, handle_elsewhere, problem

PAGE = "/members/alice/submissions/"


def shown(client: Client, **filters: str) -> str:
    with hold_clock(NOON):
        answer = client.get(PAGE, filters)
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.fixture
def alice(cast: Cast, rated: Rated) -> Claim:
    """A handle with an accepted and a rejected submission."""
    claim = rated(cast.alice, 1612)
    attempt(claim, problem("Lantern Row", level="Easy"), at=NOON - timedelta(hours=3))
    attempt(claim, problem("Harvest Moon", level="Hard"), verdict=Verdict.TIME_LIMIT)
    return claim


def test_each_is_there_with_its_verdict_as_a_word(browser: Browser, alice: Claim) -> None:
    page = shown(browser(alice.member))
    assert page.index("Harvest Moon") < page.index("Lantern Row")
    assert "Time limit" in page
    assert "Accepted" in page
    assert "C++20" in page
    assert 'href="https://example.org/lantern-row"' in page
    assert "3 h ago" in page


def test_it_says_in_which_contest_it_was_or_that_it_was_practice(
    browser: Browser, alice: Claim
) -> None:
    assert shown(browser(alice.member)).count("Practice") == 2
    contest("Round 7", NOON - timedelta(days=1))
    attempt(alice, problem("In time"), contest="Round 7")
    page = shown(browser(alice.member))
    assert '<a href="https://example.org/codeforces" rel="noopener">Round 7</a>' in page
    assert page.count("Practice") == 2


@pytest.mark.parametrize(
    ("filters", "kept"),
    [
        ({"verdict": "accepted"}, "Lantern Row"),
        ({"verdict": "rejected"}, "Harvest Moon"),
        ({"text": "harvest"}, "Harvest Moon"),
        ({"level": "Easy"}, "Lantern Row"),
        ({"level": "Easy", "text": "LANTERN"}, "Lantern Row"),
    ],
)
def test_filters_stand_in_the_address(
    browser: Browser, alice: Claim, filters: dict[str, str], kept: str
) -> None:
    page = shown(browser(alice.member), **filters)
    (dropped,) = {"Lantern Row", "Harvest Moon"} - {kept}
    assert kept in page
    assert dropped not in page


def test_a_difficulty_on_a_scale_is_found_by_its_word(browser: Browser, alice: Claim) -> None:
    for title, number in [("Gentle", 800), ("Middling", 1400), ("Harsh", 2900)]:
        one = problem(title)
        Problem.objects.filter(pk=one.pk).update(difficulty=number)
        attempt(alice, one)
    client = browser(alice.member)
    assert "Codeforces · Medium · 1400" in shown(client)
    medium = shown(client, level="Medium")
    assert "Middling" in medium
    assert "Gentle" not in medium
    assert "Harsh" not in medium
    assert "Harsh" in shown(client, level="Hard")


def test_a_topic_is_found_whatever_a_platform_calls_it(browser: Browser, alice: Claim) -> None:
    there = handle_elsewhere(alice, "elsewhere")
    attempt(alice, problem("Ferry", tags=["math", "dp"]))
    attempt(alice, problem("Signal", tags=["dp"]), verdict=Verdict.WRONG_ANSWER)
    attempt(alice, problem("Ledger", tags=["Géométrie", "*special"]))
    other = problem("Grove", platform="elsewhere", tags=["Dynamic Programming"])
    attempt(there, other)
    client = browser(alice.member)
    offered = re.findall(r'<option value="([A-Zé][\w é]+)"', shown(client).partition("Topic")[2])
    assert offered == ["Dynamic programming", "Géométrie", "Math"]

    def kept(**filters: str) -> set[str]:
        page = shown(client, **filters)
        return {title for title in ("Ferry", "Signal", "Ledger", "Grove") if f">{title}<" in page}

    assert kept(topic="Dynamic programming") == {"Ferry", "Signal", "Grove"}
    assert kept(topic="Dynamic programming", verdict="rejected") == {"Signal"}
    assert kept(topic="Math") == {"Ferry"}
    assert kept(topic="Géométrie") == {"Ledger"}
    assert kept(topic="Graphs") == {"Ferry", "Signal", "Ledger", "Grove"}


def test_topics_are_those_of_this_member_alone(
    browser: Browser, alice: Claim, cast: Cast, rated: Rated
) -> None:
    attempt(rated(cast.bob, 1500), problem("Ferry", tags=["dp"]))
    page = shown(browser(alice.member))
    assert "Topic" not in page
    assert "Dynamic programming" not in page


def test_platforms_are_told_apart(browser: Browser, alice: Claim) -> None:
    there = handle_elsewhere(alice, "elsewhere")
    attempt(there, problem("Far away", platform="elsewhere"))
    client = browser(alice.member)
    assert "Lantern Row" not in shown(client, platform="elsewhere")
    assert "Far away" in shown(client, platform="elsewhere")
    assert "Far away" not in shown(client, platform="codeforces")


@pytest.mark.parametrize("solved", [0, 30])
def test_what_is_in_the_counts_alone_is_explained_where_there_is_some(
    browser: Browser, alice: Claim, solved: int
) -> None:
    handle = handle_elsewhere(alice, "leetcode").handle
    handle.current = Snapshot.objects.create(
        handle=handle, day=NOON.date(), fetched_at=NOON, solved=solved
    )
    handle.save()
    page = shown(browser(alice.member))
    assert ("LeetCode lists no more than the last 20" in page) is bool(solved)


def test_a_filter_that_there_is_not_is_left_out(browser: Browser, alice: Claim) -> None:
    page = shown(browser(alice.member), verdict="brilliant", platform="nowhere", level="x")
    assert "Lantern Row" in page
    assert "Harvest Moon" in page


def test_where_nothing_fits_the_filters_can_be_cleared(browser: Browser, alice: Claim) -> None:
    page = shown(browser(alice.member), text="no such problem")
    assert "Nothing matches" in page
    assert f'<a class="btn" href="{PAGE}">Clear the filters</a>' in page


def test_many_come_in_pages_that_keep_the_filter(browser: Browser, alice: Claim) -> None:
    for n in range(60):
        attempt(alice, problem("Lantern Row"), at=NOON - timedelta(days=1, minutes=n))
    client = browser(alice.member)
    first = shown(client, verdict="accepted")
    assert first.count("<tr>") == 51
    older = first.partition('rel="next" href="?')[2].partition('"')[0].replace("&amp;", "&")
    with hold_clock(NOON):
        second = client.get(f"{PAGE}?{older}").content.decode()
    assert second.count("<tr>") == 12
    assert "Harvest Moon" not in second
    assert "Newest" in second


def test_a_made_up_place_in_the_list_is_a_friendly_error(browser: Browser, alice: Claim) -> None:
    answer = browser(alice.member).get(PAGE, {"cursor": "made-up"})
    assert answer.status_code == 422
    assert "Start again from its beginning" in answer.content.decode()


def test_without_a_submission_or_a_handle_it_says_so(
    browser: Browser, cast: Cast, rated: Rated
) -> None:
    assert "Link a handle" in shown(browser(cast.alice))
    assert "has not linked an account" in shown(browser(cast.bob))
    rated(cast.alice)
    assert "No submission yet" in shown(browser(cast.alice))


@pytest.mark.parametrize("page", ["submissions", "history"])
def test_outsiders_find_no_such_member(
    browser: Browser, client: Client, cast: Cast, page: str
) -> None:
    path = f"/members/alice/{page}/"
    assert browser(cast.bob).get(path).status_code == 200
    assert browser(cast.charlie).get(path).status_code == 404
    assert browser(MembershipFactory().member).get(path).status_code == 404
    assert browser(cast.ada).get("/members/charlie/history/").status_code == 200
    assert client.get(path).url.startswith("/accounts/login/")


@pytest.mark.usefixtures("nothing_fetched_late")
def test_it_costs_the_same_with_2_and_50_submissions(browser: Browser, alice: Claim) -> None:
    contest("Round 7", NOON - timedelta(days=1))
    attempt(alice, problem("In time"), contest="Round 7")
    client = browser(alice.member)
    few = count(client)
    for n in range(50):
        attempt(alice, problem(f"Lamp {n}", tags=["dp", f"tag {n}"]), contest=f"Round {n}")
    assert count(client) == few


def count(client: Client) -> int:
    shown(client)
    with CaptureQueriesContext(connection) as seen:
        shown(client)
    return len(seen)
