"""Platforms and contests for programs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from pytest_django import Settings

from codetrack.accounts.models import User
from codetrack.core import clock as house
from codetrack.core.testing import HeldClock
from codetrack.platforms.base import Blocked, Profile
from codetrack.ratings import services
from codetrack.ratings.models import Claim, Contest
from tests.ratings.conftest import NOON
from tests.ratings.test_handles_api import Program

pytestmark = pytest.mark.usefixtures("clock")
type Link = Callable[..., Claim]


@pytest.fixture
def contests(db: None) -> list[Contest]:
    """Two past ones, one under way, two to come, and one without a time."""
    starts = (-50, -9, -1, 2, 30)
    rows = [
        Contest(
            platform="leetcode" if hours == 30 else "codeforces",
            key=str(1000 + n),
            name=f"Round {n}",
            starts_at=NOON + timedelta(hours=hours),
            duration=timedelta(hours=2),
            phase="before",  # as it was when the list was read
        )
        for n, hours in enumerate(starts)
    ]
    return Contest.objects.bulk_create([*rows, Contest(platform="codeforces", key="1", name="?")])


def names(found: Any) -> list[str]:
    return [row["name"] for row in found["items"]]


def test_platforms_tell_their_ways_of_proof_and_their_tiers(alice: User) -> None:
    status, found = Program(alice).get("/platforms")
    [codeforces] = [one for one in found if one["key"] == "codeforces"]
    assert (status, codeforces["enabled"], codeforces["answered_at"]) == (200, True, None)
    keys = [way["key"] for way in codeforces["proofs"]]
    assert keys == ["organization", "first_name", "last_name", "compile_error"]
    assert codeforces["tiers"][0] == {"level": 1, "name": "Newbie", "floor": 0}


def test_platforms_tell_when_they_answered_last(alice: User, link: Link, clock: HeldClock) -> None:
    claim = link(alice)
    found = {claim.handle_id: Profile(handle="nila_v")}
    services.apply_profiles(found=found, at=house.now())

    def codeforces() -> Any:
        _, found = Program(alice).get("/platforms")
        return next(one for one in found if one["key"] == "codeforces")

    assert (codeforces()["answered_at"], codeforces()["fails"]) == ("2026-11-21T12:00:00Z", False)
    clock.forward(hours=1)
    services.record_failure(handles=[claim.handle_id], error=Blocked("No."), at=house.now())
    assert (codeforces()["answered_at"], codeforces()["fails"]) == ("2026-11-21T12:00:00Z", True)


def test_a_platform_that_is_switched_off_is_listed_as_such(alice: User, settings: Settings) -> None:
    off = {**settings.PLATFORMS["codeforces"], "enabled": False}
    settings.PLATFORMS = {**settings.PLATFORMS, "codeforces": off}
    _, found = Program(alice).get("/platforms")
    [codeforces] = [one for one in found if one["key"] == "codeforces"]
    assert (codeforces["enabled"], codeforces["proofs"]) == (False, [])


@pytest.mark.usefixtures("contests")
def test_contests_come_newest_first(alice: User) -> None:
    status, found = Program(alice).get("/contests")
    assert status == 200
    assert names(found) == ["Round 4", "Round 3", "Round 2", "Round 1", "Round 0"]
    assert found["items"][2] == {
        "platform": "codeforces",
        "key": "1002",
        "name": "Round 2",
        "url": "",
        "starts_at": "2026-11-21T11:00:00Z",
        "ends_at": "2026-11-21T13:00:00Z",
        "phase": "running",
    }


@pytest.mark.usefixtures("contests")
@pytest.mark.parametrize(
    ("asked", "expected"),
    [
        ("phase=before", ["Round 3", "Round 4"]),
        ("phase=running", ["Round 2"]),
        ("phase=finished", ["Round 1", "Round 0"]),
        ("platform=leetcode", ["Round 4"]),
        ("platform=codeforces&phase=before", ["Round 3"]),
        ("platform=myspace", []),
    ],
)
def test_contests_are_chosen_by_platform_and_by_what_the_clock_says(
    alice: User, asked: str, expected: list[str]
) -> None:
    assert names(Program(alice).get(f"/contests?{asked}")[1]) == expected


@pytest.mark.usefixtures("contests")
@pytest.mark.parametrize("phase", ["before", "finished"])
def test_contests_come_in_pages(alice: User, phase: str) -> None:
    program = Program(alice)
    _, whole = program.get(f"/contests?phase={phase}")
    _, first = program.get(f"/contests?phase={phase}&limit=1")
    _, second = program.get(f"/contests?phase={phase}&limit=1&cursor={first['next']}")
    assert names(first) + names(second) == names(whole)
    assert second["next"] is None


@pytest.mark.parametrize("asked", ["phase=someday", "limit=0", "cursor=made-up"])
def test_a_bad_question_is_a_problem(alice: User, asked: str) -> None:
    status, problem = Program(alice).get(f"/contests?{asked}")
    assert (status, problem["status"]) == (422, 422)


@pytest.mark.parametrize("path", ["/contests", "/platforms", "/handles"])
def test_a_visitor_is_refused(db: None, client: Client, path: str) -> None:
    answer = client.get(f"/api{path}")
    assert answer.status_code == 401
    assert answer.headers["Content-Type"] == "application/problem+json"


@pytest.mark.usefixtures("contests")
def test_an_outsider_sees_no_handle_of_others_there(alice: User, charlie: User, link: Link) -> None:
    link(alice)
    program = Program(charlie)
    assert program.get("/handles") == (200, [])
    assert "nila_v" not in str(program.get("/platforms")) + str(program.get("/contests"))


def test_many_contests_take_as_many_queries_as_one(alice: User, contests: list[Contest]) -> None:
    program = Program(alice)
    program.get("/contests?limit=1")
    with CaptureQueriesContext(connection) as few:
        program.get("/contests?limit=1")
    with CaptureQueriesContext(connection) as many:
        program.get("/contests?limit=100")
    assert len(few) == len(many)
