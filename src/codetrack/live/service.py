"""What stands behind the sockets of a process: begun with the first of them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from codetrack.live import reading
from codetrack.live.asking import Asking
from codetrack.live.hub import Hub
from codetrack.live.memory import Entry
from codetrack.live.tail import Tail


class Service:
    """The hub, the threads that ask the database, and the one that follows the log."""

    def __init__(self) -> None:
        self._hub: Hub | None = None
        self._beginning: asyncio.Lock | None = None

    async def hub(self) -> Hub:
        """The hub, which follows the log by now. Raises `django.db.Error` when that cannot be."""
        self._beginning = self._beginning or asyncio.Lock()
        async with self._beginning:
            if self._hub is None:
                self._hub = await self._begin()
        return self._hub

    async def _begin(self) -> Hub:
        asking = Asking()
        try:
            memory = await asking.ask(reading.newest)
        except BaseException:
            asking.stop()
            raise
        hub = Hub(memory, asking)
        loop = asyncio.get_running_loop()

        def take(entries: Sequence[Entry]) -> None:
            with suppress(RuntimeError):  # the loop was closed without a word
                loop.call_soon_threadsafe(hub.take, entries)

        self._tail = Tail(after=memory.last, take=take)
        self._tail.start()
        self._watch = loop.create_task(hub.watch())
        return hub

    def say_goodbye(self) -> None:
        """Send every client away; it comes back to another process, or to the next one."""
        if self._hub:
            self._hub.close_all()

    async def stop(self) -> None:
        """End all of it; what still listens is the server's to close."""
        if self._hub is None:
            return
        hub, self._hub, self._beginning = self._hub, None, None
        self._watch.cancel()
        hub.stop()
        await asyncio.to_thread(self._tail.stop)
        await asyncio.to_thread(hub.asking.stop)
