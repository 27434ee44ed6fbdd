"""A pretend Codeforces over real HTTP: the public API in the platform's shapes, plain pages."""

import math
from collections.abc import Callable, Iterable, Mapping
from typing import Any, override
from urllib.parse import parse_qsl

import msgspec
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from codetrack.platforms.codeforces import Codeforces

from .history import LETTERS, Result, Round, Sent, Task
from .platform import Direct, PretendPlatform, Reply, plain_page
from .world import Account, NoSuchAccount, World

KEY = Codeforces.key
PRACTICE = 2_147_483_647  # what the platform gives for "relative to the start" when there is none
PICTURE = "https://userpic.codeforces.org/no-"


class Refused(Exception):
    """What the platform answers with FAILED and this comment."""


class Api:
    """The methods of the API over a world, without HTTP."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.methods: dict[str, Callable[[Mapping[str, str]], object]] = {
            "user.info": self.user_info,
            "user.rating": self.user_rating,
            "user.status": self.user_status,
            "contest.list": self.contest_list,
            "contest.ratingChanges": self.contest_rating_changes,
            "problemset.problems": self.problems,
        }

    def answer(self, path: str, params: Mapping[str, str]) -> Reply:
        """Of a method of the API, as `api/user.info`."""
        try:
            result = self.methods[path.removeprefix("api/")](params)
        except Refused as refused:
            return failed(str(refused))
        return Reply(200, msgspec.json.encode({"status": "OK", "result": result}))

    def user_info(self, params: Mapping[str, str]) -> object:
        handles = [handle for handle in params.get("handles", "").split(";") if handle]
        if not handles:
            raise Refused("handles: Field should not be empty")
        return [_user(self._account(handle, "handles")) for handle in handles]

    def user_rating(self, params: Mapping[str, str]) -> object:
        account = self._account(params.get("handle", ""), "handle")
        return [_change(account, result) for result in account.results]

    def user_status(self, params: Mapping[str, str]) -> object:
        account = self._account(params.get("handle", ""), "handle")
        sent = self.world.attempts(account)
        start = int(params.get("from", 1)) - 1
        rows = sent[start : start + int(params.get("count", len(sent)))]
        return [self._submission(account, row) for row in rows]

    def contest_list(self, params: Mapping[str, str]) -> object:
        if params.get("gym") == "true":
            return []
        return [self._contest(game) for game in reversed(self.world.rounds)]

    def contest_rating_changes(self, params: Mapping[str, str]) -> object:
        wanted = params.get("contestId", "")
        if not any(str(game.id) == wanted for game in self.world.rounds):
            raise Refused(f"contestId: Contest with id {wanted} not found")
        rows = self.world.results_of(int(wanted))
        if not rows:
            raise Refused("contestId: Rating changes are unavailable for this contest")
        return [_change(account, result) for account, result in rows]

    def problems(self, params: Mapping[str, str]) -> object:
        tasks = self.world.catalogue()
        return {
            "problems": [self._problem(task) for task in tasks],
            "problemStatistics": [
                {"contestId": task.round, "index": task.index, "solvedCount": _solvers(task)}
                for task in tasks
            ],
        }

    def _account(self, handle: str, where: str) -> Account:
        if not 3 <= len(handle) <= 24:
            raise Refused(f"{where}: Field should contain between 3 and 24 characters, inclusive")
        try:
            return self.world.find(handle)
        except NoSuchAccount:
            raise Refused(f"{where}: User with handle {handle} not found") from None

    def _contest(self, game: Round) -> dict[str, Any]:
        since = int(self.world.clock()) - game.start
        running = "CODING" if since < game.seconds else "FINISHED"
        return {
            "id": game.id,
            "name": game.name,
            "type": "CF",
            "phase": "BEFORE" if since < 0 else running,
            "frozen": False,
            "durationSeconds": game.seconds,
            "startTimeSeconds": game.start,
            "relativeTimeSeconds": since,
        }

    def _problem(self, task: Task) -> dict[str, Any]:
        rating = self.world.rating_of(task)
        shown: dict[str, Any] = {
            "contestId": task.round,
            "index": task.index,
            "name": task.name,
            "type": "PROGRAMMING",
            "points": 500.0 * (LETTERS.index(task.index) + 1),
        }
        return shown | ({} if rating is None else {"rating": rating}) | {"tags": task.tags}

    def _submission(self, account: Account, sent: Sent) -> dict[str, Any]:
        start = self.world.round(sent.task.round).start
        contestant = sent.role == "CONTESTANT"
        return {
            "id": sent.id,
            "contestId": sent.task.round,
            "creationTimeSeconds": sent.at,
            "relativeTimeSeconds": sent.at - start if contestant else PRACTICE,
            "problem": self._problem(sent.task),
            "author": {
                "contestId": sent.task.round,
                "participantId": sent.task.round * 10_000 + account.number,
                "members": [{"handle": account.handle}],
                "participantType": sent.role,
                "ghost": False,
                "startTimeSeconds": start,
            },
            "programmingLanguage": sent.language,
            "verdict": sent.verdict,
            "testset": "TESTS",
            "passedTestCount": 40 if sent.verdict == "OK" else sent.id % 12,
            "timeConsumedMillis": 15 + sent.id % 900,
            "memoryConsumedBytes": 102_400 * (1 + sent.id % 30),
        }


def failed(comment: str) -> Reply:
    return Reply(400, msgspec.json.encode({"status": "FAILED", "comment": comment}))


def adapter(world: World, base_url: str | None = None) -> Codeforces:
    """The real adapter over a world, without HTTP: how the demo club gets its first data."""
    return Codeforces(Direct(Api(world).answer, Codeforces.home_url), base_url)


class PretendCodeforces(PretendPlatform):
    """The server."""

    key, name = KEY, Codeforces.name
    renamed = {b'"handle"': b'"login"', b'"name"': b'"label"'}

    @override
    def routes(self) -> Iterable[Route]:
        return (
            Route("/api/{method}", self.call, methods=["GET", "POST"]),
            Route("/profile/{handle}", self.profile),
            Route("/settings/{page}", self.settings),
        )

    @override
    def refusal(self) -> Reply:
        return failed("Call limit exceeded")

    async def call(self, request: Request) -> Response:
        api, method = Api(self.world), request.path_params["method"]
        if method not in api.methods:
            return plain_page("No such page", ["The pretend Codeforces does not have it."], 404)
        params = dict(request.query_params) | dict(parse_qsl((await request.body()).decode()))
        return await self.send(lambda: api.answer(method, params))

    @override
    def about(self, account: Account) -> list[str]:
        rank = [f"Rank: {_rank(account.rating)}"] if account.rating is not None else []
        return [*super().about(account), *rank, f"From {account.place.city}"]


def _rank(rating: int) -> str:
    tier = Codeforces.tier(rating)
    return tier.name.lower() if tier else ""


def _user(account: Account) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "handle": account.handle,
        "firstName": account.texts["first_name"],
        "lastName": account.texts["last_name"],
        "organization": account.texts["organization"],
        "country": account.place.country,
        "city": account.place.city,
        "contribution": 0,
        "friendOfCount": account.number % 40,
        "avatar": f"{PICTURE}avatar.jpg",
        "titlePhoto": f"{PICTURE}title.jpg",
        "lastOnlineTimeSeconds": account.last_seen,
        "registrationTimeSeconds": account.registered,
    }
    rating, best = account.rating, account.max_rating
    if rating is None or best is None:
        return shown
    ranks = {"rank": _rank(rating), "maxRank": _rank(best)}
    return shown | {"rating": rating, "maxRating": best} | ranks


def _change(account: Account, result: Result) -> dict[str, Any]:
    return {
        "contestId": result.round.id,
        "contestName": result.round.name,
        "handle": account.handle,
        "rank": result.rank,
        "ratingUpdateTimeSeconds": result.at,
        "oldRating": result.old,
        "newRating": result.new,
    }


def _solvers(task: Task) -> int:
    """An invented number that falls with difficulty."""
    return max(3, round(40_000 / math.exp((task.difficulty - 800) / 430)))
