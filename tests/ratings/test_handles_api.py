"""Handles, ratings and proofs for programs: the same rules as on the pages."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from codetrack.accounts import services as accounts
from codetrack.accounts.models import User
from codetrack.core import clock as house
from codetrack.platforms.base import Profile
from codetrack.platforms.base import RatingChange as Read
from codetrack.ratings import services
from codetrack.ratings.models import Claim, Handle, Proof, Snapshot
from tests.cast import Cast
from tests.ratings.conftest import NOON

pytestmark = pytest.mark.usefixtures("clock")
type Link = Callable[..., Claim]


class Program:
    """Somebody's program, with a token that may write."""

    def __init__(self, member: User, *, may_write: bool = True) -> None:
        _, secret = accounts.create_token(owner=member, name="test", may_write=may_write)
        self.client = Client(headers={"Authorization": f"Bearer {secret}"})

    def ask(self, method: str, path: str, sent: object = None) -> tuple[int, Any]:
        call = getattr(self.client, method)
        answer = call(f"/api{path}", sent, content_type="application/json")
        return answer.status_code, answer.json() if answer.content else None

    def get(self, path: str) -> tuple[int, Any]:
        answer = self.client.get(f"/api{path}")
        return answer.status_code, answer.json()


@pytest.fixture
def played(alice: User, link: Link) -> Claim:
    """Alice's handle with two rated contests."""
    claim = link(alice)
    seen = Profile(handle="Nila_V", rating=1847, max_rating=1871)
    services.apply_profiles(found={claim.handle_id: seen}, at=NOON)
    rows = [
        Read(
            handle="Nila_V",
            contest_key=str(1000 + n),
            contest_name=f"Round {n}",
            rank=10 + n,
            old=old,
            new=new,
            at=NOON - timedelta(days=9 - n),
        )
        for n, (old, new) in enumerate([(0, 1871), (1871, 1847)])
    ]
    services.apply_history(read={claim.handle_id: rows}, at=NOON)
    return claim


def test_a_fellow_reads_handles_with_their_age_and_state(played: Claim, bob: User) -> None:
    status, [found] = Program(bob).get("/members/alice/handles")
    assert status == 200
    assert found == {
        "id": played.pk,
        "platform": "codeforces",
        "handle": "Nila_V",
        "url": "https://codeforces.com/profile/Nila_V",
        "verified": False,
        "state": "ok",
        "error": "",
        "fresh_at": "2026-11-21T12:00:00Z",
        "rating": 1847,
        "provisional": False,
        "rank_name": "Expert",
        "max_rating": 1871,
        "global_rank": None,
        "country_rank": None,
        "contests": 2,
        "solved": None,
        "solved_at": None,
        "solved_by": {},
        "topics": {},
    }


def test_rated_contests_come_newest_first_and_in_pages(played: Claim, bob: User) -> None:
    _, first = Program(bob).get("/members/alice/ratings?limit=1")
    assert [row["new"] for row in first["items"]] == [1847]
    assert first["items"][0]["contest_name"] == "Round 1"
    _, second = Program(bob).get(f"/members/alice/ratings?limit=1&cursor={first['next']}")
    assert [row["new"] for row in second["items"]] == [1871]
    assert second["next"] is None


@pytest.mark.parametrize("path", ["handles", "ratings"])
def test_an_outsider_finds_no_such_member(played: Claim, charlie: User, path: str) -> None:
    assert Program(charlie).get(f"/members/alice/{path}")[0] == 404


@pytest.mark.parametrize("path", ["/members/alice/handles", "/members/alice/ratings"])
def test_a_visitor_is_refused(cast: Cast, client: Client, path: str) -> None:
    assert client.get(f"/api{path}").status_code == 401


def test_a_handle_is_linked_read_proven_and_unlinked(alice: User) -> None:
    program = Program(alice)
    sent = {"platform": "codeforces", "handle": "https://codeforces.com/profile/nila_v"}
    status, made = program.ask("post", "/handles", sent)
    assert (status, made["handle"], made["state"]) == (201, "nila_v", "new")
    path = f"/handles/{made['id']}"
    status, proof = program.ask("post", f"{path}/proof", {})
    assert (status, proof["method"]) == (201, "organization")
    status, proof = program.ask("post", f"{path}/proof/check")
    assert (status, proof["is_checking"]) == (202, True)
    found = Profile(handle="nila_v", texts={"organization": proof["token"]})
    services.settle_proof(proof=Proof.objects.get(), found=found, at=house.now())
    assert program.get(path)[1]["verified"] is True
    assert program.ask("delete", path) == (204, None)
    assert program.get(path)[0] == 404


def test_what_a_platform_counts_itself_is_told(played: Claim, bob: User) -> None:
    Snapshot.objects.update(
        provisional=True, global_rank=318, country_rank=7, solved_by={"Easy": 3}
    )
    Handle.objects.update(topics={"Graphs": 2})
    _, [found] = Program(bob).get("/members/alice/handles")
    names = ("provisional", "global_rank", "country_rank", "solved_by", "topics")
    assert [found[name] for name in names] == [True, 318, 7, {"Easy": 3}, {"Graphs": 2}]


