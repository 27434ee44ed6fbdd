"""Takes a request in whole before one of the few threads works on it.

A body that is too long, too slow or more than there is room for is answered here.
"""

from __future__ import annotations

import asyncio
from http import HTTPStatus
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from asgiref.typing import (
        ASGI3Application,
        ASGIReceiveCallable,
        ASGIReceiveEvent,
        ASGISendCallable,
        HTTPScope,
        Scope,
    )

#: Bytes of a body that are not counted: the server buffers as many for any connection, and an
#: ordinary form fits in, so that it has room whatever the others send.
FREE_BYTES = 65_536

TEXTS = {
    HTTPStatus.REQUEST_TIMEOUT: "This took too long to arrive. Please send it once more.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "More than any page here takes. Go back and send less.",
    HTTPStatus.SERVICE_UNAVAILABLE: "Too much arrives at once. Please try again in a minute.",
}


class WholeBodies:
    """An ASGI application around another, which never waits for a body."""

    def __init__(
        self, app: ASGI3Application, *, longest: int, seconds: float, together: int
    ) -> None:
        """Each body has at most `longest` bytes and `seconds`; all have `together` bytes."""
        self.app = app
        self.longest = longest
        self.seconds = seconds
        self.together = together
        self.held = 0

    async def __call__(
        self, scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable
    ) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        body = bytearray()
        try:
            status = await self._read(body, scope, receive)
            if status == HTTPStatus.OK:
                await self.app(scope, _again(body, receive), send)
            else:
                await _refuse(status, send)
        finally:
            self.held -= _counted(body)

    async def _read(
        self, body: bytearray, scope: HTTPScope, receive: ASGIReceiveCallable
    ) -> HTTPStatus:
        if _announced(scope) > self.longest:
            return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
        try:
            async with asyncio.timeout(self.seconds):
                return await self._collect(body, receive)
        except TimeoutError:
            return HTTPStatus.REQUEST_TIMEOUT

    async def _collect(self, body: bytearray, receive: ASGIReceiveCallable) -> HTTPStatus:
        while True:
            message = await receive()
            if message["type"] != "http.request":
                return HTTPStatus.REQUEST_TIMEOUT  # nobody is there to read it
            self.held -= _counted(body)
            body += message["body"]
            self.held += _counted(body)
            if len(body) > self.longest:
                return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
            if self.held > self.together:
                return HTTPStatus.SERVICE_UNAVAILABLE
            if not message["more_body"]:
                return HTTPStatus.OK


def _announced(scope: HTTPScope) -> int:
    """The length that the request names; 0 when it comes in chunks or has no body."""
    return int(dict(scope["headers"]).get(b"content-length", 0))


def _counted(body: bytearray) -> int:
    return max(0, len(body) - FREE_BYTES)


def _again(body: bytearray, receive: ASGIReceiveCallable) -> ASGIReceiveCallable:
    """What the application receives: the whole body, and then what comes after it."""
    given = False

    async def again() -> ASGIReceiveEvent:
        nonlocal given
        if given:
            return await receive()
        given = True
        return {"type": "http.request", "body": bytes(body), "more_body": False}

    return again


async def _refuse(status: HTTPStatus, send: ASGISendCallable) -> None:
    """Answer and hang up: what is still to come is not read."""
    text = f"{TEXTS[status]}\n".encode()
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"content-length", str(len(text)).encode()),
        (b"connection", b"close"),
    ]
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers.append((b"retry-after", b"60"))
    await send(
        {"type": "http.response.start", "status": status, "headers": headers, "trailers": False}
    )
    await send({"type": "http.response.body", "body": text, "more_body": False})
