"""Eight problems of our own: every submission of their juries gets the verdict of its folder."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from codetrack.judge import languages
from codetrack.judge.client import Judge
from codetrack.judge.errors import UnknownLanguage
from codetrack.judge.jury import FOLDERS, Jury
from codetrack.judge.problems import Folder, load
from codetrack.judge.values import Judgement, Problem, Submission, Verdict

PLACE = Path(__file__).with_name("problems")
EXTENSIONS = {key: language.extensions for key, language in languages.load().items()}
PROBLEMS = {path.name: load(path, EXTENSIONS) for path in sorted(PLACE.iterdir())}
SUBMISSIONS = [
    pytest.param(folder, jury, id=f"{name}/{jury.name}")
    for name, folder in PROBLEMS.items()
    for jury in folder.jury
]
NOT_HERE = "cannot be built here"


def judged(judge: Judge, problem: Problem, submission: Submission) -> Judgement:
    """Skipped where a language is not here, the checker's included."""
    try:
        judgement = judge.judge(problem, submission)
    except UnknownLanguage as error:
        pytest.skip(str(error))
    if judgement.verdict is Verdict.IE and NOT_HERE in judgement.judge_message:
        pytest.skip(judgement.judge_message)
    return judgement


def patient(folder: Folder) -> Problem:
    """The problem for a machine that has much else to do: what a program works is limited alone."""
    return replace(folder.problem, limits=replace(folder.problem.limits, wall=60.0))


@pytest.mark.parametrize(("folder", "jury"), SUBMISSIONS)
def test_a_submission_gets_the_verdict_of_its_folder(
    judge: Judge, folder: Folder, jury: Jury
) -> None:
    slow = jury.expected.verdict is Verdict.TLE
    judgement = judged(judge, folder.problem if slow else patient(folder), jury.submission)
    assert jury.expected.differs(judgement) == "", judgement


def test_each_problem_has_a_right_and_a_wrong_submission() -> None:
    for name, folder in PROBLEMS.items():
        verdicts = {jury.expected.verdict for jury in folder.jury}
        assert Verdict.AC in verdicts and len(verdicts) > 1, name


def test_every_verdict_that_a_submission_can_earn_is_among_the_expected() -> None:
    seen = {jury.expected.verdict for folder in PROBLEMS.values() for jury in folder.jury}
    assert seen == set(FOLDERS.values())


def test_most_languages_are_among_the_submissions() -> None:
    used = {jury.submission.language for folder in PROBLEMS.values() for jury in folder.jury}
    assert used >= {"python3", "c17", "cpp20", "java", "node", "go", "rust"}


def test_the_right_submissions_get_all_points(judge: Judge) -> None:
    folder = PROBLEMS["stairs"]
    judgement = judged(judge, patient(folder), folder.jury[0].submission)
    assert judgement.points == judgement.of == 100


def test_samples_come_with_their_output_and_other_tests_without(judge: Judge) -> None:
    folder = PROBLEMS["stairs"]
    judgement = judged(judge, patient(folder), folder.jury[0].submission)
    shown = {test.name: test.output for test in judgement.tests if test.output}
    assert shown == {"sample-1": "3\n", "sample-2": "8\n"}
