"""A mail server and a web server on loopback that answer as a test tells them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.core.servers import MailServer, WebServer


@pytest.fixture
def mail_server() -> Iterator[MailServer]:
    with MailServer() as server:
        yield server


@pytest.fixture
def web_server() -> Iterator[WebServer]:
    with WebServer() as server:
        yield server
