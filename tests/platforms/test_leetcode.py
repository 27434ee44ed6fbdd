"""The LeetCode adapter: the contract, and what is read of a member."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest

from codetrack.platforms.base import (
    ChangedLayout,
    Invalid,
    NotFound,
    Participation,
    Phase,
    Private,
    Profile,
    Response,
    Verdict,
)
from codetrack.platforms.leetcode import PAGE, LeetCode

from .contract import Contract, FakeClient, answer
from .graphql import CONTESTS, NOW, REFUSED, Data, PretendGraphQL, counts, sent


class TestContract(Contract):
    adapter = LeetCode
    known = "Nila_V"
    never_rated = "QuietKoala"
    unknown = "nobody_here"

    def world(self, path: str, params: Mapping[str, Any]) -> Response:
        return PretendGraphQL()(path, params)

    def changed_world(self, path: str, params: Mapping[str, Any]) -> Response:
        return answer(self.world(path, params).body.replace(b'"t', b'"x').replace(b'User"', b'"'))


@pytest.fixture
def graphql() -> PretendGraphQL:
    return PretendGraphQL()


@pytest.fixture
def leetcode(graphql: PretendGraphQL) -> LeetCode:
    return LeetCode(FakeClient(graphql))


def profile(leetcode: LeetCode, handle: str = "Nila_V") -> Profile:
    found = leetcode.profiles([handle])[handle]
    assert isinstance(found, Profile), found
    return found


# --- what is asked


def test_a_profile_takes_two_requests(graphql: PretendGraphQL) -> None:
    client = FakeClient(graphql)
    LeetCode(client).profiles(["nila_v"])
    assert [params["operationName"] for _, _, params in client.asked] == ["user", "ranking"]


def test_an_unknown_handle_takes_one_request(graphql: PretendGraphQL) -> None:
    client = FakeClient(graphql)
    LeetCode(client).profiles(["nobody"])
    assert len(client.asked) == 1


def test_requests_say_that_they_come_from_the_site_itself(graphql: PretendGraphQL) -> None:
    seen: list[Mapping[str, str] | None] = []

    class Listening(FakeClient):
        def post_json(
            self, path: str, data: Mapping[str, object], headers: Mapping[str, str] | None = None
        ) -> Response:
            seen.append(headers)
            return super().post_json(path, data)

    LeetCode(Listening(graphql)).contests()
    LeetCode(Listening(graphql), "http://127.0.0.1:9/pretend/").contests()
    assert seen == [
        {"Referer": "https://leetcode.com/", "Origin": "https://leetcode.com"},
        {"Referer": "http://127.0.0.1:9/pretend/", "Origin": "http://127.0.0.1:9"},
    ]


# --- profiles


def test_profile_carries_counts_rank_and_mark(leetcode: LeetCode) -> None:
    found = profile(leetcode)
    assert (found.rating, found.rank_name, found.global_rank) == (1613, "Rated", 90_210)
    assert (found.contests, found.solved) == (3, 94)
    assert found.solved_by == {"Easy": 60, "Medium": 30, "Hard": 4}
    assert found.mark == "94/345"
    assert found.max_rating is None, "the platform does not tell it"


def test_texts_are_those_of_the_ways_of_proof(leetcode: LeetCode) -> None:
    assert profile(leetcode).texts == {
        "real_name": "Nila Vane",
        "about": "",
        "company": "",
        "school": "",
        "website": "https://nila.test b",
    }


def test_a_badge_is_the_name_of_the_rank(graphql: PretendGraphQL, leetcode: LeetCode) -> None:
    graphql.ranking = {**(graphql.ranking or {}), "badge": {"name": "Guardian"}}
    assert profile(leetcode).rank_name == "Guardian"


def test_mark_moves_with_every_submission(graphql: PretendGraphQL, leetcode: LeetCode) -> None:
    before = profile(leetcode).mark
    graphql.accounts["nila_v"]["submitStats"]["totalSubmissionNum"] = counts(70, 40, 5, factor=4)
    assert profile(leetcode).mark != before


def test_hidden_profile_is_private(graphql: PretendGraphQL, leetcode: LeetCode) -> None:
    graphql.accounts["nila_v"]["profile"] = None
    found = leetcode.profiles(["Nila_V", "QuietKoala"])
    assert isinstance(found["Nila_V"], Private)
    assert isinstance(found["QuietKoala"], Profile)


def test_deleted_account_is_not_found(graphql: PretendGraphQL, leetcode: LeetCode) -> None:
    graphql.accounts["nila_v"]["username"] = "@_deleted_user_"
    found = leetcode.profiles(["Nila_V"])["Nila_V"]
    assert isinstance(found, NotFound)
    assert "deleted" in found.message


def test_one_odd_account_spoils_nothing_for_the_others(
    graphql: PretendGraphQL, leetcode: LeetCode
) -> None:
    graphql.accounts["quietkoala"]["submitStats"] = {"acSubmissionNum": "many"}
    found = leetcode.profiles(["Nila_V", "QuietKoala"])
    assert isinstance(found["Nila_V"], Profile)
    assert isinstance(found["QuietKoala"], ChangedLayout)


@pytest.mark.parametrize(
    "ranking",
    [
        {"rating": 10.0**300},
        {"rating": "1500"},
        {"rating": None},
        {"globalRanking": -1},
        {"attendedContestsCount": 2**40},
        {"badge": "Knight"},
    ],
)
def test_an_odd_ranking_is_changed_layout_and_never_unrated(
    graphql: PretendGraphQL, leetcode: LeetCode, ranking: Data
) -> None:
    graphql.ranking = {**(graphql.ranking or {}), **ranking}
    with pytest.raises(ChangedLayout):
        leetcode.profiles(["Nila_V"])


# --- history


def test_history_is_of_the_attended_contests(leetcode: LeetCode) -> None:
    changes = leetcode.history("nila_v")
    assert [(c.old, c.new, c.rank) for c in changes] == [
        (1500, 1540, 8_000),
        (1540, 1572, 5_000),
        (1572, 1613, 2_500),
    ]
    assert [c.contest_key for c in changes][:2] == ["weekly-contest-401", "weekly-contest-403"]
    assert {c.handle for c in changes} == {"Nila_V"}
    assert changes[0].at == datetime.fromtimestamp(1_718_000_000, UTC) + timedelta(minutes=90)


def test_history_is_sorted_though_the_platform_may_not(
    graphql: PretendGraphQL, leetcode: LeetCode
) -> None:
    expected = leetcode.history("Nila_V")
    (graphql.history or []).reverse()
    assert leetcode.history("Nila_V") == expected


def test_contest_without_a_slug_gets_the_one_of_its_title(
    graphql: PretendGraphQL, leetcode: LeetCode
) -> None:
    slugs = [change.contest_key for change in leetcode.history("Nila_V")]
    for row in graphql.history or []:
        row["contest"] = {key: row["contest"][key] for key in ("title", "startTime")}
    assert [change.contest_key for change in leetcode.history("Nila_V")] == slugs


def test_no_history_at_all_is_an_empty_one(graphql: PretendGraphQL, leetcode: LeetCode) -> None:
    graphql.history = None
    assert leetcode.history("Nila_V") == []


# --- attempts


def test_attempts_are_the_union_of_both_lists_newest_first(leetcode: LeetCode) -> None:
    attempts = leetcode.attempts("nila_v")
    assert [(a.problem.key, a.verdict) for a in attempts] == [
        ("two-sum", Verdict.ACCEPTED),
        ("two-sum", Verdict.COMPILE_ERROR),
        ("plus-one", Verdict.WRONG_ANSWER),
        ("sqrtx", Verdict.ACCEPTED),
    ]
    first = attempts[0]
    assert first.members == ("Nila_V",)
    assert first.participation is Participation.PRACTICE
    assert first.problem.url == "https://leetcode.com/problems/two-sum/"
    assert (first.language, first.at) == ("python3", datetime.fromtimestamp(NOW - 10, UTC))
    assert all(len(a.remote_id) <= 40 for a in attempts)


def test_an_attempt_keeps_its_id_whichever_list_tells_it(
    graphql: PretendGraphQL, leetcode: LeetCode
) -> None:
    expected = [a.remote_id for a in leetcode.attempts("Nila_V") if a.verdict == Verdict.ACCEPTED]
    graphql.recent = []
    assert [a.remote_id for a in leetcode.attempts("Nila_V")] == expected


def test_a_cursor_that_has_left_the_lists_still_divides_them(leetcode: LeetCode) -> None:
    assert len(leetcode.attempts("Nila_V", f"{NOW - 500}-0123456789ab")) == 2


@pytest.mark.parametrize(
    ("status", "verdict"),
    [
        ("Time Limit Exceeded", Verdict.TIME_LIMIT),
        ("Memory Limit Exceeded", Verdict.MEMORY_LIMIT),
        ("Runtime Error", Verdict.RUNTIME_ERROR),
        ("Pending", Verdict.PENDING),
        ("Internal Error", Verdict.OTHER),
        (None, Verdict.OTHER),
    ],
)
def test_verdicts_are_in_our_words(
    graphql: PretendGraphQL, leetcode: LeetCode, status: str, verdict: Verdict
) -> None:
    graphql.recent, graphql.accepted = [sent(NOW, "two-sum", status)], []
    assert [a.verdict for a in leetcode.attempts("Nila_V")] == [verdict]


def test_hidden_submissions_are_private(graphql: PretendGraphQL, leetcode: LeetCode) -> None:
    graphql.recent = graphql.accepted = None
    with pytest.raises(Private):
        leetcode.attempts("Nila_V")


def test_one_hidden_list_leaves_the_other(graphql: PretendGraphQL, leetcode: LeetCode) -> None:
    graphql.recent = None
    assert len(leetcode.attempts("Nila_V")) == 2


def test_nobody_has_no_attempts_though_the_list_is_there(leetcode: LeetCode) -> None:
    with pytest.raises(NotFound):
        leetcode.attempts("nobody_here")


@pytest.mark.parametrize("odd", [{"timestamp": "soon"}, {"timestamp": 1}, {"titleSlug": "a/b"}])
def test_an_odd_submission_is_changed_layout(
    graphql: PretendGraphQL, leetcode: LeetCode, odd: Data
) -> None:
    graphql.recent = [sent(NOW, "two-sum") | odd]
    with pytest.raises(ChangedLayout):
        leetcode.attempts("Nila_V")


# --- activity


def test_activity_is_by_utc_day_and_topic(leetcode: LeetCode) -> None:
    activity = leetcode.activity("nila_v")
    assert activity.days == {date(2024, 6, 11): 4, date(2024, 6, 10): 2}
    assert activity.topics == {"Array": 31}


def test_nobody_has_no_activity(leetcode: LeetCode) -> None:
    with pytest.raises(NotFound):
        leetcode.activity("nobody_here")


def test_no_calendar_is_no_days(graphql: PretendGraphQL, leetcode: LeetCode) -> None:
    graphql.calendar = None
    assert leetcode.activity("Nila_V").days == {}


@pytest.mark.parametrize("lost", ["calendar", "topics"])
def test_what_has_changed_of_the_activity_does_not_lose_the_rest(
    graphql: PretendGraphQL, lost: str
) -> None:
    def world(path: str, params: Mapping[str, Any]) -> Response:
        return REFUSED if params["operationName"] == lost else graphql(path, params)

    activity = LeetCode(FakeClient(world)).activity("Nila_V")
    assert bool(activity.days) == (lost != "calendar")
    assert bool(activity.topics) == (lost != "topics")


@pytest.mark.parametrize("text", ["", "{", "[]", '{"x": 1}', '{"-5": 1}', '{"5": -1}'])
def test_an_odd_calendar_is_no_days_and_keeps_the_topics(
    graphql: PretendGraphQL, leetcode: LeetCode, text: str
) -> None:
    graphql.calendar = text
    activity = leetcode.activity("Nila_V")
    assert (activity.days, activity.topics) == ({}, {"Array": 31})


# --- contests and problems


@pytest.mark.parametrize(
    ("begins", "phase"),
    [(3_600, Phase.BEFORE), (-600, Phase.RUNNING), (-86_400, Phase.FINISHED)],
)
def test_phase_of_a_contest_follows_the_clock(begins: int, phase: Phase) -> None:
    contest = CONTESTS[0] | {"startTime": NOW + begins, "duration": 5_400}
    leetcode = LeetCode(FakeClient(lambda *_: answer({"data": {"allContests": [contest]}})))
    assert [found.phase for found in leetcode.contests()] == [phase]


def test_contests_are_newest_first(leetcode: LeetCode) -> None:
    contests = leetcode.contests()
    assert [contest.key for contest in contests] == [
        f"weekly-contest-{number}" for number in (404, 403, 402, 401)
    ]
    assert contests[0].url == "https://leetcode.com/contest/weekly-contest-404/"
    assert contests[0].duration == timedelta(minutes=90)


def test_the_catalogue_is_read_page_by_page(graphql: PretendGraphQL) -> None:
    client = FakeClient(graphql)
    problems = LeetCode(client).problems()
    assert [problem.key for problem in problems] == graphql.questions
    assert (problems[0].level, problems[0].tags) == ("Medium", ("Array",))
    assert [params["variables"]["skip"] for _, _, params in client.asked] == [0, PAGE]


def test_a_page_shorter_than_asked_for_leaves_no_gap(graphql: PretendGraphQL) -> None:
    def world(path: str, params: Mapping[str, Any]) -> Response:
        variables = params["variables"] | {"limit": 100}
        return graphql(path, {**params, "variables": variables})

    problems = LeetCode(FakeClient(world)).problems()
    assert [problem.key for problem in problems] == graphql.questions


# --- handles and links


@pytest.mark.parametrize(
    "text",
    [
        "https://leetcode.com/u/Nila_V/",
        "https://leetcode.com/Nila_V/",
        "https://leetcode.com/Nila_V",
        "leetcode.com/u/Nila_V/?tab=solutions",
        "https://www.leetcode.com/u/Nila_V",
        "@Nila_V",
        " Nila_V ",
    ],
)
def test_old_and_new_links_lead_to_the_handle(text: str) -> None:
    assert LeetCode.parse_handle(text) == "Nila_V"


@pytest.mark.parametrize(
    "link",
    [
        "https://leetcode.com/problems/two-sum/",
        "https://leetcode.com/contest/weekly-contest-404/",
        "https://leetcode.com/problemset/",
        "https://leetcode.com/Discuss/",
        "https://leetcode.com/u/",
        "https://leetcode.com/",
        "https://leetcode.cn/u/Nila_V/",
    ],
)
def test_other_pages_are_no_profiles(link: str) -> None:
    with pytest.raises(Invalid):
        LeetCode.parse_handle(link)
