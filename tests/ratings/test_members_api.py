"""What programs are told of members: submissions, solved problems, days, ranks over time."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils.dateparse import parse_datetime

from codetrack.accounts import services as accounts
from codetrack.accounts.models import User
from codetrack.platforms.base import Participation, Verdict
from codetrack.ratings.models import Attempt, CalendarDay, Claim, Problem, Snapshot, Solve
from tests.factories import MembershipFactory
from tests.ratings.conftest import NOON

pytestmark = pytest.mark.usefixtures("clock")
type Link = Callable[..., Claim]


def ask(member: User, path: str, **sent: str | int) -> tuple[int, Any]:
    """What a program of this member is answered about alice."""
    _, secret = accounts.create_token(owner=member, name="test", may_write=False)
    client = Client(headers={"Authorization": f"Bearer {secret}"})
    answer = client.get(f"/api/members/alice/{path}", sent)
    return answer.status_code, answer.json()


@pytest.fixture
def claim(alice: User, link: Link) -> Claim:
    """Alice's handle with three submissions, one of them accepted."""
    claim = link(alice)
    one = Problem.objects.create(
        platform="codeforces", key="8001-A", title="Lantern Row", url="https://example.org/a",
        difficulty=1300, level="Medium",
    )  # fmt: skip
    for n, verdict in enumerate([Verdict.WRONG_ANSWER, Verdict.COMPILE_ERROR, Verdict.ACCEPTED]):
        Attempt.objects.create(
            handle=claim.handle, problem=one, remote_id=str(n), verdict=verdict, language="C++20",
            at=NOON - timedelta(hours=5 - n), contest_key="8001",
            participation=Participation.CONTEST,
        )  # fmt: skip
    Solve.objects.create(
        handle=claim.handle, problem=one, at=NOON - timedelta(hours=3), language="C++20"
    )
    return claim


def test_submissions_come_newest_first_and_in_pages(claim: Claim, bob: User) -> None:
    _, first = ask(bob, "attempts", limit=2)
    assert [row["verdict"] for row in first["items"]] == ["AC", "CE"]
    assert first["items"][0] == {
        "id": "2",
        "handle": "nila_v",
        "problem": {
            "platform": "codeforces",
            "key": "8001-A",
            "title": "Lantern Row",
            "url": "https://example.org/a",
            "difficulty": 1300,
            "level": "Medium",
        },
        "verdict": "AC",
        "language": "C++20",
        "at": "2026-11-21T09:00:00Z",
        "contest": "8001",
        "participation": "contest",
        "url": first["items"][0]["url"],
    }
    _, second = ask(bob, "attempts", limit=2, cursor=first["next"])
    assert [row["verdict"] for row in second["items"]] == ["WA"]
    assert second["next"] is None


def test_submissions_are_filtered(claim: Claim, bob: User) -> None:
    assert [row["id"] for row in ask(bob, "attempts", verdict="AC")[1]["items"]] == ["2"]
    assert ask(bob, "attempts", platform="elsewhere")[1]["items"] == []
    assert len(ask(bob, "attempts", platform="codeforces")[1]["items"]) == 3
    status, answer = ask(bob, "attempts", verdict="brilliant")
    assert (status, answer["errors"][0]["field"]) == (422, "verdict")


def test_solved_problems_are_there_once(claim: Claim, bob: User) -> None:
    _, found = ask(bob, "solves")
    (solve,) = found["items"]
    assert solve["problem"]["title"] == "Lantern Row"
    assert parse_datetime(solve["at"]) == NOON - timedelta(hours=3)


@pytest.mark.parametrize("path", ["attempts", "solves"])
def test_a_topic_is_named_as_on_the_page_or_as_a_platform_names_it(
    claim: Claim, bob: User, path: str
) -> None:
    two = Problem.objects.create(
        platform="codeforces", key="8001-B", title="Ferry", tags=["dp", "graphs"]
    )
    Problem.objects.filter(title="Lantern Row").update(tags=["math", "*special"])
    Attempt.objects.create(
        handle=claim.handle, problem=two, remote_id="b", verdict=Verdict.ACCEPTED, at=NOON,
        participation=Participation.PRACTICE,
    )  # fmt: skip
    Solve.objects.create(handle=claim.handle, problem=two, at=NOON)

    def titles(**sent: str) -> set[str]:
        status, found = ask(bob, path, **sent)
        assert status == 200
        return {row["problem"]["title"] for row in found["items"]}

    assert titles() == titles(topic="") == {"Lantern Row", "Ferry"}
    for name in ("Dynamic programming", "dp", "GRAPHS"):
        assert titles(topic=name) == {"Ferry"}
    assert titles(topic="Math") == {"Lantern Row"}
    for nothing in ("Cookery", "*special", " "):
        assert titles(topic=nothing) == set()
    status, answer = ask(bob, path, topic="x" * 101)
    assert (status, answer["errors"][0]["field"]) == (422, "topic")


