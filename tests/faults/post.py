"""A mail server that takes its time, and may do something at the very moment it accepts a mail."""

from __future__ import annotations

import asyncio
import email
import random
import time
from collections.abc import Callable
from typing import Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.postgres import free_port


class Post:
    """`arrivals` holds when which Message-ID was accepted; `before_answer` runs just before 250."""

    def __init__(self, *, slowness: float = 0.02) -> None:
        self.arrivals: list[tuple[float, str]] = []
        self.slowness = slowness
        self.before_answer: Callable[[], None] = lambda: None
        self.controller = Controller(self, hostname="127.0.0.1", port=free_port())

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.controller.port}"

    async def handle_DATA(  # noqa: N802 - the name that aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        await asyncio.sleep(random.uniform(0, self.slowness))
        assert isinstance(envelope.content, bytes)
        message_id = email.message_from_bytes(envelope.content)["Message-ID"]
        self.arrivals.append((time.time(), message_id))
        self.before_answer()
        return "250 OK"

    def __enter__(self) -> Self:
        self.controller.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.controller.stop()
