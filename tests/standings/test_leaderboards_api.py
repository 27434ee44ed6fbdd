"""Boards over the API: the same rows as on the page, and no name that the page would not show."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.db import connection, models
from django.test import Client
from django.test.utils import CaptureQueriesContext

from codetrack.accounts import services as accounts
from codetrack.accounts.models import Block, Follow, Membership, OnBoards, SeenBy, User
from codetrack.core.testing import HeldClock, hold_clock
from codetrack.standings import services
from codetrack.standings.models import Period
from tests.cast import Cast
from tests.factories import InstituteFactory, MembershipFactory
from tests.standings.boards import LANTERN, NOON, ORDINARY, SCORE, SOLVED, crowd, only_kinds, put

BOARDS = "/api/leaderboards/"

type Ask = Callable[..., Any]


@pytest.fixture(autouse=True)
def held() -> Iterator[HeldClock]:
    with hold_clock(NOON) as held, only_kinds(SCORE, SOLVED, LANTERN, ORDINARY):
        yield held


def program(member: User) -> Client:
    _token, secret = accounts.create_token(owner=member, name="test", may_write=False)
    return Client(headers={"authorization": f"Bearer {secret}"})


@pytest.fixture
def ask(db: None) -> Ask:
    """What a member is told of a board, by default of the score."""

    def ask(member: User, kind: str = "score", **what: Any) -> Any:
        answer = program(member).get(f"{BOARDS}{kind}/", what)
        assert answer.status_code == 200, answer.content
        return answer.json()

    return ask


def refused(member: User, kind: str = "score", **what: Any) -> tuple[int, str, list[str]]:
    """Status, code and fields of an answer that is a problem."""
    answer = program(member).get(f"{BOARDS}{kind}/", what)
    assert answer["Content-Type"] == "application/problem+json"
    body = answer.json()
    return answer.status_code, body["code"], [one["field"] for one in body["errors"]]


def names(body: Any) -> list[str | None]:
    return [row["username"] for row in body["items"]]


def change(member: User, **what: str) -> None:
    """Privacy as the service and its consumer leave it."""
    accounts.change_privacy(member=member, **what)
    services.follow_members(members=[member.pk])


# --- what is there -----------------------------------------------------------


def test_what_is_offered_is_listed(cast: Cast) -> None:
    body = program(cast.charlie).get(BOARDS).json()
    assert [kind["key"] for kind in body["kinds"]] == [
        "score",
        "solved",
        "rating:lantern",
        "rating:ordinary",
    ]
    score, _solved, lantern, ordinary = body["kinds"]
    assert (score["decimals"], score["gains"], ordinary["gains"]) == (1, True, False)
    assert lantern["tiers"][1] == {"floor": 1200, "name": "Pupil"}
    since = {period["key"]: period["since"] for period in body["periods"]}
    assert since == {"all": None, "month": "2026-11-01", "week": "2026-11-16"}


def test_a_row_says_all_that_the_page_says(cast: Cast, ask: Ask) -> None:
    put({cast.alice: 4000, cast.bob: 5123})
    body = ask(cast.alice)
    assert body["items"][0] == {
        "rank": 1,
        "username": "bob",
        "name": "Bob Fellow",
        "anonymous": False,
        "value": 5123,
        "proven": True,
        "as_of": "2026-11-19T10:00:00Z",
        "is_stale": False,
        "moved": None,
        "is_new": False,
    }
    assert (body["tab"], body["kind"], body["period"]) == ("institute", "score", "all")
    assert (body["size"], body["hidden"], body["me"]["rank"]) == (2, None, 2)
    assert (body["previous"], body["next"]) == (None, None)


def test_what_a_program_hears_of_it_by_is_told(cast: Cast, ask: Ask) -> None:
    assert ask(cast.alice)["board"] is None
    put({cast.alice: 4000})
    caller, board = program(cast.alice), ask(cast.alice)["board"]
    me = caller.get("/api/me").json()
    topics = [
        *(f"{kind}:{me['id']}" for kind in ("account", "feed", "member")),
        f"institute:{me['institute']['id']}",
        f"leaderboard:{board}",
    ]
    heard = caller.get("/api/events/", {"topics": ",".join(topics)}).json()
    assert heard["listening"] == sorted(topics)


def test_equals_share_a_rank(cast: Cast, ask: Ask) -> None:
    put({cast.alice: 40, cast.bob: 50, cast.erin: 40, cast.dana: 30})
    assert [row["rank"] for row in ask(cast.alice)["items"]] == [1, 2, 2, 4]


def test_each_tab_period_and_filter_narrows(cast: Cast, ask: Ask) -> None:
    put({cast.alice: 4000, cast.bob: 5000, cast.charlie: 6000})
    put({cast.erin: 7000}, proven=False)
    put({cast.bob: 30}, period=Period.WEEK)
    Follow.objects.create(follower=cast.alice, followed=cast.bob)
    Membership.objects.filter(member=cast.bob).update(batch="2027")
    User.objects.filter(pk=cast.alice.pk).update(country="PT")
    services.follow_members(members=[cast.alice.pk])
    assert names(ask(cast.alice)) == ["bob", "alice"]
    assert names(ask(cast.alice, tab="global")) == [None, "bob", "alice"]
    assert names(ask(cast.alice, tab="following")) == ["bob", "alice"]
    assert names(ask(cast.alice, tab="followers")) == ["alice"]
    assert names(ask(cast.alice, unproven=True)) == ["erin", "bob", "alice"]
    assert names(ask(cast.alice, period="week")) == ["bob"]
    assert names(ask(cast.alice, period="month")) == []
    assert names(ask(cast.alice, batch="2027")) == ["bob"]
    assert names(ask(cast.alice, tab="global", country="PT")) == ["alice"]
    assert names(ask(cast.alice, kind="rating:lantern")) == []


def test_stale_numbers_are_marked_and_may_be_left_out(
    cast: Cast, ask: Ask, held: HeldClock
) -> None:
    put({cast.alice: 4000})
    held.forward(days=4)
    put({cast.bob: 5000}, as_of=held.at)
    assert [row["is_stale"] for row in ask(cast.alice)["items"]] == [False, True]
    assert names(ask(cast.alice, fresh=True)) == ["bob"]


# --- who is named ------------------------------------------------------------


def test_strangers_and_the_anonymous_have_numbers_and_nothing_that_tells_who(
    cast: Cast, ask: Ask
) -> None:
    put({cast.alice: 4000, cast.bob: 5000, cast.charlie: 6000})
    change(cast.bob, on_boards=OnBoards.ANONYMOUS)
    answer = program(cast.alice).get(f"{BOARDS}score/?tab=global")
    charlie, bob, alice = answer.json()["items"]
    assert (charlie["value"], bob["value"], alice["username"]) == (6000, 5000, "alice")
    assert [row["anonymous"] for row in (charlie, bob, alice)] == [True, True, False]
    assert b"ob" not in answer.content.replace(b"global", b"") and b"harlie" not in answer.content
    assert names(ask(cast.bob)) == ["bob", "alice"]
    Follow.objects.create(follower=cast.alice, followed=cast.bob)
    assert names(ask(cast.alice, tab="following")) == ["alice"]


def test_neither_who_blocked_the_caller_nor_who_is_private_is_named(cast: Cast, ask: Ask) -> None:
    put({cast.alice: 4000, cast.bob: 5000, cast.erin: 6000})
    Block.objects.create(blocker=cast.bob, blocked=cast.alice)
    change(cast.erin, seen_by=SeenBy.NOBODY)
    assert names(ask(cast.alice)) == [None, None, "alice"]


def test_the_hidden_are_nowhere_but_know_what_they_have(cast: Cast, ask: Ask) -> None:
    put({cast.alice: 4000, cast.bob: 5000})
    change(cast.bob, on_boards=OnBoards.HIDDEN)
    seen = ask(cast.alice)
    assert (names(seen), seen["items"][0]["rank"], seen["size"]) == (["alice"], 1, 1)
    own = ask(cast.bob)
    assert (names(own), own["me"], own["hidden"]) == (["alice"], None, 5000)


def test_an_outsider_sees_no_institute(cast: Cast, ask: Ask) -> None:
    put({cast.alice: 4000, cast.charlie: 10})
    assert names(ask(cast.charlie)) == [None, "charlie"]
    assert refused(cast.charlie, tab="institute") == (422, "no_institute", ["institute"])
    for tab in ("institute", "global"):
        assert refused(cast.charlie, tab=tab, institute="hill") == (404, "not_found", [])
    other = InstituteFactory(slug="vale")
    MembershipFactory(institute=other, member=cast.charlie)
    services.follow_members(members=[cast.charlie.pk])
    assert refused(cast.alice, institute="vale") == (404, "not_found", [])
    assert names(ask(cast.ada, institute="vale")) == ["charlie"]


def test_it_needs_an_account(db: None) -> None:
    for path in (BOARDS, f"{BOARDS}score/"):
        assert Client().get(path).status_code == 401


# --- the way through ---------------------------------------------------------


def walk(ask: Ask, member: User, start: Any, way: str, **what: Any) -> list[Any]:
    """All parts from here on."""
    parts = [start]
    while parts[-1][way] is not None:
        parts.append(ask(member, cursor=parts[-1][way], **what))
    return parts


def test_all_parts_together_are_the_whole_board_both_ways(cast: Cast, ask: Ask) -> None:
    members = crowd(cast.institute, 23)
    put(dict.fromkeys(members[5:15], 700))
    every = names(ask(cast.alice, limit=100))
    assert len(every) == 23
    down = walk(ask, cast.alice, ask(cast.alice, limit=4), "next", limit=4)
    assert [name for part in down for name in names(part)] == every
    up = walk(ask, cast.alice, down[-1], "previous", limit=4)
    assert [name for part in reversed(up) for name in names(part)] == every
    assert down[0]["previous"] is None and up[-1]["previous"] is None


def test_one_may_begin_at_a_rank_or_around_oneself(cast: Cast, ask: Ask) -> None:
    members = crowd(cast.institute, 30)
    assert [row["rank"] for row in ask(cast.alice, at="11", limit=3)["items"]] == [11, 12, 13]
    body = ask(members[20], at="me", limit=5)
    assert [row["rank"] for row in body["items"]] == [19, 20, 21, 22, 23]
    assert body["me"] == body["items"][2]
    assert ask(members[20], limit=5)["me"] == body["me"]


@pytest.mark.parametrize("cursor", ["made-up", "d700.3:AAAA", "\ud800", "é" * 400])
def test_a_cursor_made_up_by_hand_is_refused(cast: Cast, cursor: str) -> None:
    put({cast.alice: 4000})
    what = {"cursor": cursor.encode(errors="replace").decode()}
    assert refused(cast.alice, **what) == (422, "bad_cursor", ["cursor"])


def test_a_cursor_of_another_selection_is_refused(cast: Cast, ask: Ask) -> None:
    crowd(cast.institute, 5)
    cursor = ask(cast.alice, limit=2)["next"]
    for other in ({"tab": "global"}, {"period": "week"}, {"unproven": True}, {"kind": "solved"}):
        put({cast.alice: 1}, kind=SOLVED)
        put({cast.alice: 1}, period=Period.WEEK)
        assert refused(cast.alice, **{"cursor": cursor, **other})[:2] == (422, "bad_cursor")


@pytest.mark.parametrize(
    ("what", "field"),
    [
        ({"tab": "friends"}, "asked.tab"),
        ({"period": "year"}, "asked.period"),
        ({"at": "-1"}, "asked.at"),
        ({"limit": 101}, "asked.limit"),
        ({"limit": 0}, "asked.limit"),
        ({"country": "Portugal"}, "asked.country"),
        ({"country": "PT"}, "country"),
        ({"tab": "global", "batch": "2027"}, "batch"),
    ],
)
def test_what_cannot_be_asked_is_refused(cast: Cast, what: dict[str, Any], field: str) -> None:
    status, _code, fields = refused(cast.alice, **what)
    assert (status, [name.removeprefix("asked.") for name in fields]) == (
        422,
        [field.removeprefix("asked.")],
    )


def test_an_unknown_kind_is_not_there(cast: Cast) -> None:
    for kind in ("none-such", "rating:none", "rating:lantern%2Fx"):
        assert refused(cast.alice, kind=kind) == (404, "not_found", [])


# --- what it costs -----------------------------------------------------------


def queries(client: Client, query: str) -> int:
    client.get(f"{BOARDS}score/{query}")
    with CaptureQueriesContext(connection) as seen:
        assert client.get(f"{BOARDS}score/{query}").status_code == 200
    return len(seen)


@pytest.mark.parametrize("query", ["", "?tab=global", "?at=1", "?period=week"])
def test_it_costs_the_same_with_1_and_30_rows(
    cast: Cast, monkeypatch: pytest.MonkeyPatch, query: str
) -> None:
    monkeypatch.setattr(models, "FETCH_PEERS", models.FETCH_RAISE)
    first, *others = crowd(cast.institute, 30)
    services.put(kind=SCORE.key, entries={other.pk: None for other in others})
    put({first: 10}, period=Period.WEEK)
    client = program(cast.alice)
    few = queries(client, query)
    put({other: 100 + n for n, other in enumerate(others)})
    put(dict.fromkeys(others, 5), period=Period.WEEK)
    assert queries(client, query) == few
    assert few <= 16
