"""The same application for ASGI servers: pages over a bridge to WSGI, and the sockets.

Django's own ASGI handler is 4 to 11 times slower for sync views, and async views do not help:
docs/decisions/wsgi-bridge.md.
"""

from __future__ import annotations

from http import HTTPStatus
from typing import TYPE_CHECKING

from a2wsgi import WSGIMiddleware
from django.conf import settings

from codetrack.config.bodies import WholeBodies
from codetrack.config.wsgi import application as wsgi
from codetrack.live.socket import Sockets

if TYPE_CHECKING:
    from asgiref.typing import ASGIReceiveCallable, ASGISendCallable, Scope

THREADS = 10

pages = WholeBodies(
    WSGIMiddleware(wsgi, workers=THREADS),  # type: ignore[arg-type] # Django is stricter
    longest=settings.DATA_UPLOAD_MAX_MEMORY_SIZE + 65_536,  # Django explains a little too much
    seconds=30,
    together=32_000_000,
)
sockets = Sockets()


async def application(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    match scope["type"]:
        case "websocket":
            await sockets(scope, receive, send)
        case "lifespan":
            await _lifespan(receive, send)
        case _:
            await pages(scope, receive, send)


async def live(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    """The sockets alone, for a process beside those that serve pages."""
    if scope["type"] != "http":
        await application(scope, receive, send)
        return
    is_monitor = scope["path"] == "/healthz"
    text = b"ok\n" if is_monitor else b"Here are only sockets, at /ws/.\n"
    headers = [(b"content-type", b"text/plain"), (b"content-length", str(len(text)).encode())]
    status = HTTPStatus.OK if is_monitor else HTTPStatus.NOT_FOUND
    await send(
        {"type": "http.response.start", "status": status, "headers": headers, "trailers": False}
    )
    await send({"type": "http.response.body", "body": text, "more_body": False})


async def _lifespan(receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
    """What stands behind the sockets begins with the first of them, and ends with the server."""
    await receive()
    await send({"type": "lifespan.startup.complete"})
    await receive()
    await sockets.service.stop()
    await send({"type": "lifespan.shutdown.complete"})
