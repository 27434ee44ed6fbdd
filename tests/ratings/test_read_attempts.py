"""Solved problems: the first accepted attempt at each, whatever comes again or later."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from codetrack.accounts.models import User
from codetrack.core.models import Event
from codetrack.platforms.base import UNNUMBERED, Attempt, Participation, Problem, Profile, Verdict
from codetrack.ratings import services
from codetrack.ratings.models import Attempt as Tried
from codetrack.ratings.models import Claim, Handle, Solve
from codetrack.ratings.models import Problem as Stored
from tests.ratings.conftest import NOON

pytestmark = pytest.mark.usefixtures("clock")
type Link = Callable[..., Claim]


@pytest.fixture
def handle(alice: User, link: Link) -> Handle:
    handle = link(alice).handle
    services.apply_profiles(found={handle.pk: Profile(handle="nila_v", rating=1450)}, at=NOON)
    return handle


def attempt(number: int, problem: str, verdict: Verdict = Verdict.ACCEPTED) -> Attempt:
    """Attempts rise by number; number 100 is at noon, one a minute."""
    task = Problem(
        key=problem,
        title=f"Task {problem}",
        url=f"https://example.org/{problem}",
        difficulty=1500,
        tags=("dp", "greedy"),
        index=problem[-1],
    )
    return Attempt(
        remote_id=str(number),
        problem=task,
        verdict=verdict,
        language="C++23",
        at=NOON + timedelta(minutes=number - 100),
        participation=Participation.PRACTICE,
        members=("nila_v",),
    )


def apply(handle: Handle, *newest_first: Attempt, minutes: int = 1) -> Handle:
    at = NOON + timedelta(minutes=minutes)
    services.apply_attempts(read={handle.pk: list(newest_first)}, at=at)
    return Handle.objects.select_related("current").get(pk=handle.pk)


def test_the_first_accepted_attempt_is_the_solve(handle: Handle) -> None:
    wrong = attempt(10, "1-A", Verdict.WRONG_ANSWER)
    row = apply(handle, attempt(30, "1-A"), attempt(20, "1-A"), wrong)
    solve = Solve.objects.get()
    assert solve.remote_id == "20"
    assert row.current is not None
    assert row.current.solved == 1
    assert row.attempt_cursor == "30"


def test_what_is_read_twice_counts_once(handle: Handle) -> None:
    apply(handle, attempt(20, "1-A"), attempt(10, "1-B"))
    row = apply(handle, attempt(30, "1-A"), attempt(20, "1-A"), minutes=2)
    assert Solve.objects.get(problem__key="1-A").remote_id == "20"
    assert row.current is not None
    assert row.current.solved == 2


def test_nothing_solved_is_zero_and_not_unknown(handle: Handle) -> None:
    before = Handle.objects.select_related("current").get()
    assert before.current is not None
    assert before.current.solved is None
    row = apply(handle)
    assert row.current is not None
    assert row.current.solved == 0
    assert not row.lacks_attempts


def test_the_cursor_waits_for_what_is_being_judged(handle: Handle) -> None:
    row = apply(
        handle,
        attempt(99, "1-C"),
        attempt(98, "1-B", Verdict.PENDING),
        attempt(97, "1-A"),
    )
    assert row.attempt_cursor == "97"


def test_what_is_judged_for_ever_is_not_waited_for(handle: Handle) -> None:
    old = attempt(100 - 2 * 24 * 60, "1-B", Verdict.PENDING)
    assert apply(handle, attempt(99, "1-C"), old).attempt_cursor == "99"


def test_what_the_platform_says_of_a_problem_now_replaces_what_it_said(handle: Handle) -> None:
    Stored.objects.create(platform="codeforces", key="1-A", title="?", tags=[])
    apply(handle, attempt(20, "1-A"))
    problem = Stored.objects.get()
    assert (problem.title, problem.difficulty) == ("Task 1-A", 1500)
    assert problem.tags == ["dp", "greedy"]


def test_an_attempt_that_tells_only_the_key_leaves_the_title(handle: Handle) -> None:
    def bare(number: int) -> Attempt:
        told = attempt(number, "LONGWALK")
        return replace(told, problem=replace(told.problem, title="LONGWALK", difficulty=None))

    apply(handle, bare(10))
    assert Stored.objects.get().title == "LONGWALK"
    services.apply_problems(platform="codeforces", read=[attempt(1, "LONGWALK").problem])
    apply(handle, bare(20), minutes=2)
    problem = Stored.objects.get()
    assert (problem.title, problem.difficulty) == ("Task LONGWALK", 1500)


def test_new_solves_of_a_known_account_are_one_event(handle: Handle) -> None:
    apply(handle, attempt(10, "1-A"))
    apply(handle, attempt(30, "1-C"), attempt(20, "1-B"), minutes=2)
    [event] = Event.objects.filter(tag="ratings:problems:solved")
    assert event.data["count"] == 2


def test_nothing_new_is_no_event(handle: Handle) -> None:
    apply(handle, attempt(10, "1-A"))
    apply(handle, attempt(20, "1-A"), attempt(15, "1-B", Verdict.WRONG_ANSWER), minutes=2)
    assert not Event.objects.filter(tag="ratings:problems:solved").exists()


def test_an_older_reading_does_not_turn_the_cursor_back(handle: Handle) -> None:
    apply(handle, attempt(30, "1-B"), attempt(20, "1-A"), minutes=2)
    row = apply(handle, attempt(20, "1-A"), minutes=1)
    assert row.attempt_cursor == "30"


def stored() -> dict[str, str]:
    return dict(Tried.objects.order_by("pk").values_list("remote_id", "verdict"))


def test_every_attempt_is_kept_with_its_verdict(handle: Handle) -> None:
    apply(handle, attempt(20, "1-A"), attempt(10, "1-A", Verdict.WRONG_ANSWER))
    assert stored() == {"20": "AC", "10": "WA"}
    assert Stored.objects.count() == 1


def test_a_pending_verdict_is_told_later(handle: Handle) -> None:
    apply(handle, attempt(98, "1-A", Verdict.PENDING))
    row = apply(handle, attempt(98, "1-A"), minutes=2)
    assert stored() == {"98": "AC"}
    assert row.current is not None
    assert row.current.solved == 1


@pytest.mark.parametrize(("hours_old", "again"), [(1, True), (25, False)])
def test_a_verdict_to_come_is_asked_for_though_nobody_was_there_since(
    handle: Handle, hours_old: int, again: bool
) -> None:
    apply(handle, attempt(100 - 60 * hours_old, "1-A", Verdict.PENDING))
    assert not Handle.objects.attempts_wanted().exists()  # not until the next reading
    later = NOON + timedelta(hours=3)
    services.apply_profiles(found={handle.pk: Profile(handle="nila_v", rating=1450)}, at=later)
    assert Handle.objects.attempts_wanted().exists() == again
    apply(handle, attempt(100 - 60 * hours_old, "1-A"), minutes=181)
    assert not Handle.objects.attempts_wanted().exists()


def test_an_attempt_that_gets_its_number_later_stands_once(handle: Handle) -> None:
    hidden = replace(attempt(100, "1-A"), remote_id=f"{UNNUMBERED}a1b2")
    row = apply(handle, attempt(101, "1-B"), hidden)
    assert row.attempt_cursor == ""
    apply(handle, attempt(101, "1-B"), attempt(100, "1-A"), minutes=2)
    assert set(stored()) == {"100", "101"}
    assert Solve.objects.count() == 2


def test_an_attempt_judged_after_a_later_one_is_the_first(handle: Handle) -> None:
    apply(handle, attempt(99, "1-A"), attempt(98, "1-A", Verdict.PENDING))
    assert Solve.objects.get().remote_id == "99"
    apply(handle, attempt(99, "1-A"), attempt(98, "1-A"), minutes=2)
    assert Solve.objects.get().remote_id == "98"


def test_what_a_contest_accepts_for_now_is_read_again(handle: Handle) -> None:
    during = replace(attempt(98, "1-A"), participation=Participation.CONTEST)
    row = apply(handle, attempt(99, "1-B"), during, attempt(97, "1-C"))
    assert row.attempt_cursor == "97"
    refused = replace(during, verdict=Verdict.WRONG_ANSWER)
    row = apply(handle, attempt(99, "1-B"), refused, minutes=2)
    assert set(Solve.objects.values_list("problem__key", flat=True)) == {"1-B", "1-C"}
    assert row.current is not None
    assert row.current.solved == 2
    assert not Event.objects.filter(tag="ratings:problems:solved").exists()


def test_what_was_refused_afterwards_may_have_been_solved_again(handle: Handle) -> None:
    during = replace(attempt(97, "1-A"), participation=Participation.CONTEST)
    apply(handle, attempt(98, "1-A"), during)
    apply(handle, attempt(98, "1-A"), replace(during, verdict=Verdict.WRONG_ANSWER), minutes=2)
    assert Solve.objects.get().remote_id == "98"


def test_hidden_attempts_count_as_read_and_what_is_known_stays(handle: Handle) -> None:
    apply(handle, attempt(10, "1-A"))
    at = NOON + timedelta(hours=1)
    services.apply_attempts(read={handle.pk: None}, at=at)
    row = Handle.objects.select_related("current").get()
    assert (row.attempts_read_at, row.attempt_cursor, row.state) == (at, "10", Handle.State.OK)
    assert row.current is not None
    assert row.current.solved == 1
    assert stored() == {"10": "AC"}


def test_hidden_attempts_of_a_new_account_are_unknown_and_not_zero(handle: Handle) -> None:
    services.apply_attempts(read={handle.pk: None}, at=NOON)
    row = Handle.objects.select_related("current").get()
    assert row.current is not None
    assert row.current.solved is None
    assert not row.lacks_attempts


def test_a_list_that_says_less_of_a_problem_takes_nothing_away(handle: Handle) -> None:
    apply(handle, attempt(10, "1-A"))
    short = Problem(key="1-A", title="Task 1-A", url="", index="")
    apply(handle, replace(attempt(20, "1-A"), problem=short), minutes=2)
    problem = Stored.objects.get()
    assert (problem.difficulty, problem.tags) == (1500, ["dp", "greedy"])
    assert problem.url == "https://example.org/1-A"


def test_where_the_platform_counts_a_partial_list_changes_no_number(bob: User) -> None:
    handle = services.link_handle(member=bob, platform="leetcode", text="bob").handle
    read = Profile(handle="bob", solved=75, solved_by={"Easy": 75}, mark="75/90")
    services.apply_profiles(found={handle.pk: read}, at=NOON)
    row = apply(handle, attempt(10, "two-sum"))
    assert row.current is not None
    assert row.current.solved == 75
    apply(handle, attempt(20, "add-two"), minutes=2)
    assert not Event.objects.filter(tag="ratings:problems:solved").exists()
