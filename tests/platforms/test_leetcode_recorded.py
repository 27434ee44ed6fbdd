"""The LeetCode adapter over recorded answers of the platform, which lie beside the repository."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from codetrack.platforms.base import (
    Attempt,
    Blocked,
    ChangedLayout,
    NotFound,
    Profile,
    Response,
    Verdict,
)
from codetrack.platforms.leetcode import LeetCode
from codetrack.platforms.leetcode_answers import Round
from tests.recorded import RECORDED

from .contract import FakeClient, answer

FOLDER = RECORDED / "leetcode"
FILES = sorted(FOLDER.glob("*.json"))

pytestmark = pytest.mark.skipif(not FILES, reason=f"no recorded answers in {FOLDER}")


def whole(name: str) -> dict[str, Any]:
    body: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_bytes())
    return body


def playing(*names: str, **more: Any) -> LeetCode:
    """An adapter that is answered with the roots of these files, and `more` of them.

    What two files tell of one root is put together: our queries ask for other fields in one.
    """
    roots: dict[str, Any] = {}
    for name in names:
        for root, value in whole(name)["data"].items():
            joined = isinstance(value, dict) and isinstance(roots.get(root), dict)
            roots[root] = roots[root] | value if joined else value
    return LeetCode(FakeClient(lambda *_: answer({"data": roots | more})))


def attempts(name: str) -> list[Attempt]:
    lists = {"recentSubmissionList": None, "recentAcSubmissionList": None}
    return playing("singleUser", **(lists | whole(name)["data"])).attempts("any")


def profile() -> Profile:
    found = playing("singleUser", "singleUserContests").profiles(["any"])["any"]
    assert isinstance(found, Profile)
    return found


#: How the adapter reads each answer.
READ: dict[str, Callable[[], object]] = {
    "allContests": lambda: playing("allContests").contests(),
    "problems": lambda: playing("problems").problems(),
    "recentAcSubmissionList": lambda: attempts("recentAcSubmissionList"),
    "recentSubmissions": lambda: attempts("recentSubmissions"),
    "singleUser": profile,
    "skillStats": lambda: playing("userCalendar", "skillStats").activity("any").topics,
    "userCalendar": lambda: playing("userCalendar", "skillStats").activity("any").days,
}
#: Read by tests of their own below.
APART = {"unknown_user_error", "singleUserContests", "questions_mini", "zerotrac_problem_ratings"}
#: Answers to queries that the adapter does not send, and a list of another project.
UNUSED = {"languageStats", "userQuestionProgress", "problem_sets"}


def test_every_recorded_file_is_of_a_known_kind() -> None:
    assert {path.stem for path in FILES} == READ.keys() | APART | UNUSED


@pytest.mark.parametrize("name", READ)
def test_every_recorded_answer_is_read(name: str) -> None:
    assert READ[name]()


def test_profile_is_the_recorded_one() -> None:
    recorded = whole("singleUser")["data"]["matchedUser"]
    solved = {row["difficulty"]: row["count"] for row in recorded["submitStats"]["acSubmissionNum"]}
    found = profile()
    assert found.handle == recorded["username"]
    assert found.texts["real_name"] == recorded["profile"]["realName"]
    assert {"All": found.solved, **found.solved_by} == solved
    assert found.rating is None, "somebody never rated"


def test_unattended_contests_are_no_history() -> None:
    rows = whole("singleUserContests")["data"]["userContestRankingHistory"]
    assert rows and not any(row["attended"] for row in rows)
    assert playing("singleUser", "singleUserContests").history("any") == []


def test_an_attended_contest_in_the_recorded_shape_is() -> None:
    rows = whole("singleUserContests")["data"]["userContestRankingHistory"]
    attended = [rows[0] | {"attended": True, "rating": 1561.7, "ranking": 900}]
    leetcode = playing("singleUser", userContestRankingHistory=attended)
    change = leetcode.history("any")[0]
    slug = rows[0]["contest"]["title"].lower().replace(" ", "-")
    assert (change.old, change.new, change.contest_key) == (1500, 1562, slug)


def test_unknown_user_is_not_found_while_its_other_roots_are_filled() -> None:
    body = whole("unknown_user_error")
    assert body["data"]["allQuestionsCount"], "another root is filled"
    leetcode = LeetCode(FakeClient(lambda *_: answer(body)))
    assert isinstance(leetcode.profiles(["any"])["any"], NotFound)
    for ask in (leetcode.history, leetcode.attempts, leetcode.activity):
        with pytest.raises(NotFound):
            ask("any")


def test_twenty_submissions_are_read_with_their_verdicts() -> None:
    found = attempts("recentSubmissions")
    assert len(found) == 20
    assert {Verdict.ACCEPTED, Verdict.WRONG_ANSWER, Verdict.RUNTIME_ERROR} == {
        attempt.verdict for attempt in found
    }
    assert found == sorted(found, key=lambda attempt: attempt.at, reverse=True)


def test_the_two_lists_of_submissions_are_joined_without_doubles() -> None:
    recent = whole("recentSubmissions")["data"]["recentSubmissionList"]
    accepted = whole("recentAcSubmissionList")["data"]["recentAcSubmissionList"]
    leetcode = playing("singleUser", "recentSubmissions", "recentAcSubmissionList")
    both = {(row["timestamp"], row["titleSlug"]) for row in (*recent, *accepted)}
    assert len(both) < len(recent) + len(accepted)
    assert len(leetcode.attempts("any")) == len(both)


def test_calendar_is_read_by_utc_day() -> None:
    calendar = whole("userCalendar")["data"]["matchedUser"]["userCalendar"]
    told = json.loads(calendar["submissionCalendar"])
    days = playing("userCalendar", "skillStats").activity("any").days
    assert {f"{datetime(d.year, d.month, d.day, tzinfo=UTC).timestamp():.0f}": n
            for d, n in days.items()} == told  # fmt: skip


def test_the_whole_catalogue_is_read() -> None:
    rows = json.loads((FOLDER / "questions_mini.json").read_bytes())
    for row in rows:  # the table has the slug in the address alone
        row["titleSlug"] = row["url"].rstrip("/").rsplit("/", 1)[1]

    def world(path: str, params: Mapping[str, Any]) -> Response:
        skip, limit = params["variables"]["skip"], params["variables"]["limit"]
        page = {"total": len(rows), "questions": rows[skip : skip + limit]}
        return answer({"data": {"problemsetQuestionList": page}})

    problems = LeetCode(FakeClient(world)).problems()
    assert [problem.url for problem in problems] == [row["url"] for row in rows]
    assert {problem.level for problem in problems} == {"Easy", "Medium", "Hard"}
    assert {one.key for one in LeetCode.proof_problems} <= {one.key for one in problems}
    titles = {problem.key: problem.title for problem in problems}
    assert all(titles[one.key] == one.title for one in LeetCode.proof_problems)
    levels = {problem.key: problem.level for problem in problems}
    assert {levels[one.key] for one in LeetCode.proof_problems} == {"Easy"}


def test_title_of_a_contest_gives_its_key() -> None:
    rows = json.loads((FOLDER / "zerotrac_problem_ratings.json").read_bytes())
    titles = {row["ContestID_en"]: row["ContestSlug"] for row in rows}
    assert {title: Round(title, 0).key for title in titles} == titles


def test_the_challenge_page_is_blocked_and_never_not_found() -> None:
    page = (RECORDED / "error_pages" / "cloudflare_just_a_moment.html").read_bytes()
    for status in (200, 403, 503):
        leetcode = LeetCode(FakeClient(lambda *_, code=status: answer(page, code)))
        for ask in (leetcode.history, leetcode.attempts, leetcode.activity):
            with pytest.raises(Blocked):
                ask("any")
        with pytest.raises(Blocked):
            leetcode.profiles(["any"])


def test_a_page_that_is_no_data_is_never_not_found() -> None:
    page = (RECORDED / "error_pages" / "json_endpoint_returning_nextjs_404.html").read_bytes()
    leetcode = LeetCode(FakeClient(lambda *_: answer(page, 404)))
    with pytest.raises(ChangedLayout):
        leetcode.profiles(["any"])
