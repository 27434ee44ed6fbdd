"""A mail server that takes its time, and may do something at the very moment it accepts a mail."""

from __future__ import annotations

import asyncio
import email
import random
import time
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import NamedTuple, Self

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session

from tests.core.servers import START_SECONDS
from tests.postgres import free_port


class Arrival(NamedTuple):
    """A mail that was accepted, and when its sender began with it: then the sender still lived."""

    begun: float
    message_id: str


class Post:
    """`arrivals` are in order of acceptance; `before_answer` runs just before 250."""

    def __init__(self, *, slowness: float = 0.02) -> None:
        self.arrivals: list[Arrival] = []
        self.slowness = slowness
        self.before_answer: Callable[[], None] = lambda: None
        self.controller = Controller(
            self, hostname="127.0.0.1", port=free_port(), ready_timeout=START_SECONDS
        )

    @property
    def url(self) -> str:
        return f"smtp://127.0.0.1:{self.controller.port}"

    async def handle_MAIL(  # noqa: N802
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        envelope.mail_from = address
        session.begun = time.time()
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - the name that aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope
    ) -> str:
        await asyncio.sleep(random.uniform(0, self.slowness))
        assert isinstance(envelope.content, bytes)
        message_id = email.message_from_bytes(envelope.content)["Message-ID"]
        self.arrivals.append(Arrival(session.begun, message_id))
        self.before_answer()
        return "250 OK"

    def repeated(self, killed_at: Sequence[float]) -> tuple[int, list[str]]:
        """How many mails came again because their sender was killed before it had written down that
        they were taken; and which came again for no such reason.

        The sender is killed before the second one begins with it. When the first one arrived says
        nothing: a server that has much to do takes it when its sender is dead already.
        """
        begun: dict[str, list[float]] = {}
        for arrival in self.arrivals:
            begun.setdefault(arrival.message_id, []).append(arrival.begun)
        explained, unexplained = 0, list[str]()
        for message_id, moments in begun.items():
            for one, other in pairwise(sorted(moments)):
                if any(one <= kill <= other for kill in killed_at):
                    explained += 1
                else:
                    unexplained.append(message_id)
        return explained, unexplained

    def __enter__(self) -> Self:
        self.controller.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.controller.stop()
