"""The institute page with the ratings of its members."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from codetrack.accounts.models import OnBoards, User
from codetrack.standings.services import follow_members
from tests.cast import Cast
from tests.factories import MembershipFactory
from tests.home.conftest import Browser, Rated

PAGE = "/institutes/hill/"


def ratings(client: Client) -> str:
    """The section of the ratings, without the list of members below it."""
    answer = client.get(PAGE)
    assert answer.status_code == 200
    return answer.content.decode().partition('id="ratings"')[2].partition('id="members"')[0]


def test_proven_ratings_are_ranked_the_best_first(
    browser: Browser, cast: Cast, ranked: Rated
) -> None:
    ranked(cast.alice, 1200, 1847)
    ranked(cast.bob, 2100)
    ranked(cast.erin, 3000, verified=False)
    section = ratings(browser(cast.alice))
    assert section.index("Bob Fellow") < section.index("Alice Member")
    assert "Erin" not in section
    assert '<tr class="me"' in section


def test_members_of_other_institutes_are_not_among_them(
    browser: Browser, cast: Cast, ranked: Rated
) -> None:
    ranked(MembershipFactory(member__name="Zoe Elsewhere").member, 2000)
    ranked(cast.charlie, 2000)
    section = ratings(browser(cast.alice))
    assert "Zoe" not in section
    assert "Charlie" not in section
    assert "No proven account yet" in section


def test_who_left_is_not_among_them(browser: Browser, cast: Cast, ranked: Rated) -> None:
    ranked(cast.bob, 2000)
    User.objects.filter(pk=cast.bob.pk).update(is_active=False)
    follow_members(members=[cast.bob.pk])
    assert "Bob" not in ratings(browser(cast.alice))


def test_the_ten_best_are_shown_and_the_way_to_all_of_them(
    browser: Browser, cast: Cast, ranked: Rated
) -> None:
    for place in range(12):
        ranked(MembershipFactory(institute=cast.institute).member, 3000 - 100 * place)
    section = ratings(browser(cast.alice))
    assert section.count('<th scope="row">') == 10
    assert 'href="/leaderboard/?tab=institute&amp;institute=hill"' in section


def test_who_wants_no_name_on_boards_has_none_here(
    browser: Browser, cast: Cast, ranked: Rated
) -> None:
    User.objects.filter(pk=cast.bob.pk).update(on_boards=OnBoards.ANONYMOUS)
    ranked(cast.bob, 2000)
    section = ratings(browser(cast.alice))
    assert "Anonymous member" in section
    assert "Bob" not in section


def test_it_says_nothing_to_outsiders(browser: Browser, client: Client, cast: Cast) -> None:
    assert browser(cast.charlie).get(PAGE).status_code == 404
    assert client.get(PAGE).status_code == 302


@pytest.mark.usefixtures("nothing_fetched_late")
def test_it_costs_the_same_with_1_and_30_members(
    browser: Browser, cast: Cast, ranked: Rated
) -> None:
    ranked(cast.alice, 1847)
    client = browser(cast.alice)
    few = count(client)
    for n in range(30):
        member = User.objects.create(username=f"pupil{n:03}", email=f"pupil{n}@example.org")
        MembershipFactory(institute=cast.institute, member=member)
        ranked(member, 1000 + n, 1500 + n)
    assert count(client) == few


def count(client: Client) -> int:
    client.get(PAGE)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(PAGE).status_code == 200
    return len(seen)
