"""The CodeChef adapter: submissions, contests and the catalogue."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from codetrack.platforms.base import (
    ChangedLayout,
    Participation,
    Phase,
    RateLimited,
    Response,
    Verdict,
)
from codetrack.platforms.codechef import PAGES, CodeChef

from .codechef_pages import CONTESTS, PROBLEMS, SENT, problems, recent, submission, world
from .contract import FakeClient, answer

PAST = CONTESTS["past_contests"]


def submissions(*rows: str, date: str = "") -> list[Any]:
    client = FakeClient(lambda path, params: answer(recent(rows), date=date))
    return CodeChef(client).attempts("nila_v")


# --- submissions


def test_a_submission_is_read_with_its_contest_and_minute() -> None:
    one = submissions(submission(1_358_040_109, time="08:42 PM 16/09/26"))[0]
    assert one.remote_id == "1358040109"
    assert (one.problem.key, one.problem.title) == ("LONGWALK", "LONGWALK")
    assert one.problem.url == "https://www.codechef.com/problems/LONGWALK"
    assert (one.contest_key, one.participation) == ("START1D", Participation.CONTEST)
    assert (one.verdict, one.language) == (Verdict.ACCEPTED, "C++23")
    assert one.at == datetime(2026, 9, 16, 15, 12, tzinfo=UTC)
    assert one.members == ("nila_v",)
    assert CodeChef.attempt_url(one.remote_id, "") == (
        "https://www.codechef.com/viewsolution/1358040109"
    )


@pytest.mark.parametrize(
    ("href", "contest_key"),
    [
        ("/problems/LONGWALK", None),
        ("https://www.codechef.com/problems/LONGWALK", None),
        ("/PRACTICE/problems/LONGWALK", None),
        ("https://www.codechef.com/START1D/problems/LONGWALK", "START1D"),
    ],
)
def test_practice_has_no_contest(href: str, contest_key: str | None) -> None:
    one = submissions(submission(1, href=href))[0]
    role = Participation.CONTEST if contest_key else Participation.PRACTICE
    assert (one.problem.key, one.contest_key, one.participation) == ("LONGWALK", contest_key, role)


@pytest.mark.parametrize(
    ("word", "score", "verdict"),
    [
        ("accepted", "", Verdict.ACCEPTED),
        ("accepted", "(100)", Verdict.ACCEPTED),
        ("accepted", "(30)", Verdict.PARTIAL),
        ("partially accepted", "(30)", Verdict.PARTIAL),
        ("wrong answer", "(0)", Verdict.WRONG_ANSWER),
        ("time limit exceeded", "", Verdict.TIME_LIMIT),
        ("memory limit exceeded", "", Verdict.MEMORY_LIMIT),
        ("runtime error(SIGSEGV)", "", Verdict.RUNTIME_ERROR),
        ("compilation error", "", Verdict.COMPILE_ERROR),
        ("running..", "", Verdict.PENDING),
        ("internal error", "", Verdict.OTHER),
    ],
)
def test_verdicts_are_told_by_a_word_and_a_score(word: str, score: str, verdict: Verdict) -> None:
    assert submissions(submission(1, word, score=score))[0].verdict is verdict


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12:05 AM 01/01/26", datetime(2025, 12, 31, 18, 35, tzinfo=UTC)),
        ("12:05 PM 1/1/2026", datetime(2026, 1, 1, 6, 35, tzinfo=UTC)),
        ("30 sec ago", datetime(2026, 1, 16, 11, 59, 30, tzinfo=UTC)),
        ("5 min ago", datetime(2026, 1, 16, 11, 55, tzinfo=UTC)),
        ("2 hours ago", datetime(2026, 1, 16, 10, 0, tzinfo=UTC)),
        ("1 day ago", datetime(2026, 1, 15, 12, 0, tzinfo=UTC)),
        ("5 min ago (05:24 PM 16/01/26)", datetime(2026, 1, 16, 11, 54, tzinfo=UTC)),
    ],
)
def test_times_are_told_to_the_minute_or_as_a_while_ago(text: str, expected: datetime) -> None:
    clock = "Fri, 16 Jan 2026 12:00:00 GMT"
    assert submissions(submission(1, time=text), date=clock)[0].at == expected


@pytest.mark.parametrize("clock", ["", "noon"])
def test_without_a_clock_of_theirs_ours_will_do(clock: str) -> None:
    one = submissions(submission(1, time="5 min ago"), date=clock)[0]
    assert timedelta(0) <= datetime.now(UTC) - one.at - timedelta(minutes=5) < timedelta(minutes=1)


def test_a_solution_that_nobody_may_see_keeps_its_name() -> None:
    rows = [submission(2, solution=""), submission(1, "wrong answer", solution="")]
    first, second = submissions(*rows)
    assert first.remote_id != second.remote_id
    assert len(first.remote_id) <= 40
    assert submissions(rows[0])[0].remote_id == first.remote_id
    assert CodeChef.attempt_url(first.remote_id, "") == ""


@pytest.mark.parametrize(
    "row",
    [
        submission(1, time="some day"),
        submission(1, time="13:61 PM 40/40/26"),
        submission(1, href="/status/LONGWALK"),
        "<tr><td>one</td><td>two</td></tr>",
        "<tr><td>now</td><td>LONGWALK</td><td>accepted</td><td>C</td></tr>",
        "",
    ],
)
def test_an_odd_row_is_another_layout(row: str) -> None:
    with pytest.raises(ChangedLayout):
        submissions(row)


@pytest.mark.parametrize(
    "content", ["", "nothing", "<tr><td colspan=5>No Recent Activity</td></tr>"]
)
def test_nobody_who_has_sent_nothing_is_a_new_layout(content: str) -> None:
    client = FakeClient(lambda path, params: answer({"max_page": 0, "content": content}))
    assert CodeChef(client).attempts("quiet_koala") == []


def test_only_the_pages_with_something_new_are_read() -> None:
    client = FakeClient(world)
    platform = CodeChef(client)
    assert len(platform.attempts("nila_v")) == len(client.asked) * 10 == 30
    client.asked.clear()
    assert len(platform.attempts("nila_v", after="28")) == 2
    assert len(client.asked) == 1


def test_a_removed_submission_is_as_good_a_bookmark() -> None:
    kept = [row for row in SENT if "/viewsolution/28'" not in row]
    assert len(kept) == len(SENT) - 1
    client = FakeClient(lambda path, params: answer(recent(kept)))
    assert len(CodeChef(client).attempts("nila_v", after="28")) == 2


def test_what_is_sent_in_the_meantime_is_not_read_twice() -> None:
    def shifting(path: str, params: Mapping[str, Any]) -> Response:
        page = int(params["page"])
        rows = [submission(100), *SENT][11 * page : 11 * page + 12]
        return answer(recent(rows, 3))

    ids = [one.remote_id for one in CodeChef(FakeClient(shifting)).attempts("nila_v")]
    assert ids == ["100", *(str(number) for number in range(30, 0, -1))]


def test_somebody_with_thousands_is_read_in_part() -> None:
    def endless(path: str, params: Mapping[str, Any]) -> Response:
        first = 10**6 - int(params["page"]) * 12
        return answer(recent([submission(first - i) for i in range(12)], 900))

    client = FakeClient(endless)
    assert len(CodeChef(client).attempts("nila_v")) == 12 * PAGES
    assert len(client.asked) == PAGES


# --- lists


@pytest.mark.parametrize("call", ["attempts", "contests", "problems"])
def test_too_many_questions_are_told_with_status_200(call: str) -> None:
    client = FakeClient(lambda *_: answer({"status": "rate_limit_exceeded"}))
    calls: dict[str, Callable[[CodeChef], object]] = {
        "attempts": lambda platform: platform.attempts("nila_v"),
        "contests": lambda platform: platform.contests(),
        "problems": lambda platform: platform.problems(),
    }
    with pytest.raises(RateLimited):
        calls[call](CodeChef(client))


def test_contests_are_told_with_their_phase_newest_first() -> None:
    contests = CodeChef(FakeClient(world)).contests()
    assert [(one.key, one.phase) for one in contests] == [
        ("START15", Phase.BEFORE),
        ("START14", Phase.FINISHED),
        ("START13", Phase.FINISHED),
    ]
    assert contests[1].starts_at == datetime(2026, 1, 14, 14, 30, tzinfo=UTC)
    assert contests[1].duration == timedelta(hours=2, minutes=30)
    assert contests[1].url == "https://www.codechef.com/START14"


def listed(**changes: object) -> CodeChef:
    """With START14 told in another way."""
    past = [row | changes if row["contest_code"] == "START14" else row for row in PAST]
    return CodeChef(FakeClient(lambda *_: answer(CONTESTS | {"past_contests": past})))


@pytest.mark.parametrize("name", ["contest_start_date_iso", "contest_end_date_iso"])
@pytest.mark.parametrize(
    "date",
    [
        "0000-11-30T00:00:00+05:30",
        "-0001-11-30T00:00:00+05:30",
        "0001-01-01T00:00:00+05:30",
        "9999-12-31T23:59:59-05:30",
        "2026-02-31T20:00:00+05:30",
        "2026-01-14T20:00:00",
        "",
        None,
    ],
)
def test_an_impossible_date_spoils_no_other_contest(name: str, date: str | None) -> None:
    assert [one.key for one in listed(**{name: date}).contests()] == ["START15", "START13"]


def test_nothing_but_impossible_dates_is_another_layout() -> None:
    odd = [row | {"contest_start_date_iso": "soon"} for row in PAST]
    lists = {"status": "success", "present_contests": [], "future_contests": []}
    client = FakeClient(lambda *_: answer(lists | {"past_contests": odd}))
    with pytest.raises(ChangedLayout):
        CodeChef(client).contests()


@pytest.mark.parametrize(
    ("code", "whole"),
    [("START200D", "START200"), ("START200", ""), ("START200E", ""), ("COOK", ""), ("LTIMEA", "")],
)
def test_a_division_is_known_by_its_code(code: str, whole: str) -> None:
    assert CodeChef.whole_contest(code) == whole


def test_the_catalogue_is_read_to_its_end() -> None:
    client = FakeClient(world)
    found = {problem.key: problem for problem in CodeChef(client).problems()}
    assert {key: one.difficulty for key, one in found.items()} == {
        "LONGWALK": 1512,
        "NEWONE": None,
        "FOODSTEP": 700,
    }
    assert found["FOODSTEP"].title == "Food; Step by Step"
    assert CodeChef.level(found["LONGWALK"].difficulty) == "Medium"
    assert [asked["page"] for _, _, asked in client.asked] == ["0", "1"]


def test_a_catalogue_that_repeats_itself_ends() -> None:
    client = FakeClient(lambda path, params: problems({"page": "0"}, PROBLEMS))
    assert len(CodeChef(client).problems()) == 2
    assert len(client.asked) == 2
