"""LeetCode as its adapter sees it: the GraphQL of invented members, to be bent by the tests."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from codetrack.platforms.base import Response
from codetrack.platforms.leetcode import PAGE

from .contract import answer

type Data = dict[str, Any]

NOW = int(datetime.now(UTC).timestamp())
NOBODY = {
    "message": "That user does not exist.",
    "path": ["matchedUser"],
    "extensions": {"handled": True},
}
CONTESTS = [
    {"title": f"Weekly Contest {n}", "titleSlug": f"weekly-contest-{n}", "startTime": start}
    for n, start in [
        (401, 1_718_000_000),
        (402, 1_718_604_800),
        (403, 1_719_209_600),
        (404, 1_719_814_400),
    ]
]


def counts(easy: int, medium: int, hard: int, factor: int = 2) -> list[Data]:
    numbers = {"All": easy + medium + hard, "Easy": easy, "Medium": medium, "Hard": hard}
    return [
        {"difficulty": level, "count": count, "submissions": count * factor}
        for level, count in numbers.items()
    ]


def account(username: str, **texts: Any) -> Data:
    empty = dict.fromkeys(("realName", "aboutMe", "company", "school"), None)
    return {
        "username": username,
        "profile": {**empty, "websites": [], **texts},
        "submitStats": {
            "acSubmissionNum": counts(60, 30, 4),
            "totalSubmissionNum": counts(70, 40, 5, factor=3),
        },
    }


def sent(at: int, slug: str, status: str = "Accepted", **more: Any) -> Data:
    title = slug.replace("-", " ").title()
    row = {"title": title, "titleSlug": slug, "timestamp": str(at)}
    return row | {"statusDisplay": status, "lang": "python3"} | more


class PretendGraphQL:
    """LeetCode as the adapter sees it: each query answered from its root fields."""

    def __init__(self) -> None:
        self.accounts: dict[str, Data] = {
            "nila_v": account("Nila_V", realName="Nila Vane", websites=["https://nila.test", "b"]),
            "quietkoala": account("QuietKoala"),
        }
        self.ranking: Data | None = {
            "attendedContestsCount": 3,
            "rating": 1612.51,
            "globalRanking": 90_210,
            "badge": None,
        }
        self.history: list[Data] | None = [
            {"attended": attended, "rating": rating, "ranking": rank, "contest": contest}
            for (attended, rating, rank), contest in zip(
                [(True, 1540.4, 8_000), (False, 1540.4, 0), (True, 1571.5, 5_000),
                 (True, 1612.51, 2_500)],
                CONTESTS, strict=True,
            )
        ]  # fmt: skip
        self.recent: list[Data] | None = [
            sent(NOW - 10, "two-sum"),
            sent(NOW - 90, "two-sum", "Compile Error"),
            sent(NOW - 900, "plus-one", "Wrong Answer"),
        ]
        self.accepted: list[Data] | None = [sent(NOW - 10, "two-sum"), sent(NOW - 9_000, "sqrtx")]
        self.calendar: str | None = '{"1718064000": 4, "1717977600": 2}'
        self.questions = [f"problem-{n}" for n in range(PAGE + 7)]

    def __call__(self, path: str, params: Mapping[str, Any]) -> Response:
        assert path == "graphql"
        operation, variables = params["operationName"], params["variables"]
        assert params["query"].startswith(f"query {operation}")
        data: Data = getattr(self, f"on_{operation}")(**variables)
        unknown = "matchedUser" in data and data["matchedUser"] is None
        return answer({"errors": [NOBODY], "data": data} if unknown else {"data": data})

    def on_user(self, username: str) -> Data:
        return {"matchedUser": self.accounts.get(username.lower())}

    def on_ranking(self, username: str) -> Data:
        return {"userContestRanking": self.ranking if username.lower() == "nila_v" else None}

    def on_history(self, username: str) -> Data:
        rows = self.history if username.lower() == "nila_v" else None
        return {**self._named(username), "userContestRankingHistory": rows}

    def on_recent(self, username: str, limit: int) -> Data:
        known = username.lower() in self.accounts
        return {
            **self._named(username),
            "recentSubmissionList": self.recent if known else [],
            "recentAcSubmissionList": self.accepted if known else [],
        }

    def on_calendar(self, username: str) -> Data:
        shown = {"submissionCalendar": self.calendar} if self.calendar is not None else None
        known = username.lower() in self.accounts
        return {"matchedUser": {"userCalendar": shown} if known else None}

    def on_topics(self, username: str) -> Data:
        topic = {"tagName": "Array", "tagSlug": "array", "problemsSolved": 31}
        groups = {"advanced": [], "intermediate": [], "fundamental": [topic]}
        known = username.lower() in self.accounts
        return {"matchedUser": {"tagProblemCounts": groups} if known else None}

    def on_contests(self) -> Data:
        return {"allContests": [contest | {"duration": 5_400} for contest in CONTESTS]}

    def on_problems(self, skip: int, limit: int) -> Data:
        page = [
            {
                "title": slug,
                "titleSlug": slug,
                "difficulty": "Medium",
                "topicTags": [{"name": "Array"}],
            }
            for slug in self.questions[skip : skip + limit]
        ]
        found = {"total": len(self.questions), "questions": page}
        return {"problemsetQuestionList": found}

    def _named(self, username: str) -> Data:
        user = self.accounts.get(username.lower())
        return {"matchedUser": user and {"username": user["username"]}}


REFUSED = answer(
    {"errors": [{"message": "Cannot query field 'aboutMe' on type 'UserProfileNode'."}]}, 400
)
