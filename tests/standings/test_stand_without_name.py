"""Without a name on boards: a rank and a number, and no filter that says whose they are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from codetrack.accounts import services as accounts
from codetrack.accounts.models import Follow, Membership, OnBoards, SeenBy, User
from codetrack.core.testing import HeldClock, hold_clock, run_jobs
from codetrack.standings import queries, services
from codetrack.standings.models import Period, Standing
from codetrack.standings.queries import Selection
from tests.cast import Cast
from tests.standings.boards import NOON, SCORE, SOLVED, crowd, only_kinds, put

PAGE, API = "/leaderboard/", "/api/leaderboards/score/"
ROW = re.compile(r"<tr(?: class=\"me\")?[^>]* tabindex=\"-1\">.*?</tr>", re.DOTALL)
NAMELESS: list[dict[str, str]] = [{"on_boards": OnBoards.ANONYMOUS}, {"seen_by": SeenBy.NOBODY}]
NARROWED = ["?batch=2027", "?tab=global&country=PT", "?fresh=1", "?tab=global&fresh=1"]
LEFT_OUT = "Members without a name on boards are left out of this part."


@pytest.fixture(autouse=True)
def held() -> Iterator[HeldClock]:
    with hold_clock(NOON) as held, only_kinds(SCORE, SOLVED):
        yield held


@pytest.fixture(params=NAMELESS, ids=lambda chosen: next(iter(chosen.values())))
def bob(cast: Cast, request: pytest.FixtureRequest) -> User:
    """The best of the institute, who has just chosen so; all of it in one batch and country."""
    put({cast.alice: 4000, cast.bob: 5000})
    Membership.objects.update(batch="2027")
    User.objects.update(country="PT")
    accounts.change_privacy(member=cast.bob, **request.param)
    services.follow_members(members=[cast.alice.pk])
    run_jobs()
    return cast.bob


def page(member: User, query: str = "") -> str:
    client = Client()
    client.force_login(member)
    answer = client.get(PAGE + query)
    assert answer.status_code == 200
    return answer.content.decode()


def told(member: User, query: str = "") -> Any:
    _token, secret = accounts.create_token(owner=member, name="test", may_write=False)
    answer = Client().get(API + query, headers={"authorization": f"Bearer {secret}"})
    assert answer.status_code == 200
    return answer.json()


@pytest.mark.parametrize("query", NARROWED)
def test_a_narrowed_list_holds_only_those_with_a_name(cast: Cast, bob: User, query: str) -> None:
    seen = page(cast.alice, query)
    assert len(ROW.findall(seen)) == 1
    assert "Anonymous" not in seen
    assert LEFT_OUT in seen
    body = told(cast.alice, query)
    assert [(row["username"], row["rank"]) for row in body["items"]] == [("alice", 1)]
    assert body["size"] == 1


def test_the_whole_list_has_everybody_and_says_nothing_of_it(cast: Cast, bob: User) -> None:
    for query in ("", "?tab=global", "?unproven=1"):
        seen = page(cast.alice, query)
        assert len(ROW.findall(seen)) == 2
        assert "Anonymous member" in seen
        assert LEFT_OUT not in seen
        assert [row["username"] for row in told(cast.alice, query)["items"]] == [None, "alice"]


@pytest.mark.parametrize("query", NARROWED)
def test_whoever_is_left_out_is_told_and_shown_the_way(bob: User, query: str) -> None:
    seen = page(bob, query)
    assert "this part leaves you out. Your rank is in the whole list." in seen
    assert "Your rank</dt>" not in seen
    assert 'id="me"' not in seen
    assert told(bob, query)["me"] is None
    whole = page(bob, "?tab=global")
    assert "leaves you out" not in whole
    assert 'id="me"' in whole
    assert told(bob, "?tab=global")["me"]["rank"] == 1


def test_among_those_one_follows_nobody_is_left_out(cast: Cast, bob: User) -> None:
    Follow.objects.create(follower=bob, followed=cast.alice)
    for query in ("?tab=following&country=PT", "?tab=following&fresh=1"):
        seen = page(bob, query)
        assert len(ROW.findall(seen)) == 2
        assert 'id="me"' in seen
        assert "left out" not in seen and "leaves you out" not in seen


def test_whoever_takes_a_name_again_is_in_every_list(cast: Cast, bob: User) -> None:
    accounts.change_privacy(member=bob, on_boards=OnBoards.NAMED, seen_by=SeenBy.INSTITUTE)
    run_jobs()
    for query in NARROWED:
        assert [row["username"] for row in told(cast.alice, query)["items"]] == ["bob", "alice"]


def test_neither_age_nor_move_nor_gain_is_told_of_them(cast: Cast, held: HeldClock) -> None:
    """Whoever was read, has come or gained something lately may be known."""
    held.at = NOON - timedelta(days=8)
    put({cast.alice: 4000, cast.bob: 3000})
    held.at = NOON
    services.board_for(SCORE.key, Period.WEEK)
    accounts.change_privacy(member=cast.bob, on_boards=OnBoards.ANONYMOUS)
    run_jobs()
    put({cast.bob: 5000}, as_of=NOON - timedelta(minutes=3))
    put({cast.bob: 2000}, period=Period.WEEK)
    lately = page(cast.alice), told(cast.alice)
    services.put(kind=SCORE.key, entries={cast.bob.pk: None})
    services.put(kind=SCORE.key, period=Period.WEEK, entries={cast.bob.pk: None})
    put({cast.bob: 5000}, as_of=NOON - timedelta(days=9))
    long_ago = page(cast.alice), told(cast.alice)
    assert ROW.findall(lately[0])[0] == ROW.findall(long_ago[0])[0]
    assert "ago" in ROW.findall(lately[0])[1]
    assert lately[1]["items"][0] == long_ago[1]["items"][0]
    assert lately[1]["items"][0] == {
        "rank": 1,
        "username": None,
        "name": None,
        "anonymous": True,
        "value": 5000,
        "proven": True,
        "as_of": None,
        "is_stale": False,
        "moved": None,
        "is_new": False,
    }
    assert told(cast.bob)["items"][0]["is_stale"] is True


def test_equals_stand_as_their_lots_say_and_not_as_they_joined(cast: Cast) -> None:
    members = crowd(cast.institute, 6)
    put(dict.fromkeys(members, 700))
    lots = [30, 10, 50, 10, 60, 20]
    for member, lot in zip(members, lots, strict=True):
        Standing.objects.filter(member=member).update(lot=lot)
    order = [members[place].pk for place in (1, 3, 5, 0, 2, 4)]
    board = queries.board(SCORE.key)
    assert board
    assert [row.member_id for row in queries.page(Selection(board=board)).rows] == order
    put(dict.fromkeys(members, 800))  # a lot stays as long as its row does
    assert [row.member_id for row in queries.page(Selection(board=board)).rows] == order


def test_lots_are_drawn(cast: Cast) -> None:
    """That fifty fall in the order of joining by chance has never happened."""
    members = crowd(cast.institute, 50)
    rows = Standing.objects.filter(member__in=members).order_by("lot")
    assert list(rows.values_list("member", flat=True)) != sorted(member.pk for member in members)
