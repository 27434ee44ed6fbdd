"""The catalogue of a platform, and problems that are there twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django import DjangoAssertNumQueries

from codetrack.accounts.models import User
from codetrack.core.models import Event
from codetrack.platforms.base import (
    Attempt,
    Contest,
    Participation,
    Phase,
    Problem,
    Profile,
    Verdict,
)
from codetrack.ratings import services
from codetrack.ratings.models import Claim, Handle, Solve
from codetrack.ratings.models import Contest as Round
from codetrack.ratings.models import Problem as Stored
from tests.ratings.conftest import NOON

pytestmark = pytest.mark.usefixtures("clock")


def problem(key: str, title: str = "", difficulty: int | None = 1500) -> Problem:
    """Of the contest that its key begins with."""
    return Problem(
        key=key,
        title=title or f"Task {key}",
        url=f"https://example.org/{key}",
        difficulty=difficulty,
        tags=("dp",),
        contest_key=key.split("-", maxsplit=1)[0],
        index=key[-1],
    )


def solved(number: int, told: Problem) -> Attempt:
    return Attempt(
        remote_id=str(number),
        problem=told,
        verdict=Verdict.ACCEPTED,
        language="C++23",
        at=NOON - timedelta(days=9, minutes=-number),
        participation=Participation.PRACTICE,
        members=("nila_v",),
    )


def apply(*told: Problem) -> None:
    services.apply_problems(platform="codeforces", read=told)


@pytest.fixture
def rounds(db: None) -> None:
    """1 and 2 are held together, 3 on another day."""
    held = [
        Contest(
            key=key,
            name=f"Round {key}",
            url="",
            starts_at=NOON - timedelta(days=days),
            duration=timedelta(hours=2),
            phase=Phase.FINISHED,
        )
        for key, days in (("1", 20), ("2", 20), ("3", 10))
    ]
    services.apply_contests(platform="codeforces", read=held)


@pytest.fixture
def handle(alice: User, link: Callable[..., Claim]) -> Handle:
    handle = link(alice).handle
    services.apply_profiles(found={handle.pk: Profile(handle="nila_v")}, at=NOON)
    return handle


def count(handle: Handle) -> int | None:
    row = Handle.objects.select_related("current").get(pk=handle.pk)
    return row.current.solved if row.current else None


def test_the_whole_catalogue_is_stored(db: None) -> None:
    apply(problem("1-A"), problem("1-B"))
    assert list(Stored.objects.order_by("key").values_list("key", "contest_key")) == [
        ("1-A", "1"),
        ("1-B", "1"),
    ]


def test_a_difficulty_that_is_known_later_is_taken_over_and_not_forgotten(db: None) -> None:
    apply(problem("1-A", difficulty=None))
    apply(problem("1-A", difficulty=1700))
    apply(problem("1-A", difficulty=None))
    assert Stored.objects.get().difficulty == 1700


def test_a_catalogue_without_changes_writes_nothing(
    db: None, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    told = [problem(f"1-{number}") for number in range(300)]
    apply(*told)
    with django_assert_num_queries(7):  # two transactions with three reads
        apply(*told)


def test_a_division_has_the_time_of_its_contest(db: None) -> None:
    for key in ("START200D", "START199A"):
        Round.objects.create(platform="codechef", key=key, name=key)
    whole = Contest(
        key="START200",
        name="Starters 200",
        url="",
        starts_at=NOON,
        duration=timedelta(hours=2),
        phase=Phase.FINISHED,
    )
    for _ in range(2):
        services.apply_contests(platform="codechef", read=[whole])
    held = Round.objects.values_list("key", "starts_at", "duration", "phase").order_by("key")
    assert list(held) == [
        ("START199A", None, None, ""),
        ("START200", NOON, timedelta(hours=2), "finished"),
        ("START200D", NOON, timedelta(hours=2), "finished"),
    ]


def test_a_problem_of_two_rounds_held_together_counts_once(rounds: None, handle: Handle) -> None:
    one, double = problem("1-A", "Same"), problem("2-C", "Same")
    other = problem("3-A", "Same")
    attempts = [solved(3, other), solved(2, double), solved(1, one)]
    services.apply_attempts(read={handle.pk: attempts}, at=NOON)
    assert count(handle) == 3
    news = Event.objects.filter(tag="ratings:problems:solved")
    before = news.count()
    apply(one, other)  # the catalogue lists one of the two
    assert count(handle) == 2
    assert Stored.objects.get(key="2-C").twin == Stored.objects.get(key="1-A")
    assert Stored.objects.exclude(key="2-C").filter(twin=None).count() == 2
    assert news.count() == before
    assert Event.objects.latest("pk").tag == "ratings:numbers:changed"
    assert Solve.objects.count() == 3


def test_twins_count_once_in_what_is_read_later(rounds: None, handle: Handle) -> None:
    one, double = problem("1-A", "Same"), problem("2-C", "Same")
    apply(one, double)
    services.apply_attempts(read={handle.pk: [solved(2, double), solved(1, one)]}, at=NOON)
    assert count(handle) == 1


def test_problems_that_turn_out_to_be_two_are_counted_apart_again(
    rounds: None, handle: Handle
) -> None:
    one, double = problem("1-A", "Same"), problem("2-C", "Same")
    services.apply_attempts(read={handle.pk: [solved(2, double), solved(1, one)]}, at=NOON)
    apply(one, double)
    assert count(handle) == 1
    apply(one, problem("2-C", "Another"))
    assert count(handle) == 2


def test_where_the_platform_counts_its_number_stays(rounds: None, bob: User) -> None:
    handle = services.link_handle(member=bob, platform="leetcode", text="bob").handle
    read = Profile(handle="bob", solved=75, mark="75/90")
    services.apply_profiles(found={handle.pk: read}, at=NOON)
    services.apply_attempts(read={handle.pk: [solved(1, problem("two-sum"))]}, at=NOON)
    services.apply_problems(platform="leetcode", read=[problem("two-sum")])
    assert count(handle) == 75


def test_solvers_are_locked_before_the_problems_as_by_those_who_write_attempts(
    rounds: None, handle: Handle
) -> None:
    one, double = problem("1-A", "Same"), problem("2-C", "Same")
    services.apply_attempts(read={handle.pk: [solved(2, double), solved(1, one)]}, at=NOON)
    with CaptureQueriesContext(connection) as queries:
        apply(one, double)
    sent = [query["sql"] for query in queries]
    first = {name: _place(sent, name) for name in ('FROM "ratings_handle"', 'UPDATE "ratings_pro')}
    assert list(first.values()) == sorted(first.values())


def _place(sent: list[str], text: str) -> int:
    return next(number for number, sql in enumerate(sent) if text in sql)
