"""A pretend Codeforces over real HTTP: the public API in the platform's shapes, plain pages."""

import asyncio
import html
import math
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qsl

import msgspec
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from codetrack.platforms import base
from codetrack.platforms.codeforces import Codeforces

from .history import LETTERS, Result, Round, Sent, Task
from .trouble import CHALLENGE_PAGE, Mode, Trouble
from .world import Account, NoSuchAccount, World

KEY = "codeforces"
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

    def answer(self, method: str, params: Mapping[str, str]) -> tuple[int, bytes]:
        """The HTTP status and the body."""
        try:
            result = self.methods[method](params)
        except Refused as refused:
            return failed(str(refused))
        return 200, msgspec.json.encode({"status": "OK", "result": result})

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


def failed(comment: str, status: int = 400) -> tuple[int, bytes]:
    return status, msgspec.json.encode({"status": "FAILED", "comment": comment})


def adapter(world: World, base_url: str | None = None) -> Codeforces:
    """The real adapter over a world, without HTTP: how the demo club gets its first data."""
    return Codeforces(_Direct(Api(world)), base_url)


class _Direct:
    """A `base.Client` that asks the API in this process."""

    def __init__(self, api: Api) -> None:
        self.api = api

    def get(
        self,
        path: str,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> base.Response:
        status, body = self.api.answer(path.removeprefix("api/"), params or {})
        headers = {"content-type": "application/json"}
        return base.Response(status=status, headers=headers, body=body, url=Codeforces.home_url)

    def post(self, path: str, data: Mapping[str, str]) -> base.Response:
        return self.get(path, data)

    def post_json(
        self, path: str, data: Mapping[str, object], headers: Mapping[str, str] | None = None
    ) -> base.Response:
        raise NotImplementedError("the API of Codeforces takes no JSON")


class Gate:
    """The platform's own limit: a request every `interval` seconds in the long run.

    A few may be early: intervals are scaled down here, but the hiccups of the machine are not.
    """

    def __init__(self, interval: float, early: int = 5) -> None:
        self.interval, self.slack = interval, interval * early
        self._next = 0.0
        self._lock = threading.Lock()

    def opens(self) -> bool:
        with self._lock:
            now = time.monotonic()
            if now < self._next - self.slack:
                return False
            self._next = max(now, self._next) + self.interval
            return True


class PretendCodeforces:
    """The server: `app` is the ASGI application, `trouble` breaks it."""

    def __init__(self, world: World, interval: float = 0.0, control_url: str = "") -> None:
        self.world = world
        #: Where the profiles are edited: the control page on the site itself.
        self.control_url = control_url
        self.api = Api(world)
        self.gate = Gate(interval)
        self.trouble = Trouble()
        #: Requests to the API that were answered in any way.
        self.requests = 0
        methods = ["GET", "POST"]
        self.app = Starlette(
            routes=[
                Route("/api/{method}", self.call, methods=methods),
                Route("/profile/{handle}", self.profile),
                Route("/settings/{page}", self.settings),
                Route("/{path:path}", self.page),
            ]
        )

    async def call(self, request: Request) -> Response:
        self.requests += 1
        method = request.path_params["method"]
        if method not in self.api.methods:
            return HTMLResponse("<h1>No such page in the pretend Codeforces</h1>", 404)
        params = dict(request.query_params) | dict(parse_qsl((await request.body()).decode()))
        trouble = self.trouble.take()
        if trouble.mode is Mode.SLOW:
            await asyncio.sleep(trouble.seconds)
        broken = _broken(trouble.mode, trouble.seconds)
        if broken:
            return broken
        if not self.gate.opens():
            return _json(*failed("Call limit exceeded"))
        return _json(*_bent(trouble.mode, *self.api.answer(method, params)))

    async def profile(self, request: Request) -> Response:
        try:
            account = self.world.find(request.path_params["handle"])
        except NoSuchAccount:
            return _page("Nobody here", "Nobody in the pretend world has this handle.", 404)
        rating = (
            "unrated" if account.rating is None else f"{account.rating}, {_rank(account.rating)}"
        )
        lines = [
            account.name,
            account.organization,
            f"Rating: {rating}",
            f"From {account.place.city}",
        ]
        return _page(account.handle, "<br>".join(html.escape(line) for line in lines if line))

    async def settings(self, request: Request) -> Response:
        """Nobody signs in here, so the settings are those of everybody, on the control page."""
        if self.control_url:
            return RedirectResponse(self.control_url)
        return await self.page(request)

    async def page(self, request: Request) -> Response:
        text = (
            "This server pretends to be Codeforces for the demo club. Everybody in it is invented."
        )
        return _page("Pretend Codeforces", text)


def _broken(mode: Mode, seconds: float) -> Response | None:
    """The answer of a platform that is broken so that it does not answer at all."""
    if mode is Mode.LIMITED:
        return Response("Too many requests", 429, {"Retry-After": str(round(seconds))})
    if mode is Mode.DOWN:
        return HTMLResponse("<h1>Codeforces (pretend) is temporarily unavailable</h1>", 503)
    if mode is Mode.CHALLENGE:
        return HTMLResponse(CHALLENGE_PAGE, 403, {"cf-mitigated": "challenge"})
    return None


def _bent(mode: Mode, status: int, body: bytes) -> tuple[int, bytes]:
    """An answer after what a half-broken platform does to it."""
    if mode is Mode.TRUNCATED:
        return status, body[: len(body) // 2]
    if mode is Mode.LAYOUT:
        return status, body.replace(b'"handle"', b'"login"').replace(b'"name"', b'"label"')
    return status, body


def _json(status: int, body: bytes) -> Response:
    return Response(body, status, media_type="application/json")


def _page(title: str, text: str, status: int = 200) -> Response:
    frame = "<!doctype html><html lang=en><meta charset=utf-8><title>{0} - pretend</title>"
    return HTMLResponse(
        f"{frame}<h1>{{0}}</h1><p>{{1}}</p>".format(html.escape(title), text), status
    )


def _rank(rating: int) -> str:
    tier = Codeforces.tier(rating)
    return tier.name.lower() if tier else ""


def _user(account: Account) -> dict[str, Any]:
    shown: dict[str, Any] = {
        "handle": account.handle,
        "firstName": account.first_name,
        "lastName": account.last_name,
        "organization": account.organization,
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
