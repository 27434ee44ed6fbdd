"""One client that listens: what it has been told, and how far. Knows no server and no database."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TYPE_CHECKING

from codetrack.live.keys import Key
from codetrack.live.memory import Memory, Message, said

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

type Send = Callable[[Message], Awaitable[None]]


class Connection:
    """A reader, which is the server's task, and one task of its own that writes.

    A slow client costs the others nothing: it keeps no messages but a place in the memory, and goes
    on from there, or is told that it missed too much.
    """

    __slots__ = (
        "behind",
        "check_at",
        "closing",
        "doubts",
        "heard",
        "heard_at",
        "held",
        "key",
        "memory",
        "outbox",
        "ping_at",
        "position",
        "reader",
        "send",
        "topics",
        "user",
        "user_pk",
        "waiter",
        "writer",
    )

    def __init__(
        self, *, key: Key, user: AbstractBaseUser, send: Send, memory: Memory, now: float
    ) -> None:
        self.key = key
        self.user_pk: int = user.pk
        #: Whose key it is, for a moment after that was found out.
        self.user: AbstractBaseUser | None = user
        self.send = send
        self.memory = memory
        self.topics: set[str] = set()
        #: What is said to this one alone.
        self.outbox: list[Message] = []
        self.reader = asyncio.current_task()
        self.writer: asyncio.Task[None] | None = None
        #: What the writer waits for while it has nothing to do.
        self.waiter: asyncio.Future[None] | None = None
        #: Whether the memory holds something for it, after `position`.
        self.behind = False
        self.position = 0
        #: Waits for its rights to be asked again, of which there were so many reasons.
        self.held = False
        self.doubts = 0
        self.closing = False
        #: Messages heard in the present stretch of time, and when the last one came.
        self.heard = 0
        self.heard_at = now
        self.ping_at = self.check_at = now

    @property
    def place(self) -> int:
        """Everything up to here was told, or is on its way, or does not concern it."""
        return self.position if self.behind else self.memory.last

    def fall_behind(self, seq: int) -> bool:
        """Note that this event is for it. False when it was behind already."""
        if self.behind:
            return False
        self.behind = not self.closing
        self.position = seq - 1
        return self.behind

    def tell(self, messages: Iterable[Message]) -> None:
        """Say something to this one alone."""
        if not self.closing:
            self.outbox += messages
            self.go_on()

    def close(self, code: int, reason: str) -> None:
        """Let what is being sent go out, and then say goodbye. The server ends the reading."""
        if not self.closing:
            self.closing = True
            self.behind = False
            self.outbox = [{"type": "websocket.close", "code": code, "reason": reason}]
            self.go_on()

    def abandon(self) -> None:
        """Stop waiting for a client that does not even take a goodbye."""
        self.closing = True
        if self.reader:
            self.reader.cancel()

    def start(self) -> None:
        """Begin to write: the client was let in."""
        self.writer = asyncio.create_task(self._write())

    def stop(self) -> None:
        """Write nothing more: the client is gone."""
        self.closing = True
        if self.writer:
            self.writer.cancel()

    def go_on(self) -> None:
        """Wake the writer, if it waits and has something to write."""
        if self.waiter and (self.outbox or (self.behind and not self.held)):
            waiter, self.waiter = self.waiter, None
            if not waiter.done():  # it is, when the writer was stopped
                waiter.set_result(None)

    async def _write(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            while True:
                while messages := self._next():
                    for message in messages:
                        await self.send(message)
                self.waiter = loop.create_future()
                await self.waiter
        except (OSError, RuntimeError):  # how servers say that the client is gone
            self.closing = True

    def _next(self) -> list[Message]:
        if self.outbox:
            messages, self.outbox = self.outbox, []
            return messages
        if not self.behind or self.held:
            return []
        self.behind = False
        return self.missed(self.topics, after=self.position, upto=self.memory.last)

    def missed(self, topics: set[str], *, after: int, upto: int) -> list[Message]:
        """What tells of these topics in that part of the order, or that it was too much."""
        heard = self.memory.heard(topics, after=after, upto=upto)
        if heard is None:
            return [said({"resync": upto, "topics": sorted(topics)})]
        return [entry.message(names) for entry, names in heard]
