"""The feed over the API: of the caller, in pages, of some kinds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from codetrack.accounts import services as accounts
from codetrack.accounts.models import SeenBy, User
from codetrack.core.testing import HeldClock, hold_clock
from codetrack.standings.models import FeedItem
from tests.cast import Cast
from tests.standings.deeds import NOON, contest, did, follow, solved

type Ask = Callable[..., Any]


@pytest.fixture(autouse=True)
def held() -> Iterator[HeldClock]:
    with hold_clock(NOON) as held:
        yield held


@pytest.fixture
def ask(db: None) -> Ask:
    def ask(member: User, **what: Any) -> Any:
        _token, secret = accounts.create_token(owner=member, name="test", may_write=False)
        program = Client(headers={"authorization": f"Bearer {secret}"})
        return program.get("/api/feed/", what)

    return ask


def test_what_was_done_is_there_in_words_and_in_values(cast: Cast, ask: Ask) -> None:
    follow(cast.alice, cast.bob)
    did(contest(cast.bob))
    body = ask(cast.alice).json()
    assert body == {
        "items": [
            {
                "id": FeedItem.objects.get().pk,
                "kind": "contest",
                "at": "2026-11-21T12:00:00Z",
                "member": {"username": "bob", "name": "Bob Fellow"},
                "text": "Bob Fellow took part in Lantern Round 7 on Codeforces: "
                "rank 1,204, rating 1500 → 1542.",
                "url": "https://example.org/round-7",
                "params": dict(contest(cast.bob).params),
            }
        ],
        "next": None,
    }


def test_it_comes_in_pages_of_some_kinds(cast: Cast, ask: Ask) -> None:
    follow(cast.alice, cast.bob)
    did(solved(cast.bob))
    did(*(contest(cast.bob, NOON - timedelta(minutes=n), key=str(n)) for n in range(5)))
    cursor, kinds = "", []
    while cursor is not None:
        body = ask(cast.alice, kinds=["contest", "rank"], limit=2, cursor=cursor).json()
        kinds += [item["kind"] for item in body["items"]]
        cursor = body["next"]
    assert kinds == ["contest"] * 5


def test_an_unknown_kind_is_refused(cast: Cast, ask: Ask) -> None:
    answer = ask(cast.alice, kinds=["contest", "none-such"])
    assert answer.status_code == 422
    assert answer.json()["code"] == "unknown_kind"
    assert "solved, contest, rank, maximum, streak" in answer.json()["detail"]


def test_a_cursor_made_up_by_hand_is_refused(cast: Cast, ask: Ask) -> None:
    answer = ask(cast.alice, cursor="made-up")
    assert (answer.status_code, answer.json()["code"]) == (422, "bad_cursor")


def test_nobody_is_named_whom_the_caller_may_not_see(cast: Cast, ask: Ask) -> None:
    follow(cast.alice, cast.bob)
    follow(cast.charlie, cast.bob)
    did(solved(cast.bob))
    assert ask(cast.charlie).json()["items"] == []
    User.objects.filter(pk=cast.bob.pk).update(seen_by=SeenBy.NOBODY)
    assert ask(cast.alice).json()["items"] == []


def test_a_stranger_is_turned_away(cast: Cast) -> None:
    assert Client().get("/api/feed/").status_code == 401