def test_own_handles_are_listed_with_their_place_in_the_queue(
    alice: User, bob: User, link: Link
) -> None:
    link(bob, "asel_b")
    claim = link(alice)
    status, [found] = Program(alice).get("/handles")
    assert (status, found["id"], found["place"]) == (200, claim.pk, 1)
    assert found["asked_at"] == "2026-11-21T12:00:00Z"
    Handle.objects.update(asked_at=None)
    assert Program(alice).get("/handles")[1][0]["place"] is None


def test_a_handle_is_changed(alice: User, link: Link) -> None:
    program, claim = Program(alice), link(alice, "nila_w")
    status, found = program.ask("patch", f"/handles/{claim.pk}", {"handle": "@nila_v"})
    assert (status, found["handle"], found["verified"]) == (200, "nila_v", False)
    assert program.get(f"/handles/{claim.pk}")[0] == 404
    assert program.get(f"/handles/{found['id']}")[0] == 200


def test_a_change_to_what_can_be_no_handle_is_a_problem(alice: User, link: Link) -> None:
    path = f"/handles/{link(alice).pk}"
    status, problem = Program(alice).ask("patch", path, {"handle": "no spaces"})
    assert (status, problem["code"]) == (422, "invalid_handle")
    assert problem["errors"][0]["field"] == "handle"


def test_a_proof_by_compile_error_names_the_problem(alice: User, link: Link) -> None:
    path = f"/handles/{link(alice).pk}/proof"
    status, proof = Program(alice).ask("post", path, {"method": "compile_error"})
    assert (status, proof["token"], proof["settings_url"]) == (201, None, None)
    kept = Proof.objects.get()
    assert proof["problem"]["key"] == kept.problem
    assert proof["problem"]["url"].startswith("https://codeforces.com/problemset/problem/")


def test_a_way_that_there_is_not_is_a_problem(alice: User, link: Link) -> None:
    path = f"/handles/{link(alice).pk}/proof"
    status, problem = Program(alice).ask("post", path, {"method": "blood"})
    assert (status, problem["code"]) == (422, "unknown_method")


def test_the_proof_tells_what_was_seen(alice: User, link: Link) -> None:
    program, path = Program(alice), f"/handles/{link(alice).pk}/proof"
    assert program.get(path)[0] == 404
    program.ask("post", path, {"method": "first_name"})
    found = Profile(handle="nila_v", texts={"first_name": "Nila"})
    services.settle_proof(proof=Proof.objects.get(), found=found, at=house.now())
    assert program.get(path)[1]["seen"] == "First name of nila_v says “Nila”."


@pytest.mark.parametrize(
    ("sent", "code"),
    [
        ({"platform": "codeforces", "handle": "no spaces"}, "invalid_handle"),
        ({"platform": "myspace", "handle": "tom"}, "unknown_platform"),
    ],
)
def test_bad_input_is_a_problem_with_a_code(alice: User, sent: dict[str, str], code: str) -> None:
    status, problem = Program(alice).ask("post", "/handles", sent)
    assert status == 422
    assert problem["code"] == code
    assert problem["detail"]


def test_a_second_handle_is_a_conflict(alice: User, link: Link) -> None:
    link(alice)
    sent = {"platform": "codeforces", "handle": "tourist"}
    status, problem = Program(alice).ask("post", "/handles", sent)
    assert (status, problem["code"]) == (409, "already_linked")


def test_checking_twice_a_minute_is_too_often(alice: User, link: Link) -> None:
    program, path = Program(alice), f"/handles/{link(alice).pk}/proof"
    program.ask("post", path, {})
    program.ask("post", f"{path}/check")
    status, problem = program.ask("post", f"{path}/check")
    assert (status, problem["code"]) == (429, "too_many")


def test_a_refresh_is_accepted(alice: User, link: Link) -> None:
    status, found = Program(alice).ask("post", f"/handles/{link(alice).pk}/refresh")
    assert (status, found["handle"]) == (202, "nila_v")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("get", ""),
        ("delete", ""),
        ("patch", ""),
        ("post", "/refresh"),
        ("get", "/proof"),
        ("post", "/proof"),
        ("post", "/proof/check"),
    ],
)
def test_nobody_touches_the_handle_of_another(
    alice: User, bob: User, charlie: User, link: Link, method: str, path: str
) -> None:
    claim = link(alice)
    for other in (bob, charlie):
        status, _ = Program(other).ask(method, f"/handles/{claim.pk}{path}", {"handle": "nila_x"})
        assert status == 404
    claim.refresh_from_db()
    assert claim.ended_at is None


def test_a_token_that_may_only_read_links_nothing(alice: User) -> None:
    sent = {"platform": "codeforces", "handle": "nila_v"}
    assert Program(alice, may_write=False).ask("post", "/handles", sent)[0] == 403
    assert not Claim.objects.exists()


def test_many_contests_take_as_many_queries_as_one(
    played: Claim, bob: User, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    program = Program(bob)
    with django_assert_max_num_queries(8):
        program.get("/members/alice/ratings")
