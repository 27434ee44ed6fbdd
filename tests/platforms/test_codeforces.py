"""The Codeforces adapter: the contract, and what is peculiar to its API."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlsplit

import pytest

from codetrack.platforms.base import (
    ChangedLayout,
    Invalid,
    NotFound,
    Participation,
    Phase,
    Problem,
    Profile,
    RateLimited,
    Response,
    Transient,
    Verdict,
)
from codetrack.platforms.codeforces import SPARE_REQUESTS, Codeforces
from codetrack.platforms.twins import twins

from .contract import Contract, FakeClient, answer

ACCOUNTS: dict[str, dict[str, Any]] = {
    "nila.v": {
        "handle": "Nila.V",
        "firstName": "Nila",
        "organization": "Harbour Coding Club",
        "rating": 1412,
        "maxRating": 1470,
        "rank": "specialist",
        "maxRank": "specialist",
        "contribution": 3,
    },
    "quietkoala": {"handle": "QuietKoala", "organization": "", "contribution": 0},
}
OLD_NAMES = {"nila_2019": "nila.v"}
CHANGES = [
    {
        "contestId": contest,
        "contestName": f"Codeforces Round {contest} (Div. 2)",
        "handle": "Nila.V",
        "rank": rank,
        "ratingUpdateTimeSeconds": 1_700_000_000 + contest * 1_000,
        "oldRating": old,
        "newRating": new,
    }
    for contest, rank, old, new in [
        (1928, 9_000, 0, 431),
        (1931, 800, 431, 1470),
        (1950, 7_000, 1470, 1412),
    ]
]
PROBLEM = {
    "contestId": 1931,
    "index": "C",
    "name": "Make Equal Again",
    "type": "PROGRAMMING",
    "tags": [],
}


def attempt(number: int, **changes: Any) -> dict[str, Any]:
    return {
        "id": number,
        "contestId": 1931,
        "creationTimeSeconds": 1_700_000_000 + number,
        "relativeTimeSeconds": 2_147_483_647,
        "problem": PROBLEM | {"rating": 1000},
        "author": {"members": [{"handle": "Nila.V"}], "participantType": "PRACTICE"},
        "programmingLanguage": "Python 3",
        "verdict": "OK",
        "passedTestCount": 9,
    } | changes


def ok(result: object) -> Response:
    return answer({"status": "OK", "result": result})


def failed(comment: str) -> Response:
    return answer({"status": "FAILED", "comment": comment}, 400)


class PretendApi:
    """Codeforces as the adapter sees it: one bad handle fails the whole of `user.info`."""

    def __init__(self) -> None:
        self.attempts = [attempt(number) for number in range(4, 0, -1)]

    def __call__(self, path: str, params: Mapping[str, str]) -> Response:
        assert params["lang"] == "en"
        method = path.removeprefix("api/").replace(".", "_")
        reply: Response = getattr(self, method)(params)
        return reply

    def user_info(self, params: Mapping[str, str]) -> Response:
        assert params["checkHistoricHandles"] == "true"
        users = []
        for handle in params["handles"].split(";"):
            name = OLD_NAMES.get(handle.lower(), handle.lower())
            user = ACCOUNTS.get(name) or ({"handle": handle} if name.startswith("member") else None)
            if user is None:
                return failed(f"handles: User with handle {handle} not found")
            users.append(user)
        return ok(users)

    def user_rating(self, params: Mapping[str, str]) -> Response:
        handle = params["handle"]
        if handle.lower() not in ACCOUNTS:
            return failed(f"handle: User with handle {handle} not found")
        return ok(CHANGES if handle.lower() == "nila.v" else [])

    def user_status(self, params: Mapping[str, str]) -> Response:
        start = int(params["from"]) - 1
        return ok(self.attempts[start : start + int(params["count"])])

    def contest_list(self, params: Mapping[str, str]) -> Response:
        assert params["gym"] == "false"
        past = {
            "id": 1931,
            "name": "Round 925 (Div. 3)",
            "phase": "FINISHED",
            "durationSeconds": 7200,
        }
        return ok(
            [past | {"id": 2200, "phase": "BEFORE"}, past | {"startTimeSeconds": 1_707_834_900}]
        )

    def contest_ratingChanges(self, params: Mapping[str, str]) -> Response:  # noqa: N802
        contest = params["contestId"]
        if contest == "2200":
            return failed("contestId: Rating changes are unavailable for this contest")
        if contest != "1931":
            return failed(f"contestId: Contest with id {contest} not found")
        return ok(CHANGES[1:2])

    def problemset_problems(self, params: Mapping[str, str]) -> Response:
        sgu = {
            "problemsetName": "acmsguru",
            "index": "100",
            "name": "A+B",
            "type": "PROGRAMMING",
            "tags": [],
        }
        gym = PROBLEM | {"contestId": 100_001, "index": "A1"}
        return ok({"problems": [PROBLEM, gym, sgu], "problemStatistics": []})


class TestContract(Contract):
    adapter = Codeforces
    known = "Nila.V"
    never_rated = "QuietKoala"
    unknown = "nobody-here"
    contest = "1931"

    def world(self, path: str, params: Mapping[str, str]) -> Response:
        return PretendApi()(path, params)

    def changed_world(self, path: str, params: Mapping[str, str]) -> Response:
        return answer({"status": "OK", "result": {"items": [{"login": "Nila.V"}]}})


def profiles(api: Any, *handles: str) -> tuple[dict[str, Any], FakeClient]:
    client = FakeClient(api)
    return Codeforces(client).profiles(handles), client


def test_two_thousand_members_cost_two_requests() -> None:
    found, client = profiles(PretendApi(), *(f"member_{n}" for n in range(2_000)))
    assert all(isinstance(profile, Profile) for profile in found.values())
    assert [method for method, _, _ in client.asked] == ["POST", "POST"]


def test_a_few_handles_go_by_get() -> None:
    _, client = profiles(PretendApi(), "Nila.V", "QuietKoala")
    assert [method for method, _, _ in client.asked] == ["GET"]


def test_each_unknown_handle_costs_one_request() -> None:
    good = [f"member_{n}" for n in range(997)]
    found, client = profiles(PretendApi(), *good, "ghost_a", "ghost_b", "Ghost_C")
    assert sum(isinstance(profile, Profile) for profile in found.values()) == 997
    assert isinstance(found["Ghost_C"], NotFound)
    assert "Ghost_C" in found["Ghost_C"].message
    assert len(client.asked) == 4


def test_requests_stay_bounded_when_most_handles_are_gone() -> None:
    found, client = profiles(PretendApi(), *(f"ghost_{n}" for n in range(200)))
    assert len(client.asked) == 1 + SPARE_REQUESTS
    kinds = [type(outcome) for outcome in found.values()]
    assert kinds.count(NotFound) == 1 + SPARE_REQUESTS
    assert kinds.count(Transient) == 200 - (1 + SPARE_REQUESTS)


def test_a_bad_handle_that_is_not_named_is_found_by_halving() -> None:
    def nameless(path: str, params: Mapping[str, str]) -> Response:
        if "member_77" in params["handles"].split(";"):
            return failed("handles: Field should contain between 3 and 24 characters")
        return PretendApi()(path, params)

    found, client = profiles(nameless, *(f"member_{n}" for n in range(100)))
    assert [handle for handle, outcome in found.items() if isinstance(outcome, Invalid)] == [
        "member_77"
    ]
    assert len(client.asked) <= 15


def test_two_names_of_one_account_that_come_back_as_one_are_both_answered() -> None:
    def merging(path: str, params: Mapping[str, str]) -> Response:
        names = [OLD_NAMES.get(handle, handle) for handle in params["handles"].split(";")]
        return ok([ACCOUNTS[name] for name in dict.fromkeys(names)])

    found, _ = profiles(merging, "nila.v", "nila_2019")
    assert {profile.handle for profile in found.values()} == {"Nila.V"}


def test_old_name_leads_to_the_renamed_account() -> None:
    found, _ = profiles(PretendApi(), "nila_2019")
    assert found["nila_2019"].handle == "Nila.V"
    assert found["nila_2019"].renamed_from == "nila_2019"


def test_answers_in_another_order_reach_the_right_handles() -> None:
    def shuffled(path: str, params: Mapping[str, str]) -> Response:
        return ok([ACCOUNTS["quietkoala"], ACCOUNTS["nila.v"]])

    found, _ = profiles(shuffled, "NILA.V", "quietkoala")
    assert found["NILA.V"].handle == "Nila.V"
    assert found["quietkoala"].handle == "QuietKoala"
    assert found["NILA.V"].renamed_from is None


def test_one_handle_in_two_spellings_is_asked_once() -> None:
    found, client = profiles(PretendApi(), "Nila.V", "nila.v")
    assert found["Nila.V"] == found["nila.v"]
    assert client.asked[0][2]["handles"] == "Nila.V"


def test_refused_handle_costs_no_request() -> None:
    found, client = profiles(PretendApi(), "ab", "a" * 25, "one;two")
    assert all(isinstance(outcome, Invalid) for outcome in found.values())
    assert client.asked == []


@pytest.mark.parametrize(
    "odd",
    [
        {"rating": 10**20},
        {"rating": "high"},
        {"handle": "x" * 81},
        {"handle": "a\0b"},
        {"handle": None},
    ],
    ids=str,
)
def test_one_odd_account_spoils_nothing_for_the_others(odd: dict[str, Any]) -> None:
    users = [{"handle": "member1", "rating": 1500}, {"handle": "member2"} | odd]
    platform = Codeforces(FakeClient(lambda *_: ok(users)))
    found = platform.profiles(["member1", "member2"])
    assert isinstance(found["member1"], Profile)
    assert isinstance(found["member2"], ChangedLayout)


def test_only_odd_accounts_are_a_changed_layout() -> None:
    users = [{"handle": "member1", "rating": "high"}, {"handle": "member2", "rating": "low"}]
    with pytest.raises(ChangedLayout):
        Codeforces(FakeClient(lambda *_: ok(users))).profiles(["member1", "member2"])


def test_texts_of_the_platform_fit_a_row() -> None:
    contest = {
        "id": 1,
        "name": "Round\0 of " + "x" * 400,
        "phase": "BEFORE",
        "durationSeconds": 60,
    }
    [read] = Codeforces(FakeClient(lambda *_: ok([contest]))).contests()
    assert read.name.startswith("Round of xxx") and len(read.name) == 300


def test_missing_result_is_a_changed_layout() -> None:
    with pytest.raises(ChangedLayout):
        Codeforces(FakeClient(lambda *_: answer({"status": "OK"}))).contests()


@pytest.mark.parametrize("status", [200, 400, 503])
def test_call_limit_in_a_comment_is_a_rate_limit(status: int) -> None:
    reply = answer({"status": "FAILED", "comment": "Call limit exceeded"}, status)
    with pytest.raises(RateLimited):
        Codeforces(FakeClient(lambda *_: reply)).problems()


def test_a_handle_cannot_pretend_to_be_a_rate_limit() -> None:
    found, _ = profiles(PretendApi(), "call_limit_exceeded")
    assert isinstance(found["call_limit_exceeded"], NotFound)


def test_unknown_failure_says_nothing_about_the_handle() -> None:
    with pytest.raises(Transient):
        profiles(lambda *_: failed("Internal error"), "Nila.V")


def test_first_rated_contest_starts_from_zero() -> None:
    first = Codeforces(FakeClient(PretendApi())).history("Nila.V")[0]
    assert (first.old, first.new, first.contest_key) == (0, 431, "1928")


def test_unrated_contest_has_no_changes() -> None:
    assert Codeforces(FakeClient(PretendApi())).contest_changes("2200") == []


def test_unknown_contest_is_not_found() -> None:
    with pytest.raises(NotFound):
        Codeforces(FakeClient(PretendApi())).contest_changes("7")


def test_contest_without_a_start_is_still_to_come() -> None:
    coming, past = Codeforces(FakeClient(PretendApi())).contests()
    assert (coming.starts_at, coming.phase) == (None, Phase.BEFORE)
    assert (past.starts_at, past.phase) == (
        datetime(2024, 2, 13, 14, 35, tzinfo=UTC),
        Phase.FINISHED,
    )


def test_problems_of_gym_and_acmsguru_have_their_own_addresses() -> None:
    paths = [
        urlsplit(problem.url).path for problem in Codeforces(FakeClient(PretendApi())).problems()
    ]
    assert paths == [
        "/problemset/problem/1931/C",
        "/gym/100001/problem/A1",
        "/problemsets/acmsguru/problem/99999/100",
    ]


@pytest.mark.parametrize(
    ("sent", "verdict"),
    [
        ("OK", Verdict.ACCEPTED),
        ("CHALLENGED", Verdict.WRONG_ANSWER),
        ("IDLENESS_LIMIT_EXCEEDED", Verdict.TIME_LIMIT),
        ("COMPILATION_ERROR", Verdict.COMPILE_ERROR),
        ("TESTING", Verdict.PENDING),
        (None, Verdict.PENDING),
        ("SOMETHING_NEW", Verdict.OTHER),
    ],
)
def test_verdicts_are_translated(sent: str | None, verdict: Verdict) -> None:
    api = PretendApi()
    api.attempts = [attempt(1, verdict=sent)]
    assert Codeforces(FakeClient(api)).attempts("Nila.V")[0].verdict is verdict


def test_a_team_attempt_names_everybody() -> None:
    team = {
        "members": [{"handle": "Nila.V"}, {"handle": "QuietKoala"}],
        "participantType": "VIRTUAL",
    }
    api = PretendApi()
    api.attempts = [attempt(1, author=team)]
    row = Codeforces(FakeClient(api)).attempts("Nila.V")[0]
    assert row.members == ("Nila.V", "QuietKoala")
    assert row.participation is Participation.VIRTUAL


def test_long_list_of_attempts_is_read_in_pages() -> None:
    api, client = PretendApi(), FakeClient(PretendApi())
    api.attempts = [attempt(number) for number in range(2_500, 0, -1)]
    client.world = api
    assert len(Codeforces(client).attempts("Nila.V")) == 2_500
    assert [asked["from"] for _, _, asked in client.asked] == ["1", "1001", "2001"]


def test_reading_what_is_new_costs_one_small_request() -> None:
    api = PretendApi()
    api.attempts = [attempt(number) for number in range(2_500, 0, -1)]
    client = FakeClient(api)
    assert len(Codeforces(client).attempts("Nila.V", after="2490")) == 10
    assert [asked["count"] for _, _, asked in client.asked] == ["100"]


def test_attempts_made_while_reading_are_not_doubled() -> None:
    api = PretendApi()
    api.attempts = [attempt(number) for number in range(1_500, 0, -1)]

    def busy(path: str, params: Mapping[str, str]) -> Response:
        reply = api(path, params)
        api.attempts.insert(0, attempt(len(api.attempts) + 1))
        return reply

    ids = [row.remote_id for row in Codeforces(FakeClient(busy)).attempts("Nila.V")]
    assert len(ids) == len(set(ids)) == 1_500


@pytest.mark.parametrize(
    "text",
    [
        "Nila.V",
        " @Nila.V ",
        "codeforces.com/profile/Nila.V",
        "http://www.codeforces.com/profile/Nila.V/",
        "https://m1.codeforces.com/profile/Nila.V?locale=ru",
        "https://codeforces.com/submissions/Nila.V/page/2",
        "https://codeforces.com/contests/with/Nila.V#x",
        "https://codeforces.com/profile/Nila%2EV",
    ],
)
def test_handle_is_read_from(text: str) -> None:
    assert Codeforces.parse_handle(text) == "Nila.V"


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("https://leetcode.com/u/nila", "leetcode.com"),
        ("https://evilcodeforces.com/profile/nila", "evilcodeforces.com"),
        ("https://codeforces.com/blog/entry/1", "https://codeforces.com/blog/entry/1"),
        ("nila v", "nila v"),
        ("Нила", "Нила"),
    ],
)
def test_refusal_says_what_was_seen(text: str, seen: str) -> None:
    with pytest.raises(Invalid, match=seen):
        Codeforces.parse_handle(text)


START = datetime(2024, 5, 1, 14, 35, tzinfo=UTC)
LATER = datetime(2025, 5, 1, 14, 35, tzinfo=UTC)
STARTS = {"1": START, "2": START, "3": LATER}


def problem(key: str, title: str, difficulty: int | None = 1500) -> Problem:
    contest, index = key.split("-")
    return Problem(
        key=key, title=title, url="", difficulty=difficulty, contest_key=contest, index=index
    )


def test_a_problem_of_both_divisions_is_one() -> None:
    assert twins([problem("1-A", "Bridges"), problem("2-C", "Bridges", None)], STARTS) == {
        "2-C": "1-A"
    }


@pytest.mark.parametrize(
    "other",
    [
        problem("3-A", "Bridges"),  # another day
        problem("2-C", "Bridges", 3000),  # the hard version of the other division
        problem("1-B", "Bridges"),  # the same contest
        problem("9-A", "Bridges"),  # a contest we know nothing of
        problem("1-A", "Bridges"),  # the very same
    ],
)
def test_the_same_name_alone_makes_no_twins(other: Problem) -> None:
    assert twins([problem("1-A", "Bridges"), other], STARTS) == {}
