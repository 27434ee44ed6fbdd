"""Points and verdicts of groups, by hand and against a model that runs every test."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from codetrack.judge.errors import BadProblem
from codetrack.judge.grading import ACCEPTED, Grading
from codetrack.judge.values import (
    Data,
    Group,
    Judgement,
    Problem,
    Scoring,
    Test,
    TestResult,
    Verdict,
)

AC, WA, PT = Verdict.AC, Verdict.WA, Verdict.PARTIAL
TLE, RE, IE, SK, OK = Verdict.TLE, Verdict.RE, Verdict.IE, Verdict.SKIPPED, Verdict.OK
type Outcomes = dict[str, list[tuple[Verdict, float]]]


def group(name: str, tests: int = 2, **more: object) -> Group:
    """Each test has three points, which count in a sum alone."""
    made = tuple(Test(name=f"{name}{i}", input=Data(b""), points=3.0) for i in range(tests))
    return Group(name=name, tests=made, **more)  # type: ignore[arg-type]


def graded(problem: Problem, outcomes: Outcomes) -> Judgement:
    """Runs what `Grading` asks for; a test that is run gets what `outcomes` says of it."""
    grading = Grading(problem)
    for of, test in grading.steps:
        verdict, score = outcomes[of.name][of.tests.index(test)]
        if grading.why_not(of):
            verdict, score = SK, 0.0
        told = TestResult(name=test.name, group=of.name, verdict=verdict, score=score)
        grading.add(of, told)
    return grading.judgement()


def verdicts(judgement: Judgement) -> list[str]:
    return [result.verdict.value for result in judgement.tests]


def test_everything_right_gives_all_points() -> None:
    groups = (group("a", points=30), group("b", points=70, scoring=Scoring.MIN))
    judgement = graded(Problem(groups=groups), {"a": [(AC, 1)] * 2, "b": [(AC, 1)] * 2})
    assert (judgement.verdict, judgement.points, judgement.of) == (AC, 100, 100)
    assert [told.verdict for told in judgement.groups] == [AC, AC]


def test_a_failing_test_costs_its_group_and_stops_it() -> None:
    groups = (group("a", points=30), group("b", 3, points=70))
    outcomes: Outcomes = {"a": [(AC, 1)] * 2, "b": [(AC, 1), (TLE, 0), (AC, 1)]}
    judgement = graded(Problem(groups=groups), outcomes)
    assert (judgement.verdict, judgement.points) == (PT, 30)
    assert [told.verdict for told in judgement.groups] == [AC, TLE]
    assert verdicts(judgement) == ["AC", "AC", "AC", "TLE", "SK"]


def test_a_group_may_run_all_its_tests() -> None:
    outcomes: Outcomes = {"a": [(WA, 0), (AC, 1), (RE, 0)]}
    judgement = graded(Problem(groups=(group("a", 3, run_all=True),)), outcomes)
    assert (judgement.verdict, verdicts(judgement)) == (WA, ["WA", "AC", "RE"])


def test_a_failed_group_ends_a_problem_without_points() -> None:
    outcomes: Outcomes = {"a": [(WA, 0), (AC, 1)], "b": [(AC, 1)] * 2}
    groups = (group("a"), group("b"))
    assert verdicts(graded(Problem(groups=groups), outcomes)) == ["WA", "SK", "SK", "SK"]
    assert verdicts(graded(Problem(groups=groups, run_all=True), outcomes))[2:] == ["AC", "AC"]


def test_what_depends_on_a_failed_group_is_skipped_through_the_whole_chain() -> None:
    groups = (
        group("c", depends=("b",), points=50),
        group("b", depends=("a",), points=40),
        group("a", points=10),
        group("d", points=1),
    )
    right: list[tuple[Verdict, float]] = [(AC, 1)] * 2
    outcomes: Outcomes = {"a": [(WA, 0), (AC, 1)], "b": right, "c": right, "d": right}
    judgement = graded(Problem(groups=groups), outcomes)
    assert " ".join(told.name for told in judgement.tests) == "a0 a1 b0 b1 c0 c1 d0 d1"
    assert [told.verdict for told in judgement.groups] == [SK, SK, WA, AC]
    assert (judgement.verdict, judgement.points, judgement.of) == (PT, 1, 101)


def test_a_sum_gives_each_test_its_own_and_parts_of_it() -> None:
    outcomes: Outcomes = {"a": [(WA, 0), (PT, 0.5), (AC, 1)]}
    judgement = graded(Problem(groups=(group("a", 3, scoring=Scoring.SUM),)), outcomes)
    assert (judgement.verdict, judgement.points, judgement.of) == (PT, 4.5, 9)


def test_the_least_score_counts_and_nothing_ends_the_group_early() -> None:
    least = group("a", 3, points=10, scoring=Scoring.MIN)
    judgement = graded(Problem(groups=(least,)), {"a": [(PT, 0.5), (PT, 0.1), (AC, 1)]})
    assert (judgement.points, verdicts(judgement)) == (1, ["PT", "PT", "AC"])
    ended = graded(Problem(groups=(least,)), {"a": [(PT, 0.5), (WA, 0), (AC, 1)]})
    assert (ended.points, verdicts(ended)) == (0, ["PT", "WA", "SK"])


def test_partly_right_is_wrong_where_it_gives_nothing() -> None:
    judgement = graded(Problem(groups=(group("a", 1, points=5),)), {"a": [(PT, 0.9)]})
    assert (judgement.verdict, judgement.points) == (WA, 0)


def test_thirds_add_up() -> None:
    tests = tuple(Test(name=str(i), input=Data(b""), points=10 / 3) for i in range(3))
    whole = Group(name="a", tests=tests, scoring=Scoring.SUM)
    assert graded(Problem(groups=(whole,)), {"a": [(AC, 1)] * 3}).points == 10


def test_a_fault_of_the_judge_outweighs_everything() -> None:
    groups = (group("a", points=30), group("b", points=70), group("c", points=1))
    outcomes: Outcomes = {"a": [(WA, 0), (AC, 1)], "b": [(AC, 1), (IE, 0)], "c": [(AC, 1)] * 2}
    judgement = graded(Problem(groups=groups), outcomes)
    assert (judgement.verdict, judgement.points) == (IE, 0)
    assert verdicts(judgement) == ["WA", "SK", "AC", "IE", "SK", "SK"]


def test_what_nobody_compared_is_ok() -> None:
    assert graded(Problem(groups=(group("a"),)), {"a": [(OK, 0)] * 2}).verdict is OK
    assert graded(Problem(groups=(group("a"),)), {"a": [(OK, 0), (AC, 1)]}).verdict is AC


def test_idle_and_message_are_of_the_first_failing_test() -> None:
    grading = Grading(Problem(groups=(group("a", 3, run_all=True),)))
    told = [
        TestResult(name="0", group="a", verdict=AC, cpu=0.2, memory=9, message="fine"),
        TestResult(name="1", group="a", verdict=TLE, idle=True, cpu=0.1, message="It waited."),
        TestResult(name="2", group="a", verdict=WA, cpu=0.9, memory=5, judge_message="no"),
    ]
    for result in told:
        grading.add(grading.groups[0], result)
    judgement = grading.judgement("a warning")
    assert judgement.idle and judgement.message == "It waited."
    assert (judgement.cpu, judgement.memory, judgement.compiler) == (0.9, 9, "a warning")


def test_without_a_test_run_every_group_is_skipped() -> None:
    told = Grading(Problem(groups=(group("a", points=7),))).unjudged(Verdict.CE, "no", compiler="x")
    assert (told.verdict, told.of, told.points, told.compiler) == (Verdict.CE, 7, 0, "x")
    assert [result.verdict for result in told.groups] == [SK]


@pytest.mark.parametrize(
    ("groups", "said"),
    [
        ((group("a"), group("a")), "same name"),
        ((group("a", 0),), "group a has no tests"),
        ((group("a", depends=("z",)), group("b")), "depends on z, .* there are: a, b"),
        ((group("a", depends=("a",)),), "circle: a → a"),
        (
            (group("x", depends=("a",)), group("a", depends=("b",)), group("b", depends=("a",))),
            "circle: a → b → a",
        ),
    ],
)
def test_groups_that_make_no_sense_are_refused(groups: tuple[Group, ...], said: str) -> None:
    with pytest.raises(BadProblem, match=said):
        Grading(Problem(groups=groups))


OUTCOMES = st.sampled_from([(AC, 1.0), (AC, 1.0), (OK, 1.0), (WA, 0.0), (PT, 0.5), (PT, 0.0)])


@st.composite
def problems(draw: st.DrawFn) -> tuple[Problem, Outcomes]:
    """Up to five groups, which depend on any before them, in any order."""
    names = "abcde"[: draw(st.integers(1, 5))]
    made = []
    for place, name in enumerate(names):
        before = st.lists(st.sampled_from(names[:place]), unique=True) if place else st.just([])
        more = {
            "points": draw(st.sampled_from([0.0, 10.0])),
            "scoring": draw(st.sampled_from(Scoring)),
            "depends": tuple(draw(before)),
            "run_all": draw(st.booleans()),
        }
        made.append(group(name, draw(st.integers(1, 4)), **more))
    outcomes = {
        part.name: draw(st.lists(OUTCOMES, min_size=len(part.tests), max_size=len(part.tests)))
        for part in made
    }
    shuffled = tuple(draw(st.permutations(made)))
    return Problem(groups=shuffled, run_all=draw(st.booleans())), outcomes


class Model:
    """Points by their definition, as if every test were run."""

    def __init__(self, problem: Problem, outcomes: Outcomes) -> None:
        self.groups = {part.name: part for part in problem.groups}
        self.outcomes = outcomes

    def right(self, name: str) -> bool:
        return all(verdict in ACCEPTED for verdict, _ in self.outcomes[name])

    def open(self, name: str) -> bool:
        """Everything that must be accepted before is."""
        return all(self.right(other) and self.open(other) for other in self.groups[name].depends)

    def points(self, name: str) -> float:
        part, scores = self.groups[name], [score for _, score in self.outcomes[name]]
        if not self.open(name):
            return 0.0
        if part.scoring is Scoring.SUM:
            return 3 * sum(scores)
        if part.scoring is Scoring.MIN:
            return part.points * min(scores)
        return part.points * self.right(name)


@given(problems())
def test_stopping_early_never_changes_points_or_acceptance(made: tuple[Problem, Outcomes]) -> None:
    problem, outcomes = made
    model, judgement = Model(*made), graded(problem, outcomes)
    if judgement.of:  # else the first failed group ends it, and there is nothing to give
        assert {told.name: told.points for told in judgement.groups} == {
            name: model.points(name) for name in model.groups
        }
    assert judgement.points == sum(told.points for told in judgement.groups)
    accepted = all(model.right(name) for name in model.groups)
    assert (judgement.verdict in ACCEPTED) is accepted
    assert (judgement.verdict is PT) is (not accepted and judgement.points > 0)


@given(problems())
def test_a_test_is_skipped_only_for_a_reason(made: tuple[Problem, Outcomes]) -> None:
    problem, outcomes = made
    model, judgement = Model(*made), graded(problem, outcomes)
    for part in problem.groups:
        told = [result for result in judgement.tests if result.group == part.name]
        blocked = not model.open(part.name)
        if blocked:
            assert {result.verdict for result in told} == {SK}
        elif part.run_all and (problem.run_all or judgement.of):
            assert SK not in {result.verdict for result in told}
        assert len(told) == len(part.tests)


@given(problems(), st.randoms())
def test_the_order_of_groups_decides_no_points(
    made: tuple[Problem, Outcomes], chance: Random
) -> None:
    problem, outcomes = made
    again = list(problem.groups)
    chance.shuffle(again)
    one = graded(Problem(groups=problem.groups, run_all=True), outcomes)
    two = graded(Problem(groups=tuple(again), run_all=True), outcomes)
    assert one.points == two.points
    assert sorted(one.tests, key=lambda told: told.name) == sorted(
        two.tests, key=lambda told: told.name
    )
