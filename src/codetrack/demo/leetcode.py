"""A pretend LeetCode over real HTTP: its GraphQL in the platform's shapes, plain pages."""

import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any, override

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from codetrack.platforms.leetcode import LEVELS, RECENT, LeetCode

from . import history
from .flavours import SLUGS
from .graphql import CannotQuery, Refused, Resolver, answer
from .history import DAY, Result, Round, Sent, Task
from .platform import Direct, PretendPlatform, Reply
from .world import Account, NoSuchAccount, World

KEY = LeetCode.key
FIELD = 740_000  # how many are rated there, of whom the world knows a few
GROUPS = (("fundamental", 0, 8), ("intermediate", 8, 15), ("advanced", 15, 99))
STATUS = {
    "OK": "Accepted",
    "WRONG_ANSWER": "Wrong Answer",
    "TIME_LIMIT_EXCEEDED": "Time Limit Exceeded",
    "MEMORY_LIMIT_EXCEEDED": "Memory Limit Exceeded",
    "RUNTIME_ERROR": "Runtime Error",
    "COMPILATION_ERROR": "Compile Error",
    "TESTING": "Pending",
}
FORGERY_PAGE = b"""<!DOCTYPE html><html lang="en"><head><title>403 Forbidden</title></head>
<body><h1>Forbidden</h1><p>CSRF verification failed. Request aborted.</p></body></html>"""


