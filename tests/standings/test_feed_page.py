"""The page of the feed: lines by day, one kind by its address, and whom to follow at first."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from codetrack.accounts.models import User
from codetrack.core.testing import HeldClock, hold_clock
from codetrack.live.topics import allowed
from tests.cast import Cast
from tests.factories import MemberFactory, MembershipFactory
from tests.standings.deeds import NOON, contest, did, follow, solved

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def held() -> Iterator[HeldClock]:
    with hold_clock(NOON) as held:
        yield held


def page_of(member: User, path: str = "/feed/") -> str:
    client = Client()
    client.force_login(member)
    answer = client.get(path)
    assert answer.status_code == 200
    return unescape(answer.content.decode())


def lines(html: str) -> list[str]:
    """What each line says, without its marks."""
    found = re.findall(r'<p class="said">(.*?)</p>', html, re.DOTALL)
    return [" ".join(re.sub(r"<[^>]+>", "", one).split()) for one in found]


def test_a_visitor_is_asked_to_sign_in(db: None) -> None:
    answer = Client().get("/feed/")
    assert answer["location"] == "/accounts/login/?next=/feed/"


def test_what_was_done_stands_under_its_day(cast: Cast) -> None:
    follow(cast.alice, cast.bob, cast.erin)
    did(contest(cast.bob), solved(cast.erin, NOON - DAY, count=5), solved(cast.bob, NOON - 3 * DAY))
    html = page_of(cast.alice)
    days = re.findall(r'<h2 id="day-[^"]+">(.*?)</h2>', html)
    assert days == ["Today", "Yesterday", "Wednesday 18 November"]
    assert lines(html) == [
        "Bob Fellow took part in Lantern Round 7",
        "Erin Author solved 5 problems",
        "Bob Fellow solved Lantern Row",
    ]
    assert '<a href="/members/bob/">Bob Fellow</a>' in html
    assert 'href="https://example.org/round-7"' in html
    assert "+42" in html


def test_the_day_is_that_of_whoever_reads(cast: Cast) -> None:
    User.objects.filter(pk=cast.alice.pk).update(time_zone="Pacific/Auckland")
    follow(cast.alice, cast.bob)
    did(solved(cast.bob, NOON - timedelta(hours=2)))  # eleven at night in Auckland, where it is one
    assert re.findall(r'<h2 id="day-[^"]+">(.*?)</h2>', page_of(cast.alice)) == ["Yesterday"]


def test_a_name_is_text(cast: Cast) -> None:
    User.objects.filter(pk=cast.bob.pk).update(name="<b>Bob</b>")
    follow(cast.alice, cast.bob)
    did(solved(cast.bob))
    client = Client()
    client.force_login(cast.alice)
    assert "<b>Bob</b>" not in client.get("/feed/").content.decode()


def test_one_kind_is_chosen_by_the_address(cast: Cast) -> None:
    follow(cast.alice, cast.bob)
    did(solved(cast.bob), contest(cast.bob))
    html = page_of(cast.alice, "/feed/?kind=contest")
    assert lines(html) == ["Bob Fellow took part in Lantern Round 7"]
    assert '<a href="/feed/?kind=contest" aria-current="page">' in html
    assert len(lines(page_of(cast.alice, "/feed/?kind=none-such"))) == 2


def test_older_ones_are_a_page_away(cast: Cast) -> None:
    follow(cast.alice, cast.bob)
    did(*(contest(cast.bob, NOON - timedelta(minutes=n), key=str(n)) for n in range(31)))
    html = page_of(cast.alice)
    assert len(lines(html)) == 30
    [older] = re.findall(r'rel="next" href="([^"]+)"', html)
    assert len(lines(page_of(cast.alice, f"/feed/{older}"))) == 1


def test_a_place_made_up_by_hand_is_refused_in_words(cast: Cast) -> None:
    client = Client()
    client.force_login(cast.alice)
    answer = client.get("/feed/?cursor=made-up")
    assert answer.status_code == 422
    assert "This is no place in this list" in answer.content.decode()


def test_whoever_follows_nobody_is_shown_whom_to_follow(cast: Cast) -> None:
    html = page_of(cast.alice)
    assert "You follow nobody yet" in html
    for name in ("bob", "erin", "dana", "ada"):
        assert f'action="/members/{name}/follow/"' in html
    assert "charlie" not in html


def test_to_follow_leads_back_to_the_feed(cast: Cast) -> None:
    did(solved(cast.bob))
    client = Client()
    client.force_login(cast.alice)
    answer = client.post("/members/bob/follow/", {"part": "button", "next": "/feed/"}, follow=True)
    assert answer.redirect_chain[-1][0] == "/feed/"
    assert lines(answer.content.decode()) == ["Bob Fellow solved Lantern Row"]


def test_whoever_belongs_nowhere_is_shown_where_members_are(cast: Cast) -> None:
    html = page_of(cast.charlie)
    assert "You follow nobody yet" in html
    assert 'class="btn" href="/members/"' in html


def test_whoever_follows_the_quiet_is_told_what_will_come(cast: Cast) -> None:
    follow(cast.alice, cast.bob)
    assert "Nothing yet" in page_of(cast.alice)
    did(solved(cast.bob))
    assert "Nothing of this kind" in page_of(cast.alice, "/feed/?kind=streak")


def test_the_page_listens_to_what_its_reader_may_hear(cast: Cast) -> None:
    [topics] = re.findall(r'<div class="wrap" id="page" data-live="([^"]+)"', page_of(cast.alice))
    assert topics == f"feed:{cast.alice.pk}"
    assert allowed(cast.alice, [topics]) == {topics}
    assert allowed(cast.bob, [topics]) == set()


def test_the_dashboard_shows_the_newest_five(cast: Cast) -> None:
    follow(cast.alice, cast.bob)
    assert "Nothing yet." in page_of(cast.alice, "/dashboard/")
    did(*(contest(cast.bob, NOON - timedelta(minutes=n), key=str(n)) for n in range(7)))
    html = page_of(cast.alice, "/dashboard/")
    assert lines(html) == ["Bob Fellow took part in Lantern Round 7"] * 5
    assert '<a href="/feed/">Feed</a>' in html


@pytest.mark.parametrize("path", ["/feed/", "/dashboard/"])
def test_it_takes_as_many_queries_for_30_as_for_1(cast: Cast, path: str) -> None:
    follow(cast.alice, cast.bob)
    did(solved(cast.bob))
    page_of(cast.alice, path)
    with CaptureQueriesContext(connection) as one:
        page_of(cast.alice, path)
    for _ in range(29):
        member = MemberFactory()
        MembershipFactory(member=member, institute=cast.institute)
        follow(cast.alice, member)
        did(contest(member))
    with CaptureQueriesContext(connection) as thirty:
        page_of(cast.alice, path)
    assert len(one) == len(thirty)
