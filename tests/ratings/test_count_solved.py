"""What members have solved, by difficulty, platform and topic."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from codetrack.accounts.models import User
from codetrack.ratings.models import Claim, Handle, Problem, Snapshot, Solve
from codetrack.ratings.queries.readings import readings
from codetrack.ratings.queries.solved import Solved, Topic, solved
from codetrack.ratings.queries.topics import SAME, topic

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def account(
    member: User, platform: str = "codeforces", told: int | None = None, **more: Any
) -> Handle:
    """A handle of a member that was read; `told` is the number of solved problems."""
    handle = Handle.objects.create(
        platform=platform, canonical=f"{member.pk}_{platform}", shown="nila_v", state_at=NOON,
        fresh_at=NOON, attempts_read_at=NOON, topics=more.pop("topics", {}),
    )  # fmt: skip
    handle.current = Snapshot.objects.create(
        handle=handle, day=NOON.date(), fetched_at=NOON, solved=told, **more
    )
    handle.save()
    Claim.objects.create(handle=handle, platform=platform, member=member, created_at=NOON)
    return handle


def solve(handle: Handle, key: str, *tags: str, days_ago: int = 0, **problem: Any) -> Problem:
    row = Problem.objects.create(
        platform=handle.platform, key=key, title=key, tags=list(tags), **problem
    )
    Solve.objects.create(handle=handle, problem=row, at=NOON - timedelta(days=days_ago))
    return row


def of(member: User) -> Solved:
    return solved(readings(member))


def test_nothing_is_nothing(alice: User) -> None:
    assert of(alice).total == 0
    account(alice)
    found = of(alice)
    assert found.total == 0
    assert found.by_topic == []
    assert [one.solved for one in found.by_platform] == [0]


def test_codeforces_has_levels_by_its_own_scale(alice: User) -> None:
    handle = account(alice, told=5)
    for key, difficulty in (("A", 800), ("B", 1399), ("C", 1400), ("D", 2400), ("E", None)):
        solve(handle, key, difficulty=difficulty)
    assert of(alice).by_level == {"Easy": 2, "Medium": 1, "Hard": 1, "": 1}


def test_a_problem_listed_twice_counts_once(alice: User) -> None:
    handle = account(alice, told=1)
    original = solve(handle, "8001-C", "dp", difficulty=1500)
    solve(handle, "8002-A", "dp", twin=original, days_ago=3)
    found = of(alice)
    assert found.by_level == {"Medium": 1, "": 0}
    assert [(row.name, row.solved) for row in found.by_topic] == [("Dynamic programming", 1)]


def test_leetcode_counts_itself_and_lists_its_last(alice: User) -> None:
    handle = account(
        alice, "leetcode", 175, solved_by={"Easy": 100, "Medium": 60, "Hard": 15},
        topics={"Dynamic Programming": 40, "Array": 90},
    )  # fmt: skip
    solve(handle, "two-sum", "Array", level="Easy", days_ago=2)
    found = of(alice)
    assert found.total == 175
    assert found.by_level == {"Easy": 100, "Medium": 60, "Hard": 15, "": 0}
    assert found.by_topic == [
        Topic("Array", 90, last=NOON - timedelta(days=2)),
        Topic("Dynamic programming", 40),
    ]
    assert found.by_platform[0].listed == 1
    assert found.by_platform[0].is_partly_listed


def test_a_list_that_was_never_asked_for_is_no_gap(alice: User) -> None:
    account(alice, "leetcode", 175)
    Handle.objects.update(attempts_read_at=None)
    assert not of(alice).by_platform[0].is_partly_listed


def test_codechef_says_no_level(alice: User) -> None:
    account(alice, "codechef", 75)
    assert of(alice).by_level == {"": 75}


def test_platforms_are_added_up_the_fullest_first(alice: User) -> None:
    codeforces = account(alice, told=2)
    account(alice, "leetcode", 60, solved_by={"Easy": 50, "Hard": 10}, topics={"Greedy": 9})
    account(alice, "codechef", 75)
    solve(codeforces, "A", "greedy", "math", difficulty=800)
    solve(codeforces, "B", "greedy", "*special", difficulty=1900, days_ago=5)
    found = of(alice)
    assert found.total == 137
    assert [one.reading.platform_name for one in found.by_platform] == [
        "CodeChef",
        "LeetCode",
        "Codeforces",
    ]
    assert found.by_level == {"Easy": 51, "Medium": 1, "Hard": 10, "": 75}
    greedy, math = found.by_topic
    assert (greedy.name, greedy.solved, greedy.hardest, greedy.last) == ("Greedy", 11, 1900, NOON)
    assert greedy.tier is not None
    assert greedy.tier.name == "Candidate Master"
    assert (math.name, math.solved, math.hardest) == ("Math", 1, 800)


def test_a_platform_that_is_not_installed_keeps_its_numbers(alice: User) -> None:
    solve(account(alice, "elsewhere", 3), "x", difficulty=1500)
    found = of(alice)
    assert found.by_level == {"": 3}
    assert found.by_platform[0].reading.platform_name == "elsewhere"


@pytest.mark.parametrize(
    ("word", "name"),
    [
        ("dp", "Dynamic programming"),
        ("Dynamic Programming", "Dynamic programming"),
        ("two pointers", "Two pointers"),
        ("Two  Pointers ", "Two pointers"),
        ("fft", "FFT"),
        ("*special", ""),
        ("", ""),
        ("динамика", "Динамика"),
    ],
)
def test_topics_have_one_name(word: str, name: str) -> None:
    assert topic(word) == name


def test_names_of_topics_stand_for_themselves() -> None:
    assert [topic(name) for name in SAME.values()] == list(SAME.values())