class GraphQL:
    """The roots of the API over a world, without HTTP."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.roots: dict[str, Resolver] = {
            "matchedUser": self.matched_user,
            "allQuestionsCount": self.all_questions_count,
            "userContestRanking": self.user_contest_ranking,
            "userContestRankingHistory": self.user_contest_ranking_history,
            "recentSubmissionList": self.recent_submission_list,
            "recentAcSubmissionList": self.recent_ac_submission_list,
            "allContests": self.all_contests,
            "questionList": self.question_list,
        }

    def answer(self, path: str, body: Mapping[str, Any]) -> Reply:
        """Of the one address that there is; `body` has the query and its variables."""
        try:
            said = answer(str(body.get("query")), body.get("variables") or {}, self.roots)
        except CannotQuery as error:
            return Reply(400, msgspec.json.encode({"errors": [{"message": str(error)}]}))
        return Reply(200, msgspec.json.encode(said))

    def matched_user(self, username: str) -> object:
        account = self._account(username)
        if account is None:
            raise Refused("That user does not exist.")
        return {
            "username": account.handle,
            "githubUrl": None,
            "twitterUrl": None,
            "linkedinUrl": None,
            "contributions": {"points": 100, "questionCount": 0, "testcaseCount": 0},
            "profile": _profile(account),
            "submitStats": lambda: self._stats(account),
            "submissionCalendar": lambda: self._calendar(account),
            "userCalendar": lambda: self._user_calendar(account),
            "tagProblemCounts": lambda: self._topics(account),
            "languageProblemCount": lambda: [
                {"languageName": account.language, "problemsSolved": len(self._solved(account))}
            ],
            "badges": [],
            "upcomingBadges": [],
            "activeBadge": None,
        }

    def all_questions_count(self) -> object:
        levels = Counter(task.level for task in self.world.catalogue())
        return [{"difficulty": level, "count": count} for level, count in _with_all(levels)]

    def user_contest_ranking(self, username: str) -> object:
        account = self._account(username)
        if account is None or not account.results:
            return None
        rating = _rating(account, account.results[-1])
        place = round(FIELD / (1 + math.exp((rating - 1_480) / 130)))
        return {
            "attendedContestsCount": len(account.results),
            "rating": rating,
            "globalRanking": place + 1,
            "totalParticipants": FIELD,
            "topPercentage": round(100 * (place + 1) / FIELD, 2),
            "badge": _badge(rating),
        }

    def user_contest_ranking_history(self, username: str) -> object:
        """A row for every contest ever, whoever attended it."""
        account = self._account(username)
        if account is None:
            return None
        attended = {result.round.id: result for result in account.results}
        rows, rating = [], 1_500.0
        for game in self._over():
            result = attended.get(game.id)
            rows.append(self._row(account, game, result, rating))
            rating = _rating(account, result) if result else rating
        return rows

    def recent_submission_list(self, username: str, limit: int) -> object:
        return self._recent(username, limit, frozenset(STATUS))

    def recent_ac_submission_list(self, username: str, limit: int) -> object:
        return self._recent(username, limit, frozenset({"OK"}))

    def all_contests(self) -> object:
        return [
            {
                "title": game.name,
                "titleSlug": game.key,
                "startTime": game.start,
                "duration": game.seconds,
                "originStartTime": game.start,
                "isVirtual": False,
                "containsPremium": False,
            }
            for game in reversed(self.world.rounds)
        ]

    def question_list(
        self,
        skip: int,
        limit: int,
        categorySlug: str = "",  # noqa: N803
        filters: object = None,
    ) -> object:
        tasks = self.world.catalogue()[::-1]
        page = enumerate(tasks[skip : skip + limit], start=skip + 1)
        return {"totalNum": len(tasks), "data": [_question(number, task) for number, task in page]}

    def _account(self, username: str) -> Account | None:
        try:
            return self.world.find(username)
        except NoSuchAccount:
            return None

    def _solved(self, account: Account) -> dict[str, Task]:
        sent = self.world.attempts(account)
        return {one.task.key: one.task for one in sent if one.verdict == "OK"}

    def _stats(self, account: Account) -> object:
        sent = self.world.attempts(account)
        accepted = [one for one in sent if one.verdict == "OK"]
        return {"totalSubmissionNum": _tallies(sent), "acSubmissionNum": _tallies(accepted)}

    def _calendar(self, account: Account) -> str:
        """Of a year, in no order, as a text."""
        days = Counter(_stamp(sent) // DAY * DAY for sent in self.world.attempts(account))
        since = int(self.world.clock()) - 365 * DAY
        shown = {str(day): count for day, count in days.items() if day >= since}
        return json.dumps(dict(sorted(shown.items(), key=lambda pair: pair[0][::-1])))

    def _user_calendar(self, account: Account) -> object:
        calendar = self._calendar(account)
        return {
            "activeYears": sorted({_year(sent) for sent in self.world.attempts(account)}),
            "streak": account.career.streak,
            "totalActiveDays": len(json.loads(calendar)),
            "dccBadges": [],
            "submissionCalendar": calendar,
        }

    def _topics(self, account: Account) -> object:
        solved = Counter(tag for task in self._solved(account).values() for tag in task.tags)
        return {
            group: [
                {
                    "tagName": topic,
                    "tagSlug": SLUGS.key(topic),
                    "problemsSolved": solved[topic],
                }
                for topic in SLUGS.topics[first:last]
                if solved[topic]
            ]
            for group, first, last in GROUPS
        }

    def _over(self) -> list[Round]:
        now = self.world.clock()
        return [game for game in self.world.rounds if game.end + history.SETTLING <= now]

    def _row(self, account: Account, game: Round, result: Result | None, rating: float) -> object:
        row = {
            "attended": result is not None,
            "rating": rating,
            "ranking": 0,
            "trendDirection": "NONE",
            "problemsSolved": 0,
            "totalProblems": len(game.tasks),
            "finishTimeInSeconds": 0,
            "contest": {"title": game.name, "titleSlug": game.key, "startTime": game.start},
        }
        if result is None:
            return row
        return row | {
            "rating": _rating(account, result),
            "ranking": result.rank,
            "trendDirection": "UP" if result.new >= result.old else "DOWN",
            "problemsSolved": min(len(game.tasks), 1 + account.number % 4),
            "finishTimeInSeconds": game.seconds - account.number % 3_600,
        }

    def _recent(self, username: str, limit: int, verdicts: frozenset[str]) -> object:
        account = self._account(username)
        if account is None:
            return []
        sent = [one for one in self.world.attempts(account) if one.verdict in verdicts]
        return [_submission(one) for one in sent[: min(limit, RECENT)]]


def adapter(world: World, base_url: str | None = None) -> LeetCode:
    """The real adapter over a world, without HTTP: how the demo club gets its first data."""
    return LeetCode(Direct(GraphQL(world).answer, LeetCode.home_url), base_url)


class PretendLeetCode(PretendPlatform):
    """The server."""

    key, name = KEY, LeetCode.name
    renamed = {b'"data"': b'"payload"'}

    @override
    def routes(self) -> Iterable[Route]:
        return (
            Route("/graphql", self.graphql, methods=["POST"]),
            Route("/u/{handle}/", self.profile),
            Route("/profile/", self.settings),
        )

    async def graphql(self, request: Request) -> Response:
        body, own = await request.body(), "referer" in request.headers
        return await self.send(
            lambda: self._answer(body) if own else Reply(403, FORGERY_PAGE, "text/html")
        )

    def _answer(self, body: bytes) -> Reply:
        try:
            asked = msgspec.json.decode(body, type=dict[str, Any])
        except msgspec.DecodeError:
            return Reply(400, b'{"errors": [{"message": "POST body sent invalid JSON."}]}')
        return GraphQL(self.world).answer("graphql", asked)


def _with_all(levels: Mapping[str, int]) -> list[tuple[str, int]]:
    counts = [(level, levels.get(level, 0)) for level in LEVELS]
    return [("All", sum(count for _, count in counts)), *counts]


def _tallies(sent: Iterable[Sent]) -> object:
    """Problems and submissions by difficulty."""
    rows = list(sent)
    problems = Counter({one.task.key: one.task.level for one in rows}.values())
    submissions = dict(_with_all(Counter(one.task.level for one in rows)))
    return [
        {"difficulty": level, "count": count, "submissions": submissions[level]}
        for level, count in _with_all(problems)
    ]


def _profile(account: Account) -> dict[str, Any]:
    texts = account.texts
    return {
        "realName": texts["real_name"],
        "userAvatar": "https://assets.leetcode.com/users/default_avatar.jpg",
        "birthday": None,
        "ranking": 600_000 + account.number,
        "reputation": 0,
        "websites": texts["website"].split(),
        "countryName": account.place.country,
        "company": texts["company"] or None,
        "school": texts["school"] or None,
        "skillTags": [],
        "aboutMe": texts["about"],
        "starRating": 2,
    }


def _rating(account: Account, result: Result) -> float:
    """Ratings have a fraction there, which rounding takes away again."""
    return result.new + (result.round.id * 7 + account.number * 13) % 97 / 100 - 0.48


def _badge(rating: float) -> dict[str, str] | None:
    tier = LeetCode.tier(round(rating))
    return {"name": tier.name} if tier and tier.floor >= 1_850 else None


def _stamp(sent: Sent) -> int:
    """When it can be seen: ids rise in that order, and what is played later is not older."""
    return history.EPOCH + sent.id // history.ACCOUNTS


def _year(sent: Sent) -> int:
    return 1970 + int(_stamp(sent) // (365.2425 * DAY))


def _submission(sent: Sent) -> dict[str, str]:
    return {
        "title": sent.task.name,
        "titleSlug": sent.task.key,
        "timestamp": str(_stamp(sent)),
        "statusDisplay": STATUS[sent.verdict],
        "lang": sent.language,
    }


def _question(number: int, task: Task) -> dict[str, Any]:
    return {
        "acRate": max(12.5, 75.25 - task.difficulty / 60),
        "difficulty": task.level,
        "freqBar": None,
        "questionFrontendId": str(number),
        "isFavor": False,
        "isPaidOnly": False,
        "status": None,
        "title": task.name,
        "titleSlug": task.key,
        "topicTags": [
            {"name": tag, "id": f"tag-{SLUGS.key(tag)}", "slug": SLUGS.key(tag)}
            for tag in task.tags
        ],
        "hasSolution": True,
        "hasVideoSolution": False,
    }