def test_a_score_is_the_sum_of_its_parts(claim: Claim, alice: User, bob: User) -> None:
    claim.handle.attempts_read_at = NOON
    claim.handle.save()
    status, found = ask(bob, "score")
    assert status == 200
    parts = [*found["contests"], *found["practice"]]
    assert found["total"] == sum(part["points"] for part in parts)
    assert found["proven"] is (claim.verified_at is not None)
    assert [(part["level"], part["solved"]) for part in found["practice"]] == [
        ("Easy", 0),
        ("Medium", 1),
        ("Hard", 0),
    ]


def test_without_an_account_there_is_no_score(alice: User, bob: User) -> None:
    status, answer = ask(bob, "score")
    assert (status, answer["code"]) == (404, "not_found")


def test_days_are_those_of_the_member_or_of_the_platform(
    claim: Claim, alice: User, bob: User
) -> None:
    assert ask(bob, "days")[1] == [{"day": "2026-11-21", "solved": 1, "submitted": 0}]
    User.objects.filter(pk=alice.pk).update(time_zone="Pacific/Pago_Pago")
    assert ask(bob, "days")[1] == [{"day": "2026-11-20", "solved": 1, "submitted": 0}]
    CalendarDay.objects.create(handle=claim.handle, day=date(2026, 11, 3), submissions=4)
    assert ask(bob, "days")[1] == [{"day": "2026-11-03", "solved": 0, "submitted": 4}]


def test_ranks_over_time_are_cut_by_day(claim: Claim, bob: User) -> None:
    for day in (1, 2, 3, 4):
        Snapshot.objects.create(
            handle=claim.handle, day=date(2026, 11, day), fetched_at=NOON, rating=1500 + day,
            rank_name="Specialist", global_rank=9000 - day, solved_by={"Easy": day},
        )  # fmt: skip
    _, found = ask(bob, "snapshots", **{"from": "2026-11-02", "to": "2026-11-03"})
    assert [(row["day"], row["rating"]) for row in found["items"]] == [
        ("2026-11-03", 1503),
        ("2026-11-02", 1502),
    ]
    assert found["items"][0]["global_rank"] == 8997
    assert found["items"][0]["solved_by"] == {"Easy": 3}
    assert found["items"][0]["solved"] is None
    assert ask(bob, "snapshots", platform="elsewhere")[1]["items"] == []
    assert ask(bob, "snapshots", **{"from": "yesterday"})[0] == 422


@pytest.mark.parametrize("path", ["attempts", "solves", "days", "snapshots", "score"])
def test_an_outsider_finds_no_such_member(claim: Claim, charlie: User, path: str) -> None:
    assert ask(charlie, path)[0] == 404
    assert ask(MembershipFactory().member, path)[0] == 404
    assert Client().get(f"/api/members/alice/{path}").status_code == 401


@pytest.mark.parametrize("path", ["attempts", "solves", "days", "snapshots"])
def test_a_page_costs_the_same_with_1_and_30_rows(claim: Claim, bob: User, path: str) -> None:
    few = cost(bob, path)
    for n in range(30):
        one = Problem.objects.create(platform="codeforces", key=f"K{n}", title=f"Lamp {n}")
        Attempt.objects.create(
            handle=claim.handle, problem=one, remote_id=f"r{n}", verdict=Verdict.ACCEPTED,
            at=NOON, participation=Participation.PRACTICE,
        )  # fmt: skip
        Solve.objects.create(handle=claim.handle, problem=one, at=NOON)
        Snapshot.objects.create(
            handle=claim.handle, day=NOON.date() - timedelta(days=n), fetched_at=NOON
        )
    assert cost(bob, path) == few


def cost(member: User, path: str) -> int:
    with CaptureQueriesContext(connection) as seen:
        assert ask(member, path)[0] == 200
    return len(seen)
