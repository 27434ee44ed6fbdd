"""The door for sockets, `/ws/`: who may come in, how much each may say, and in which words.

A plain ASGI application; what is told to whom is the hub's.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from http import HTTPStatus
from typing import TYPE_CHECKING, Annotated, cast

import msgspec
import structlog
from django.conf import settings
from django.db import Error

from codetrack.live import keys
from codetrack.live.asking import Busy
from codetrack.live.connection import Connection
from codetrack.live.hub import NO_ANSWER
from codetrack.live.limits import CONNECTIONS_OF_ONE, HEARD, HEARD_SECONDS, LONGEST
from codetrack.live.memory import said
from codetrack.live.service import Service

if TYPE_CHECKING:
    from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, WebSocketScope
    from django.contrib.auth.base_user import AbstractBaseUser

    from codetrack.live.connection import Send
    from codetrack.live.hub import Hub

PATH = "/ws/"

TOO_OFTEN = (1008, "That was too often. Say less at a time.")
NOT_UNDERSTOOD = (1008, "This is no message that is known here; see docs/reference/live.md.")
TOO_LONG = (1009, "A message has at most 4096 bytes.")

REASONS = {
    HTTPStatus.UNAUTHORIZED: "Sign in first, or send a token that works.",
    HTTPStatus.FORBIDDEN: "Only pages of this site may listen here.",
    HTTPStatus.NOT_FOUND: "There is nothing here; listen at /ws/.",
    HTTPStatus.TOO_MANY_REQUESTS: "You have too many connections open. Close some of them.",
    HTTPStatus.SERVICE_UNAVAILABLE: "There are too many connections. Please try again soon.",
}

log = structlog.get_logger(__name__)

Place = Annotated[int, msgspec.Meta(ge=0, le=2**63 - 1)]


class Wish(msgspec.Struct, forbid_unknown_fields=True):
    """What a client says; `pong` only shows that it is there."""

    listen: list[str] | None = None
    after: Place | None = None
    leave: list[str] | None = None
    pong: int | None = None


class Refused(Exception):
    """The handshake is answered with this status."""

    def __init__(self, status: HTTPStatus) -> None:
        super().__init__(status)
        self.status = status


class Sockets:
    """An ASGI application for the scope `websocket`."""

    def __init__(self) -> None:
        self.service = Service()

    async def __call__(
        self, scope: WebSocketScope, receive: ASGIReceiveCallable, send: ASGISendCallable
    ) -> None:
        await receive()  # the request to connect
        try:
            key = _key_of(scope)
            hub, user = await self._admit(key)
        except Refused as refused:
            await _deny(scope, receive, send, refused.status)
            return
        except (Error, Busy) as error:
            log.warning("live.refused", error=repr(error))
            await _deny(scope, receive, send, HTTPStatus.SERVICE_UNAVAILABLE)
            return
        now = asyncio.get_running_loop().time()
        connection = Connection(
            key=key, user=user, send=cast("Send", send), memory=hub.memory, now=now
        )
        await _serve(hub, connection, receive)

    async def _admit(self, key: keys.Key) -> tuple[Hub, AbstractBaseUser]:
        hub = await self.service.hub()
        user = await hub.asking.ask(key.user)
        if user is None:
            raise Refused(HTTPStatus.UNAUTHORIZED)
        if len(hub.connections) >= settings.LIVE_CONNECTIONS:
            raise Refused(HTTPStatus.SERVICE_UNAVAILABLE)
        if hub.count_of(user.pk) >= CONNECTIONS_OF_ONE:
            raise Refused(HTTPStatus.TOO_MANY_REQUESTS)
        return hub, user


def _key_of(scope: WebSocketScope) -> keys.Key:
    if scope["path"] != PATH:
        raise Refused(HTTPStatus.NOT_FOUND)
    headers = keys.read(scope["headers"])
    key = keys.key_in(headers)
    if key is None:
        raise Refused(HTTPStatus.UNAUTHORIZED)
    if isinstance(key, keys.SessionKey) and not keys.is_own_page(headers):
        raise Refused(HTTPStatus.FORBIDDEN)
    return key


async def _deny(
    scope: WebSocketScope,
    receive: ASGIReceiveCallable,
    send: ASGISendCallable,
    status: HTTPStatus,
) -> None:
    """Say why in the answer to the handshake, where the server can."""
    if "websocket.http.response" not in (scope.get("extensions") or {}):
        await send({"type": "websocket.close", "code": 1008, "reason": REASONS[status]})
        return
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers.append((b"retry-after", b"5"))
    await send({"type": "websocket.http.response.start", "status": status, "headers": headers})
    body = f"{REASONS[status]}\n".encode()
    await send({"type": "websocket.http.response.body", "body": body, "more_body": False})
    with suppress(TimeoutError):  # uvicorn complains of whoever leaves before the client is gone
        async with asyncio.timeout(1):
            await receive()
            await receive()


async def _serve(hub: Hub, connection: Connection, receive: ASGIReceiveCallable) -> None:
    """Hear what the client says, until one of both leaves."""
    hub.add(connection)
    try:
        await connection.send({"type": "websocket.accept", "subprotocol": None, "headers": []})
        connection.start()
        connection.tell([said({"hello": hub.memory.last})])
        while (message := await receive())["type"] == "websocket.receive":
            if not connection.closing:
                await _hear(hub, connection, message.get("text") or "")
            while connection.outbox and not connection.closing:
                await asyncio.sleep(0.05)  # it reads slowly: its next wish waits
    except asyncio.CancelledError:
        if not connection.closing:
            raise
    except OSError:
        pass  # it went away while it was let in
    finally:
        hub.remove(connection)


async def _hear(hub: Hub, connection: Connection, text: str) -> None:
    now = asyncio.get_running_loop().time()
    if not _counted(connection, now):
        connection.close(*TOO_OFTEN)
    elif len(text.encode()) > LONGEST:
        connection.close(*TOO_LONG)
    else:
        await _obey(hub, connection, text)


def _counted(connection: Connection, now: float) -> bool:
    """Whether the client has not said too much of late."""
    if now // HEARD_SECONDS != connection.heard_at // HEARD_SECONDS:
        connection.heard = 0
    connection.heard += 1
    connection.heard_at = now
    return connection.heard <= HEARD


async def _obey(hub: Hub, connection: Connection, text: str) -> None:
    try:
        wish = msgspec.json.decode(text, type=Wish)
    except (msgspec.DecodeError, UnicodeEncodeError):
        connection.close(*NOT_UNDERSTOOD)
        return
    try:
        if wish.leave is not None:
            hub.leave(connection, wish.leave)
        if wish.listen is not None:
            await hub.listen(connection, wish.listen, wish.after)
    except (Error, Busy) as error:
        log.warning("live.not_answered", error=repr(error))
        connection.close(*NO_ANSWER)
