"""Nobody holds a thread, or fills memory or disk, by what they send or do not send."""

from __future__ import annotations

import asyncio
import http.client
import socket
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
import uvicorn
from a2wsgi import WSGIMiddleware
from django.test import Client

from codetrack.config import asgi
from codetrack.config.bodies import FREE_BYTES, WholeBodies

if TYPE_CHECKING:
    from asgiref.typing import ASGISendEvent

LONGEST = 200_000
HEAD = b"POST / HTTP/1.1\r\nHost: localhost\r\n"


def count(environ: Any, start_response: Any) -> Iterable[bytes]:
    """Answers how long the body was."""
    length = len(environ["wsgi.input"].read())
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [str(length).encode()]


@contextmanager
def served(*, seconds: float = 20) -> Iterator[int]:
    """The port of a server with a single thread."""
    bridge: Any = WSGIMiddleware(count, workers=1)
    app = WholeBodies(bridge, longest=LONGEST, seconds=seconds, together=4 * LONGEST)
    config = uvicorn.Config(app, lifespan="off", log_config=None, timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    with socket.create_server(("127.0.0.1", 0)) as claimed:
        thread = threading.Thread(target=server.run, kwargs={"sockets": [claimed]})
        thread.start()
        try:
            yield claimed.getsockname()[1]
        finally:
            server.should_exit = True
            thread.join()


def post(port: int, body: bytes | Iterable[bytes]) -> tuple[int, str]:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    try:
        connection.request("POST", "/", body)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


def begin(port: int, sent: bytes) -> socket.socket:
    """A connection on which this was sent, and nothing more."""
    connection = socket.create_connection(("127.0.0.1", port), timeout=20)
    connection.sendall(sent)
    return connection


def answer_to(port: int, sent: bytes) -> bytes:
    with begin(port, sent) as connection:
        return connection.makefile("rb").readline()


@pytest.mark.parametrize("length", [0, 1, FREE_BYTES, LONGEST])
def test_a_body_arrives_whole(length: int) -> None:
    with served() as port:
        assert post(port, b"x" * length) == (200, str(length))
        assert post(port, iter([b"x" * length])) == (200, str(length))


def test_those_who_send_nothing_hold_up_nobody() -> None:
    with served() as port:
        stalled = [begin(port, HEAD + b"Content-Length: 100\r\n\r\nhalf") for _ in range(12)]
        try:
            assert post(port, b"quick") == (200, "5")
        finally:
            for connection in stalled:
                connection.close()


def test_a_body_that_does_not_come_is_given_up() -> None:
    with served(seconds=0.1) as port:
        assert b" 408 " in answer_to(port, HEAD + b"Content-Length: 100\r\n\r\nhalf")


def test_a_body_that_is_announced_too_long_is_not_read() -> None:
    with served() as port:
        length = str(LONGEST + 1).encode()
        assert b" 413 " in answer_to(port, HEAD + b"Content-Length: " + length + b"\r\n\r\n")


def test_a_body_in_chunks_is_read_up_to_the_limit_only() -> None:
    chunk = b"%x\r\n%s\r\n" % (LONGEST + 1, b"x" * (LONGEST + 1))
    with served() as port:
        assert b" 413 " in answer_to(port, HEAD + b"Transfer-Encoding: chunked\r\n\r\n" + chunk)


async def status_of(app: WholeBodies, body: bytes) -> int:
    inbox: asyncio.Queue[Any] = asyncio.Queue()
    outbox: asyncio.Queue[Any] = asyncio.Queue()
    inbox.put_nowait({"type": "http.request", "body": body, "more_body": False})
    scope: Any = {"type": "http", "headers": []}
    await app(scope, inbox.get, outbox.put)
    return int((await outbox.get())["status"])


def test_there_is_room_for_so_many_large_bodies_and_for_every_small_one() -> None:
    async def visit() -> None:
        large, busy, leave = b"x" * LONGEST, asyncio.Event(), asyncio.Event()

        async def work(scope: Any, receive: Any, send: Any) -> None:
            if len((await receive())["body"]) == LONGEST:
                busy.set()
                await leave.wait()
            await send({"type": "http.response.start", "status": 200, "headers": []})

        app = WholeBodies(work, longest=LONGEST, seconds=20, together=LONGEST)
        first = asyncio.create_task(status_of(app, large))
        await busy.wait()
        assert await status_of(app, large) == 503
        assert await status_of(app, b"small") == 200
        leave.set()
        assert await first == 200
        assert await status_of(app, large) == 200

    asyncio.run(visit())


def test_the_club_itself_takes_no_large_bodies() -> None:
    sent: list[ASGISendEvent] = []

    async def send(event: ASGISendEvent) -> None:
        sent.append(event)

    async def receive() -> Any:
        raise AssertionError("it reads what is too long")

    scope: Any = {"type": "http", "headers": [(b"content-length", b"400000000")]}
    asyncio.run(asgi.application(scope, receive, send))
    assert sent[0].get("status") == 413


@pytest.mark.django_db
def test_no_page_takes_a_file() -> None:
    """Not even to look for the token of the form in what is sent."""
    visitor = Client(enforce_csrf_checks=True)
    visitor.get("/accounts/login/")
    body = (
        "--x\r\nContent-Disposition: form-data; name=f; filename=a\r\n"
        "Content-Type: application/octet-stream\r\n\r\nz\r\n--x--\r\n"
    )
    answer = visitor.generic("POST", "/accounts/login/", body, "multipart/form-data; boundary=x")
    assert answer.status_code == 400
