"""A real server of sockets in a thread of this process, and clients of it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Self

import pytest
import uvicorn

from codetrack.accounts import services
from codetrack.accounts.models import User
from codetrack.config.asgi import application, sockets
from codetrack.config.embedded import server_config
from codetrack.live import hub
from codetrack.live.hub import Hub
from tests.core.waiting import until
from tests.live.clients import Socket, session_of
from tests.postgres import free_port


class Server:
    """`with Server() as server:` serves what `codetrack up` serves, without its jobs."""

    def __init__(self) -> None:
        self.port = free_port()
        config = server_config(application)
        config.port = self.port
        self.uvicorn = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.uvicorn.run, name="live-server")

    @property
    def hub(self) -> Hub:
        assert sockets.service._hub, "nobody has connected yet"
        return sockets.service._hub

    def __enter__(self) -> Self:
        self.thread.start()
        until(lambda: self.uvicorn.started, seconds=60)
        return self

    def __exit__(self, *error: object) -> None:
        self.uvicorn.should_exit = True
        self.thread.join(timeout=60)
        assert not self.thread.is_alive()


@pytest.fixture
def server(transactional_db: None, monkeypatch: pytest.MonkeyPatch) -> Iterator[Server]:
    monkeypatch.setattr(hub, "PING_SECONDS", 3_600)  # nobody is pinged unless a test wants it
    with Server() as server:
        yield server


@pytest.fixture
def page(server: Server) -> Iterator[Callable[[User], Socket]]:
    """Opens the socket of a page that this member looks at."""
    with ExitStack() as opened:

        def of(user: User) -> Socket:
            headers = {"Cookie": session_of(user), "Origin": f"http://localhost:{server.port}"}
            return opened.enter_context(Socket(server.port, headers))

        yield of


@pytest.fixture
def program(server: Server) -> Iterator[Callable[[User], Socket]]:
    """Opens the socket of a program that this member runs."""
    with ExitStack() as opened:

        def of(user: User) -> Socket:
            _token, secret = services.create_token(owner=user, name="test", may_write=False)
            headers = {"Authorization": f"Bearer {secret}"}
            return opened.enter_context(Socket(server.port, headers))

        yield of
