"""The page that says how the score is made, and the line on the page of a member."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from codetrack.accounts.models import User
from codetrack.core import clock as house
from codetrack.platforms.base import Profile
from codetrack.ratings import queries, services
from codetrack.ratings.models import Handle
from tests.ratings.conftest import NOON
from tests.ratings.deeds import DAY, account, attempt, play, prove, solve
from tests.ratings.test_boards import contest

pytestmark = pytest.mark.usefixtures("clock")
URL = "/leaderboard/score/"


@pytest.fixture
def handle(alice: User) -> Handle:
    """1600, half a year ago, and thirty problems since."""
    handle = account(alice)
    prove(handle)
    told = Profile(handle=handle.shown, rating=1600)
    services.apply_profiles(found={handle.pk: told}, at=house.now())
    play(handle, [contest(1, NOON - 180 * DAY, 1600)])
    solve(handle, *[attempt(f"1-{n}", timedelta(days=n)) for n in range(30)])
    return handle


def page(client: Client, member: User | None = None, url: str = URL) -> str:
    if member is not None:
        client.force_login(member)
    answer = client.get(url)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_everybody_may_read_how_it_is_made(db: None, client: Client) -> None:
    text = page(client)
    assert "up to 800 points for contests and up to 200 for practice" in text
    assert "approximate" in text
    assert "own-score" not in text


def test_the_examples_are_computed(db: None, client: Client) -> None:
    text = page(client)
    for example in queries.Explained().examples:
        assert f"<b>{example.score.total}</b>" in text
    easy, far = queries.Explained().examples[1], queries.Explained().examples[3]
    assert easy.score.total < far.score.total / 4


def test_a_member_sees_their_own_parts(alice: User, handle: Handle, client: Client) -> None:
    text = page(client, alice)
    assert "Of your proven handles." in text
    assert "rating 1600, strength 507" in text
    assert "of which 88 % count after a while without a contest" in text
    assert "30 problems" in text
    scored = queries.score_parts(alice)
    assert scored is not None and scored.score.total == 249 + 11
    assert f"<b>{scored.score.total}</b>" in text


def test_who_has_no_handle_is_told_what_to_do(alice: User, client: Client) -> None:
    text = page(client, alice)
    assert "No score yet" in text
    assert "/settings/handles/" in text


def test_the_page_of_a_member_shows_the_sum(
    alice: User, bob: User, handle: Handle, client: Client
) -> None:
    text = page(client, bob, "/members/alice/")
    assert (
        '<a href="/leaderboard/score/">Score <b>260</b></a> = Codeforces 249 + practice 11' in text
    )
    assert "of handles that are not proven" not in text


def test_a_score_of_handles_that_are_not_proven_says_so(alice: User, client: Client) -> None:
    account(alice)
    assert "of handles that are not proven" in page(client, alice, "/members/alice/")


def test_more_problems_and_accounts_take_no_more_queries(
    alice: User, handle: Handle, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_num_queries(4):
        queries.score_parts(alice)
    account(alice, "leetcode")
    solve(handle, *[attempt(f"2-{n}", timedelta(days=n)) for n in range(30)])
    with django_assert_num_queries(4):
        queries.score_parts(alice)
