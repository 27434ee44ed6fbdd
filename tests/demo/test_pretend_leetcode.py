"""The pretend LeetCode over HTTP: the real adapter reads it, and it can be broken."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from codetrack.demo.flavours import LEETCODE
from codetrack.demo.graphql import CannotQuery, parse
from codetrack.demo.leetcode import GraphQL, PretendLeetCode, adapter
from codetrack.demo.platform import Gate
from codetrack.demo.servers import DemoServers, Pretend
from codetrack.demo.trouble import Mode
from codetrack.demo.world import Account, World
from codetrack.platforms.base import (
    Blocked,
    ChangedLayout,
    NotFound,
    PlatformError,
    Profile,
    RateLimited,
    Transient,
    Verdict,
)
from codetrack.platforms.leetcode import RECENT, LeetCode
from codetrack.platforms.leetcode_answers import QUERIES
from tests.recorded import RECORDED

from .conftest import Clock
from .pretend import Client, differences, shape

FOLDER = RECORDED / "leetcode"
REFERER = {"Referer": "http://localhost/"}


@pytest.fixture
def server(served: Pretend) -> PretendLeetCode:
    found = served.platforms["leetcode"]
    assert isinstance(found, PretendLeetCode)
    return found


@pytest.fixture
def platform(servers: DemoServers) -> Iterator[LeetCode]:
    client = Client(servers.url("leetcode"))
    with client.http:
        yield LeetCode(client, servers.url("leetcode"))


@pytest.fixture
def club(clock: Clock) -> World:
    """The world without a server, at noon."""
    return World(flavour=LEETCODE, size=40, clock=clock)


def busiest(world: World) -> Account:
    return max(world.everybody(), key=lambda person: len(person.results))


def read(platform: LeetCode, person: Account) -> Profile:
    found = platform.profiles([person.handle])[person.handle]
    assert isinstance(found, Profile), found
    return found


# --- what the adapter reads


def test_profiles_agree_with_the_world(platform: LeetCode, server: PretendLeetCode) -> None:
    for person in server.world.everybody()[:12]:
        found = read(platform, person)
        solved = {one.task.key for one in server.world.attempts(person) if one.verdict == "OK"}
        assert (found.handle, found.rating) == (person.handle, person.rating)
        assert found.texts["real_name"] == person.texts["real_name"]
        assert found.solved == sum(found.solved_by.values()) == len(solved)
        assert (found.contests or 0) == len(person.results)
    assert server.requests == 24


def test_history_agrees_with_the_world(platform: LeetCode, server: PretendLeetCode) -> None:
    person = busiest(server.world)
    history = platform.history(person.handle.upper())
    assert [(c.old, c.new, c.rank, c.contest_key) for c in history] == [
        (result.old, result.new, result.rank, result.round.key) for result in person.results
    ]


def test_history_has_a_row_for_every_contest_ever(club: World) -> None:
    person = busiest(club)
    rows: Any = GraphQL(club).user_contest_ranking_history(person.handle)
    assert len(rows) > 200
    assert sum(row["attended"] for row in rows) == len(person.results)
    first = next(place for place, row in enumerate(rows) if row["attended"])
    assert {row["rating"] for row in rows[:first]} <= {1_500.0}
    assert rows[first + 1]["rating"] == rows[first]["rating"] or rows[first + 1]["attended"]


def test_a_revised_round_changes_the_history(platform: LeetCode, server: PretendLeetCode) -> None:
    person = busiest(server.world)
    before = platform.history(person.handle)[-1].new
    server.world.revise(person.results[-1].round.id)
    assert platform.history(person.handle)[-1].new == person.rating != before


def test_at_most_the_last_twenty_are_listed(platform: LeetCode, server: PretendLeetCode) -> None:
    person = max(server.world.everybody(), key=lambda one: len(server.world.attempts(one)))
    everything = server.world.attempts(person)
    listed = platform.attempts(person.handle)
    assert len(everything) > RECENT < len(listed) <= 2 * RECENT
    newest = [(sent.task.key, sent.at) for sent in everything[:RECENT]]
    assert [(one.problem.key, int(one.at.timestamp())) for one in listed[:RECENT]] == newest


def test_what_is_submitted_later_is_read_by_itself(
    platform: LeetCode, server: PretendLeetCode
) -> None:
    person, world = busiest(server.world), server.world
    before, mark = platform.attempts(person.handle), read(platform, person).mark
    problem = next(task for task in world.classics() if task.key == "two-sum")
    world.submit(person.handle, "COMPILATION_ERROR", problem)
    new = platform.attempts(person.handle, after=before[0].remote_id)
    assert [(one.problem.key, one.verdict) for one in new] == [("two-sum", Verdict.COMPILE_ERROR)]
    assert new[0].members == (person.handle,)
    assert read(platform, person).mark != mark


def test_what_is_played_after_that_is_read_too(platform: LeetCode, server: PretendLeetCode) -> None:
    """Though it was sent in earlier, in the contest that is told of only now."""
    person, world = busiest(server.world), server.world
    world.submit(person.handle, "OK")
    cursor = platform.attempts(person.handle)[0].remote_id
    game = world.play([person.handle], luck=2)
    played = {sent.task.key for sent in person.added if sent.task.round == game.id}
    assert played
    assert {one.problem.key for one in platform.attempts(person.handle, cursor)} == played
    assert platform.history(person.handle)[-1].contest_key == game.key
    assert game.key in {contest.key for contest in platform.contests()}


def test_the_calendar_counts_the_days_of_a_year(club: World, clock: Clock) -> None:
    active = [one for one in club.everybody() if one.career.until == club.made_at]
    person = max(active, key=lambda one: one.career.streak)
    days = adapter(club).activity(person.handle).days
    told = Counter(sent.at // 86_400 for sent in club.attempts(person))
    since = (clock.now - 365 * 86_400) // 86_400
    assert sum(days.values()) == sum(n for day, n in told.items() if day > since)
    assert len(days) >= person.career.streak > 0


def test_the_calendar_is_a_text_in_no_order(club: World) -> None:
    user: Any = GraphQL(club).matched_user(busiest(club).handle)
    calendar = json.loads(user["submissionCalendar"]())
    assert list(calendar) != sorted(calendar)
    assert all(int(day) % 86_400 == 0 for day in calendar)


def test_topics_are_counted(club: World) -> None:
    person = busiest(club)
    topics = adapter(club).activity(person.handle).topics
    solved = {one.task for one in club.attempts(person) if one.verdict == "OK"}
    tags = Counter(tag for task in {task.key: task for task in solved}.values()
                   for tag in task.tags)  # fmt: skip
    assert topics == tags


def test_the_catalogue_has_every_problem_once(platform: LeetCode, server: PretendLeetCode) -> None:
    problems = platform.problems()
    assert {problem.key for problem in problems} == {task.key for task in server.world.catalogue()}
    assert {proof.key for proof in LeetCode.proof_problems} <= {one.key for one in problems}
    assert {problem.level for problem in problems} == {"Easy", "Medium", "Hard"}


@pytest.mark.parametrize("ask", ["history", "attempts", "activity"])
def test_nobody_is_not_found(platform: LeetCode, ask: str) -> None:
    with pytest.raises(NotFound):
        getattr(platform, ask)("nobody-here")
    assert isinstance(platform.profiles(["nobody-here"])["nobody-here"], NotFound)


def test_a_renamed_or_deleted_account_is_not_found(
    platform: LeetCode, server: PretendLeetCode
) -> None:
    one, other = (person.handle for person in server.world.everybody()[:2])
    server.world.rename(one, "brand-new")
    server.world.delete(other)
    found = platform.profiles([one, other, "brand-new"])
    assert isinstance(found[one], NotFound)
    assert isinstance(found[other], NotFound)
    assert isinstance(found["brand-new"], Profile)


# --- how it is asked


def test_a_request_from_elsewhere_is_taken_for_a_forgery(servers: DemoServers) -> None:
    url, body = servers.url("leetcode") + "/graphql", {"query": QUERIES["contests"]}
    assert httpx2.post(url, json=body, headers=REFERER).json()["data"]["allContests"]
    page = httpx2.post(url, json=body)
    assert (page.status_code, page.headers["content-type"][:9]) == (403, "text/html")
    assert "CSRF" in page.text


@pytest.mark.parametrize(
    "query",
    [
        "query x { nothing { here } }",
        "query x { allContests { prize } }",
        "query x { allContests { title",
        "",
    ],
)
def test_what_cannot_be_asked_is_said(servers: DemoServers, query: str) -> None:
    url = servers.url("leetcode") + "/graphql"
    refused = httpx2.post(url, json={"query": query}, headers=REFERER)
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["message"]


def test_a_body_that_is_no_query_is_refused(servers: DemoServers) -> None:
    refused = httpx2.post(servers.url("leetcode") + "/graphql", content=b"{", headers=REFERER)
    assert refused.status_code == 400


def test_a_query_is_read_with_its_aliases_and_arguments() -> None:
    text = 'query q($n: Int!) { a: b(x: $n, y: "z", o: {}, i: 7) { c d: e { f } } g }'
    first, last = parse(text, {"n": 3})
    assert (first.alias, first.name, last.name) == ("a", "b", "g")
    assert first.arguments == {"x": 3, "y": "z", "o": {}, "i": 7}
    assert [(field.alias, field.name) for field in first.fields] == [("c", "c"), ("d", "e")]
    with pytest.raises(CannotQuery):
        parse("query q { a(", {})


# --- trouble and pages


@pytest.mark.parametrize(
    ("mode", "kind"),
    [
        (Mode.LIMITED, RateLimited),
        (Mode.DOWN, Transient),
        (Mode.CHALLENGE, Blocked),
        (Mode.TRUNCATED, Transient),
        (Mode.LAYOUT, ChangedLayout),
    ],
)
def test_each_breakage_is_what_the_adapter_takes_it_for(
    platform: LeetCode, server: PretendLeetCode, mode: Mode, kind: type[PlatformError]
) -> None:
    person = server.world.everybody()[0]
    server.trouble.make(mode, seconds=7)
    for ask in (platform.history, platform.attempts, platform.activity):
        with pytest.raises(kind) as caught:
            ask(person.handle)
        if isinstance(caught.value, RateLimited):
            assert caught.value.retry_after == 7
    with pytest.raises(kind):
        platform.profiles([person.handle])
    server.trouble.mend()
    assert read(platform, person).handle == person.handle


def test_asking_too_often_is_refused(platform: LeetCode, server: PretendLeetCode) -> None:
    server.gate = Gate(interval=60, early=0)
    platform.contests()
    with pytest.raises(RateLimited):
        platform.contests()


def test_pages_show_who_it_is_and_that_it_is_pretended(
    servers: DemoServers, server: PretendLeetCode
) -> None:
    person, url = server.world.everybody()[0], servers.url("leetcode")
    server.world.edit_profile(person.handle, company="<b>Harbour & Co</b>")
    page = httpx2.get(LeetCode.profile_url(person.handle, url))
    assert person.texts["real_name"] in page.text
    assert "&lt;b&gt;Harbour &amp; Co" in page.text
    assert "invented" in httpx2.get(f"{url}/contest/weekly-contest-1/").text
    assert httpx2.get(f"{url}/u/nobody/").status_code == 404


def test_a_proof_is_placed_in_the_profile(platform: LeetCode, server: PretendLeetCode) -> None:
    person = server.world.everybody()[0]
    for key in LEETCODE.texts:
        server.world.edit_profile(person.handle, **{key: "ct-9f2kq1"})
        assert "ct-9f2kq1" in read(platform, person).texts[key]


# --- the shapes are those of the recorded answers

#: Of a contest in the history: known elsewhere, but not asked for in the recorded answer.
OURS = {"titleSlug"}


def answers(world: World) -> dict[str, Any]:
    """What the pretend platform tells, by the name of the recorded answer."""
    roots, person = GraphQL(world), busiest(world).handle
    user: Any = roots.matched_user(person)
    told = {key: value() if callable(value) else value for key, value in user.items()}
    parts = {
        name: {"matchedUser": {part: told.pop(part)}}
        for name, part in (
            ("languageStats", "languageProblemCount"),
            ("skillStats", "tagProblemCounts"),
            ("userCalendar", "userCalendar"),
        )
    }
    page: Any = roots.question_list(0, 3)
    recent = {"recentSubmissionList": roots.recent_submission_list(person, 3)}
    counts = {"allQuestionsCount": roots.all_questions_count()}
    return parts | {
        "allContests": {"allContests": roots.all_contests()},
        "problems": {
            "problemsetQuestionList": {"total": page["totalNum"], "questions": page["data"]}
        },
        "recentAcSubmissionList": {
            "recentAcSubmissionList": roots.recent_ac_submission_list(person, 3)
        },
        "recentSubmissions": recent,
        "singleUser": {**counts, "matchedUser": told, **recent},
        "singleUserContests": {
            "userContestRanking": None,
            "userContestRankingHistory": roots.user_contest_ranking_history(person),
        },
    }


@pytest.mark.skipif(not FOLDER.is_dir(), reason=f"no recorded answers in {FOLDER}")
def test_answers_have_the_recorded_shapes(club: World) -> None:
    for name, ours in answers(club).items():
        theirs = shape(json.loads((FOLDER / f"{name}.json").read_bytes())["data"])
        mine = shape(ours)
        missing = differences(theirs, mine)
        invented = differences(mine, theirs) - OURS
        assert not missing, f"{name} lacks or changes {missing}"
        assert not invented, f"{name} invents {invented}"


@pytest.mark.skipif(not FOLDER.is_dir(), reason=f"no recorded answers in {FOLDER}")
def test_the_error_is_the_recorded_one(club: World) -> None:
    recorded = json.loads((FOLDER / "unknown_user_error.json").read_bytes())
    query = """query x($u: String!) { allQuestionsCount { difficulty count }
      matchedUser(username: $u) { username } recentSubmissionList(username: $u, limit: 2) { title }
    }"""
    reply = GraphQL(club).answer("graphql", {"query": query, "variables": {"u": "nobody-here"}})
    ours = json.loads(reply.body)
    assert reply.status == 200
    assert [(e["message"], e["path"]) for e in ours["errors"]] == [
        (e["message"], e["path"]) for e in recorded["errors"]
    ]
    assert ours["data"]["matchedUser"] is None
    assert ours["data"]["recentSubmissionList"] == recorded["data"]["recentSubmissionList"]
    assert [row["difficulty"] for row in ours["data"]["allQuestionsCount"]] == [
        row["difficulty"] for row in recorded["data"]["allQuestionsCount"]
    ]
