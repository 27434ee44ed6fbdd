"""The institute page with the ratings of its members."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from codetrack.accounts.models import User
from tests.cast import Cast
from tests.factories import MembershipFactory
from tests.home.conftest import Browser, Rated

PAGE = "/institutes/hill/"


def ratings(client: Client, page: int = 1) -> str:
    """The section of the ratings, without the list of members below it."""
    answer = client.get(PAGE, {"page": page})
    assert answer.status_code == 200
    return answer.content.decode().partition('id="ratings"')[2].partition('id="members"')[0]


def test_proven_ratings_are_ranked_the_best_first(
    browser: Browser, cast: Cast, rated: Rated
) -> None:
    rated(cast.alice, 1200, 1847)
    rated(cast.bob, 2100)
    rated(cast.erin, 3000, verified=False)
    rated(cast.dana)
    section = ratings(browser(cast.alice))
    assert section.index("Bob Fellow") < section.index("Alice Member")
    assert "Erin" not in section
    assert "Dana" not in section
    assert 'class="me"' in section


def test_members_of_other_institutes_are_not_among_them(
    browser: Browser, cast: Cast, rated: Rated
) -> None:
    rated(MembershipFactory(member__name="Zoe Elsewhere").member, 2000)
    rated(cast.charlie, 2000)
    section = ratings(browser(cast.alice))
    assert "Zoe" not in section
    assert "Charlie" not in section
    assert "No proven rating yet" in section


def test_who_left_is_not_among_them(browser: Browser, cast: Cast, rated: Rated) -> None:
    rated(cast.bob, 2000)
    User.objects.filter(pk=cast.bob.pk).update(is_active=False)
    assert "Bob" not in ratings(browser(cast.alice))


def test_many_are_on_several_pages_and_keep_their_place(
    browser: Browser, cast: Cast, rated: Rated
) -> None:
    for place in range(30):
        member = MembershipFactory(institute=cast.institute).member
        rated(member, 3000 - place)
    second = ratings(browser(cast.alice), page=2)
    assert ">26<" in second
    assert "2975" in second
    assert "1–25" not in second


def test_it_says_nothing_to_outsiders(browser: Browser, client: Client, cast: Cast) -> None:
    assert browser(cast.charlie).get(PAGE).status_code == 404
    assert client.get(PAGE).status_code == 302


@pytest.mark.usefixtures("nothing_fetched_late")
def test_it_costs_the_same_with_1_and_200_members(
    browser: Browser, cast: Cast, rated: Rated
) -> None:
    rated(cast.alice, 1847)
    client = browser(cast.alice)
    few = count(client)
    for n in range(200):
        member = User.objects.create(username=f"pupil{n:03}", email=f"pupil{n}@example.org")
        MembershipFactory(institute=cast.institute, member=member)
        rated(member, 1000 + n, 1500 + n)
    assert count(client) == few


def count(client: Client) -> int:
    client.get(PAGE)
    with CaptureQueriesContext(connection) as seen:
        assert client.get(PAGE).status_code == 200
    return len(seen)
