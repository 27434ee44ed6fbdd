"""From tests to groups to points to one verdict. Pure: no program is run here."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence

from codetrack.judge.errors import BadProblem
from codetrack.judge.values import (
    Group,
    GroupResult,
    Judgement,
    Problem,
    Scoring,
    Test,
    TestResult,
    Verdict,
)

ACCEPTED = frozenset({Verdict.AC, Verdict.OK})
DIGITS = 6  # of points: thirds of ten add up to ten


class Grading:
    """Takes the result of each step in order, and says which steps need no run any more.

    Raises BadProblem when the groups cannot be put in an order.
    """

    def __init__(self, problem: Problem) -> None:
        self.groups = problem.groups
        self.of = total(greatest(group) for group in problem.groups)
        self.steps: tuple[tuple[Group, Test], ...] = tuple(
            (group, test) for group in in_order(problem.groups) for test in group.tests
        )
        self._ends = not self.of and not problem.run_all
        self._results: dict[str, list[TestResult]] = {group.name: [] for group in self.groups}
        self._told: list[TestResult] = []
        self._failed: set[str] = set()  # names of groups
        self._decided: set[str] = set()
        self._broken = False

    def add(self, group: Group, result: TestResult) -> None:
        self._told.append(result)
        self._results[group.name].append(result)
        self._broken = self._broken or result.verdict is Verdict.IE
        if result.verdict not in ACCEPTED:
            self._failed.add(group.name)
        if decides(group, result):
            self._decided.add(group.name)

    def why_not(self, group: Group) -> str:
        """Why no other test of the group is run; empty while they are.

        Asked before a result is there, it is the answer if that test is accepted.
        """
        if self._broken:
            return "The judge failed at an earlier test."
        if missing := [name for name in group.depends if name in self._failed]:
            return f"The group {missing[0]} has to be accepted first."
        if group.name in self._decided and not group.run_all:
            return "An earlier test decided the group."
        if self._ends and self._failed - {group.name}:
            return "An earlier group failed."
        return ""

    def following(self, place: int) -> Test | None:
        """The test that is run after this step, if its test is accepted."""
        rest = self.steps[place + 1 :]
        return next((test for group, test in rest if not self.why_not(group)), None)

    def judgement(self, compiler: str = "") -> Judgement:
        """The whole answer, once every step has its result."""
        groups = tuple(graded(group, self._results[group.name]) for group in self.groups)
        points = total(group.points for group in groups)
        failing = first_failing(self._told)
        verdict = summary(self._told, points)
        return Judgement(
            verdict=verdict,
            points=0.0 if verdict is Verdict.IE else points,
            of=self.of,
            idle=verdict is Verdict.TLE and failing is not None and failing.idle,
            cpu=max((result.cpu for result in self._told), default=0.0),
            memory=max((result.memory for result in self._told), default=0),
            message=failing.message if failing else "",
            judge_message=failing.judge_message if failing else "",
            compiler=compiler,
            groups=groups,
            tests=tuple(self._told),
        )

    def unjudged(
        self, verdict: Verdict, message: str, *, compiler: str = "", judge_message: str = ""
    ) -> Judgement:
        """The answer when no test can be run: CE or IE."""
        groups = tuple(
            GroupResult(name=group.name, verdict=Verdict.SKIPPED, points=0.0, of=greatest(group))
            for group in self.groups
        )
        return Judgement(
            verdict=verdict,
            of=self.of,
            message=message,
            judge_message=judge_message,
            compiler=compiler,
            groups=groups,
        )


def in_order(groups: Sequence[Group]) -> list[Group]:
    """As they are listed, but a group after those it depends on. Raises BadProblem."""
    named = {group.name: group for group in groups}
    if len(named) < len(groups):
        raise BadProblem("Two groups have the same name: give each its own.")
    placed: dict[str, Group] = {}

    def place(group: Group, asked_by: tuple[str, ...]) -> None:
        if group.name in placed:
            return
        if group.name in asked_by:
            circle = " → ".join((*asked_by[asked_by.index(group.name) :], group.name))
            raise BadProblem(f"Groups depend on each other in a circle: {circle}. Take one away.")
        for name in group.depends:
            if name not in named:
                raise BadProblem(
                    f"The group {group.name} depends on {name}, which is not there; "
                    f"there are: {', '.join(named)}."
                )
            place(named[name], (*asked_by, group.name))
        placed[group.name] = group

    for group in groups:
        if not group.tests:
            raise BadProblem(f"The group {group.name} has no tests: add one, or take it away.")
        place(group, ())
    return list(placed.values())


def decides(group: Group, result: TestResult) -> bool:
    """Whether no other test can change the points of the group after this one."""
    if group.scoring is Scoring.ALL:
        return result.verdict not in ACCEPTED
    return group.scoring is Scoring.MIN and not worth(result)


def worth(result: TestResult) -> float:
    """The part of a test's points that it gives, from 0 to 1."""
    if result.verdict in ACCEPTED:
        return 1.0
    return min(max(result.score, 0.0), 1.0) if result.verdict is Verdict.PARTIAL else 0.0


def greatest(group: Group) -> float:
    """The points that a group can give."""
    if group.scoring is Scoring.SUM:
        return total(test.points for test in group.tests)
    return group.points


def graded(group: Group, results: Sequence[TestResult]) -> GroupResult:
    """The results are in the order of the group's tests."""
    points = scored(group, results)
    return GroupResult(
        name=group.name, verdict=summary(results, points), points=points, of=greatest(group)
    )


def scored(group: Group, results: Sequence[TestResult]) -> float:
    if group.scoring is Scoring.SUM:
        pairs = zip(group.tests, results, strict=True)
        return total(test.points * worth(result) for test, result in pairs)
    least = min(worth(result) for result in results)
    if group.scoring is Scoring.ALL:
        return group.points if all(result.verdict in ACCEPTED for result in results) else 0.0
    return total([group.points * least])


def total(points: Iterable[float]) -> float:
    return round(math.fsum(points), DIGITS)


def first_failing(results: Iterable[TestResult]) -> TestResult | None:
    """The test that gives the verdict: one where the judge failed, else the first not accepted."""
    failing = [result for result in results if result.verdict not in ACCEPTED | {Verdict.SKIPPED}]
    broken = [result for result in failing if result.verdict is Verdict.IE]
    return next(iter(broken + failing), None)


def summary(results: Sequence[TestResult], points: float) -> Verdict:
    """One verdict for many tests, which gave so many points together."""
    verdicts = {result.verdict for result in results}
    failing = first_failing(results)
    if failing is None:
        if Verdict.SKIPPED in verdicts:
            return Verdict.SKIPPED
        return Verdict.AC if Verdict.AC in verdicts else Verdict.OK
    if failing.verdict is Verdict.IE:
        return Verdict.IE
    if points:
        return Verdict.PARTIAL
    return Verdict.WA if failing.verdict is Verdict.PARTIAL else failing.verdict
