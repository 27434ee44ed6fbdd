"""Real clients of a real server: a page with a session, a program with a token."""

from __future__ import annotations

import json
import socket
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from django.conf import settings
from django.db import transaction
from django.test import Client
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect

from codetrack.accounts.models import User
from codetrack.core import events
from codetrack.core.events import Payload
from codetrack.core.models import Event

#: So long a test waits for what has to come; and so long for what must not.
SECONDS, A_MOMENT = 30, 0.4


@dataclass(frozen=True, kw_only=True)
class Happened(Payload):
    tag: ClassVar[str] = "tests:thing:happened"
    number: int
    ballast: str = ""


def happen(*topics: str, number: int = 1, weight: int = 0) -> int:
    """Record an event on these topics, of about so many bytes more; its place."""
    with transaction.atomic():
        payload = Happened(number=number, ballast="7" * weight)
        event = events.record(payload, topics=topics)
    return Event.objects.values_list("seq", flat=True).get(pk=event.pk) or 0


def session_of(user: User) -> str:
    """The cookie of a browser that this member is signed in with."""
    client = Client()
    client.force_login(user)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


class Socket:
    """A client that reads what it is told."""

    def __init__(self, port: int, headers: dict[str, str], path: str = "/ws/") -> None:
        self.headers = headers
        self._opening = connect(
            f"ws://localhost:{port}{path}",
            sock=socket.create_connection(("127.0.0.1", port)),
            additional_headers=headers,
            compression=None,
            max_size=None,
            open_timeout=SECONDS,
            close_timeout=1,
            proxy=None,
        )

    def __enter__(self) -> Self:
        self.connection: ClientConnection = self._opening.__enter__()
        self.hello = self.next("hello")["hello"]
        return self

    def __exit__(self, *error: object) -> None:
        self._opening.__exit__(None, None, None)

    def say(self, content: object) -> None:
        text = content if isinstance(content, str | bytes) else json.dumps(content)
        self.connection.send(text)

    def listen(self, *topics: str, after: int | None = None) -> list[str]:
        """Listen to these; what is listened to now, where nothing was missed."""
        self.say({"listen": topics, "after": after})
        listening: list[str] = self.next("listening")["listening"]
        return listening

    def read(self, seconds: float = SECONDS) -> dict[str, Any]:
        message: dict[str, Any] = json.loads(self.connection.recv(timeout=seconds))
        return message

    def next(self, name: str, seconds: float = SECONDS) -> dict[str, Any]:
        """The next message, which has to be of this kind."""
        message = self.read(seconds)
        assert next(iter(message)) == name, message
        return message

    def numbers(self, count: int) -> list[int]:
        """The numbers of so many events that follow."""
        return [self.next("seq")["data"]["number"] for _ in range(count)]

    def hears_nothing(self) -> bool:
        try:
            message = self.connection.recv(timeout=A_MOMENT)
        except TimeoutError:
            return True
        raise AssertionError(f"It was told {message!r}")

    def closed(self, seconds: float = SECONDS) -> tuple[int, str]:
        """The code and the reason that it is closed with, whatever is told before."""
        try:
            while True:
                self.connection.recv(timeout=seconds)
        except ConnectionClosed:
            return self.connection.close_code or 0, self.connection.close_reason or ""
