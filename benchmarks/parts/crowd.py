"""Many listeners in one process: connects them, waits for what is broadcast, says how late it came.

`python -m benchmarks.parts.crowd PORT COUNT BROADCASTS` reads a header line a listener from
standard input. It prints "ready" when all listen, and at the end what was delivered, as JSON.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from typing import cast

import uvloop

AT_ONCE = 100
PATIENCE = 30
HANDSHAKE = (
    "GET /ws/ HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
    "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n{header}\r\n\r\n"
)


def frame(content: object) -> bytes:
    """A text message as clients send it, under 64 KiB; masked by nothing but zeros."""
    text = json.dumps(content).encode()
    if len(text) < 126:
        return bytes([0x81, 0x80 | len(text), 0, 0, 0, 0]) + text
    return bytes([0x81, 0x80 | 126]) + len(text).to_bytes(2) + bytes(4) + text


class Listener(asyncio.Protocol):
    """Reads frames by hand: a client library would need more of the machine than the server."""

    def __init__(self, header: str) -> None:
        self.header = header
        self.buffer = b""
        self.transport: asyncio.Transport
        self.open = False

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast("asyncio.Transport", transport)
        self.transport.write(HANDSHAKE.format(header=self.header).encode())

    def data_received(self, data: bytes) -> None:
        data = self.buffer + data
        if not self.open:
            head, found, data = data.partition(b"\r\n\r\n")
            if not found:
                self.buffer = head
                return
            if b" 101 " not in head:
                self.refused(head)
                return
            self.open = True
            self.opened()
        while len(data) >= 4:
            begin, size = (4, int.from_bytes(data[2:4])) if data[1] == 126 else (2, data[1])
            if len(data) < begin + size:
                break
            if data[0] == 0x81:
                self.heard(data[begin : begin + size])
            data = data[begin + size :]
        self.buffer = data

    def say(self, content: object) -> None:
        self.transport.write(frame(content))

    def refused(self, head: bytes) -> None:
        """The handshake failed."""
        print(head, file=sys.stderr)
        os._exit(1)

    def opened(self) -> None:
        """The handshake is done."""

    def heard(self, text: bytes) -> None:
        """A message came."""


class Ear(Listener):
    """Says what its header line holds after the first tab, and notes when each event comes."""

    def __init__(self, line: str, late: list[int]) -> None:
        header, _, self.wish = line.partition("\t")
        super().__init__(header)
        self.late = late
        self.listening = asyncio.Event()

    def opened(self) -> None:
        if self.wish:
            self.say(json.loads(self.wish))

    def heard(self, text: bytes) -> None:
        now = time.monotonic_ns()
        if b'"data"' in text:
            self.late.append(now - json.loads(text)["data"]["at"])
        elif b'"listening"' in text:
            self.listening.set()
        elif text.startswith(b'{"ping"'):
            self.say({"pong": json.loads(text)["ping"]})


async def listen(port: int, lines: list[str], broadcasts: int) -> dict[str, float]:
    late: list[int] = []
    loop = asyncio.get_running_loop()
    room = asyncio.Semaphore(AT_ONCE)

    async def connect(line: str) -> asyncio.Transport:
        async with room:
            transport, ear = await loop.create_connection(
                lambda: Ear(line, late), "127.0.0.1", port
            )
            await ear.listening.wait()
            return transport

    connections = await asyncio.gather(*map(connect, lines))
    print("ready", flush=True)
    expected = len(lines) * broadcasts
    end = None
    while len(late) < expected and (end is None or time.monotonic() < end):
        await asyncio.sleep(0.05)
        if late and end is None:
            end = time.monotonic() + PATIENCE
    for connection in connections:
        connection.abort()
    delivered = len(late)
    late = sorted(late) or [0]
    return {
        "delivered": delivered,
        "expected": expected,
        "p50": late[len(late) // 2] / 1e6,
        "p99": late[int(len(late) * 0.99)] / 1e6,
    }


def main() -> None:
    port, count, broadcasts = map(int, sys.argv[1:4])
    lines = [sys.stdin.readline().rstrip("\n") for _ in range(count)]
    print(json.dumps(uvloop.run(listen(port, lines, broadcasts))), flush=True)
    os._exit(0)  # thousands of sockets need no goodbye


if __name__ == "__main__":
    main()
