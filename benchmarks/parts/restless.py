"""Clients that are cut off at random and come back, each naming the place it has come to.

`python -m benchmarks.parts.restless PORT` reads a JSON list of who they are, prints "ready"
when all listen, and what each of them was told, when standard input ends.
"""

from __future__ import annotations

import asyncio
import json
import os
import random
import sys
from contextlib import suppress
from typing import Any

import uvloop

from benchmarks.parts.crowd import Listener

#: Seconds that a connection lasts, and that one stays away; at most.
LASTS, AWAY = 20.0, 3.0
#: Seconds that everybody stays on, after the last event and the last coming back.
QUIET = 3
#: Seconds after which somebody who is not let in tries again.
PATIENCE = 15


class Line(Listener):
    """One connection of a client."""

    def __init__(self, client: Client) -> None:
        super().__init__(f"Authorization: Bearer {client.token}")
        self.client = client
        self.is_cut = False

    def opened(self) -> None:
        self.say({"listen": [self.client.topic], "after": self.client.place})

    def refused(self, head: bytes) -> None:
        """The server has too much to do: as if it had been cut off."""

    def heard(self, text: bytes) -> None:
        if not self.is_cut:
            self.client.hear(json.loads(text), self)


class Client:
    def __init__(self, port: int, token: str, topic: str) -> None:
        self.port, self.token, self.topic = port, token, topic
        self.place: int | None = None
        self.told: list[int] = []
        self.cuts = self.resyncs = 0
        self.listening = asyncio.Event()

    def hear(self, message: dict[str, Any], line: Line) -> None:
        match message:
            case {"seq": seq, "data": _}:
                self.told.append(seq)
                self.place = seq
            case {"listening": _, "seq": seq}:
                self.place = seq
                self.listening.set()
            case {"resync": seq}:
                self.resyncs += 1
                self.place = seq
            case {"ping": seq}:
                self.place = seq
                line.say({"pong": seq})

    async def stands(self) -> bool:
        """Whether it came back, and was told what it had missed."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self.listening.wait(), PATIENCE)
        return self.listening.is_set()

    async def live(self, stopping: asyncio.Event) -> None:
        loop = asyncio.get_running_loop()
        while True:
            self.listening.clear()
            transport, line = await loop.create_connection(
                lambda: Line(self), "127.0.0.1", self.port
            )
            lasts = asyncio.create_task(asyncio.sleep(LASTS * random.random()))
            ends = asyncio.create_task(stopping.wait())
            await asyncio.wait({lasts, ends}, return_when=asyncio.FIRST_COMPLETED)
            if stopping.is_set() and await self.stands():
                await asyncio.sleep(QUIET)
                return
            line.is_cut = True
            transport.abort()
            self.cuts += 1
            await asyncio.sleep(AWAY * random.random())


async def follow(port: int, people: list[dict[str, str]]) -> list[dict[str, object]]:
    stopping = asyncio.Event()
    clients = [Client(port, it["token"], it["topic"]) for it in people]
    lives = [asyncio.create_task(it.live(stopping)) for it in clients]
    for client in clients:
        await client.listening.wait()
    print("ready", flush=True)
    await asyncio.to_thread(sys.stdin.read)
    stopping.set()
    await asyncio.gather(*lives)
    return [
        {"topic": it.topic, "heard": it.told, "cuts": it.cuts, "resyncs": it.resyncs}
        for it in clients
    ]


def main() -> None:
    people = json.loads(sys.stdin.readline())
    print(json.dumps(uvloop.run(follow(int(sys.argv[1]), people))), flush=True)
    os._exit(0)  # a thousand sockets need no goodbye


if __name__ == "__main__":
    main()
