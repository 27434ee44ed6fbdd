"""What every pretend platform is made of: its limit, its trouble, its plain pages."""

import asyncio
import html
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from typing import Any, ClassVar, NamedTuple

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from codetrack.platforms import base
from codetrack.platforms.registry import all_platforms

from .trouble import CHALLENGE_PAGE, Mode, Trouble
from .world import Account, NoSuchAccount, World

FRAME = (
    "<!doctype html><html lang=en><meta charset=utf-8><title>{title} - pretend</title>"
    "<h1>{title}</h1><p>{text}</p>"
)


class Reply(NamedTuple):
    """What a pretend platform answers, before it is broken and sent."""

    status: int
    body: bytes
    kind: str = "application/json"


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


class PretendPlatform(ABC):
    """The server: `app` is the ASGI application, `trouble` breaks it, `gate` limits it."""

    key: ClassVar[str]
    name: ClassVar[str]
    #: What is called otherwise in an answer once the layout has changed.
    renamed: ClassVar[Mapping[bytes, bytes]]

    def __init__(self, world: World, interval: float = 0.0, control_url: str = "") -> None:
        self.world = world
        #: Where the profiles are edited: the control page on the site itself.
        self.control_url = control_url
        self.gate = Gate(interval)
        self.trouble = Trouble()
        #: Requests for data that were answered in any way.
        self.requests = 0
        self.app = Starlette(routes=[*self.routes(), Route("/{path:path}", self.page)])

    @abstractmethod
    def routes(self) -> Iterable[Route]:
        """All but the page for any other address."""

    def refusal(self) -> Reply:
        """The answer to a client that asks too often."""
        return Reply(429, b"Too many requests", "text/plain")

    async def send(self, answer: Callable[[], Reply]) -> Response:
        """Answer a request for data as far as the trouble of the moment and the limit allow."""
        self.requests += 1
        trouble = self.trouble.take()
        if trouble.mode is Mode.SLOW:
            await asyncio.sleep(trouble.seconds)
        broken = self._broken(trouble.mode, trouble.seconds)
        if broken:
            return broken
        reply = answer() if self.gate.opens() else self.refusal()
        return Response(self._bent(trouble.mode, reply.body), reply.status, media_type=reply.kind)

    async def profile(self, request: Request) -> Response:
        """A plain page about the account in the path."""
        try:
            account = self.world.find(request.path_params["handle"])
        except NoSuchAccount:
            return plain_page("Nobody here", ["Nobody in the pretend world has this handle."], 404)
        return plain_page(account.handle, self.about(account))

    def about(self, account: Account) -> list[str]:
        """The lines of the plain page of an account."""
        rating = "unrated" if account.rating is None else str(account.rating)
        texts = [text for text in account.texts.values() if text not in account.name]
        return [account.name, *texts, f"Rating: {rating}"]

    async def settings(self, request: Request) -> Response:
        """Nobody signs in here, so the settings are those of everybody, on the control page."""
        if self.control_url:
            return RedirectResponse(self.control_url)
        return await self.page(request)

    async def page(self, request: Request) -> Response:
        """Any other; that of a problem of a proof is where something can be sent in for it."""
        problems = all_platforms()[self.key].proof_problems
        path = f"/{request.path_params['path']}" if "path" in request.path_params else ""
        for problem in problems:
            if self.control_url and problem.path == path:
                return RedirectResponse(f"{self.control_url}?problem={problem.key}")
        text = f"This server pretends to be {self.name} for the demo club. Everybody is invented."
        return plain_page(f"Pretend {self.name}", [text])

    def _broken(self, mode: Mode, seconds: float) -> Response | None:
        """The answer of a platform that is broken so that it does not answer at all."""
        if mode is Mode.LIMITED:
            return Response("Too many requests", 429, {"Retry-After": str(round(seconds))})
        if mode is Mode.DOWN:
            return plain_page("Unavailable", [f"{self.name} (pretend) is down for a while."], 503)
        if mode is Mode.CHALLENGE:
            return HTMLResponse(CHALLENGE_PAGE, 403, {"cf-mitigated": "challenge"})
        return None

    def _bent(self, mode: Mode, body: bytes) -> bytes:
        """An answer after what a half-broken platform does to it."""
        if mode is Mode.TRUNCATED:
            return body[: len(body) // 2]
        if mode is Mode.LAYOUT:
            for old, new in self.renamed.items():
                body = body.replace(old, new)
        return body


class Direct:
    """A `base.Client` that asks a function of path and data in this process, without HTTP."""

    def __init__(self, answer: Callable[[str, Mapping[str, Any]], Reply], home_url: str) -> None:
        self.answer, self.home_url = answer, home_url

    def get(
        self,
        path: str,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> base.Response:
        return self._ask(path, params or {})

    def post(self, path: str, data: Mapping[str, str]) -> base.Response:
        return self._ask(path, data)

    def post_json(
        self, path: str, data: Mapping[str, object], headers: Mapping[str, str] | None = None
    ) -> base.Response:
        return self._ask(path, data)

    def _ask(self, path: str, data: Mapping[str, Any]) -> base.Response:
        reply = self.answer(path, data)
        response = base.Response(
            status=reply.status,
            headers={"content-type": reply.kind},
            body=reply.body,
            url=f"{self.home_url}/{path}",
        )
        base.check(response)
        return response


def plain_page(title: str, lines: Iterable[str], status: int = 200) -> Response:
    """A web page with a heading and some lines; empty ones are left out."""
    text = "<br>".join(html.escape(line) for line in lines if line)
    return HTMLResponse(FRAME.format(title=html.escape(title), text=text), status)
