"""Clients that say too much, too often, or nothing at all; none of them is felt by the others."""

from __future__ import annotations

import asyncio
import json
import socket
from collections.abc import Callable
from contextlib import suppress

import pytest
from django.conf import settings
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from codetrack.accounts.models import User
from codetrack.core import events
from codetrack.live import hub
from tests.cast import Cast
from tests.core.waiting import until
from tests.live.clients import Socket, happen, session_of
from tests.live.conftest import Server

pytestmark = pytest.mark.slow

type Opens = Callable[[User], Socket]

NO_MESSAGES: list[str | bytes] = [
    "", "nothing", "[]", "null", "1", '{"listen": "member:1"}', '{"more": 1}',
    '{"listen": [1]}',
    '{"listen": [], "after": "1"}', '{"after": -1}', '{"after": 1e400}', '{"after": 2.5}',
    '{"after": 99999999999999999999}', '{"listen": ["\\ud800"]}', '{"pong": {}}',
    "[" * 4_000, b"\x00\x01", b'{"listen": []}',
]  # fmt: skip


def test_what_is_no_message_ends_the_connection(page: Opens, cast: Cast) -> None:
    codes = {}
    for said in NO_MESSAGES:
        alice = page(cast.alice)
        alice.say(said)
        codes[said] = alice.closed()[0]
    assert codes == dict.fromkeys(NO_MESSAGES, 1008)


def test_a_message_of_more_than_4_kib_ends_the_connection(page: Opens, cast: Cast) -> None:
    alice = page(cast.alice)
    alice.say({"listen": ["x" * 4_096]})
    assert alice.closed()[0] == 1009


def test_a_message_of_4_kib_is_read(page: Opens, cast: Cast) -> None:
    alice = page(cast.alice)
    text = json.dumps({"listen": ["x" * 4_000]})
    alice.say(text + " " * (4_096 - len(text)))
    assert alice.next("refused")


def test_a_message_in_many_pieces_counts_whole(page: Opens, cast: Cast) -> None:
    alice = page(cast.alice)
    # No more than is too much: what is still on its way may tear the answer off with it.
    with suppress(ConnectionClosed):
        alice.connection.send(iter(["x" * 100] * 41))
    assert alice.closed()[0] == 1009


def test_more_than_20_messages_in_10_seconds_end_the_connection(page: Opens, cast: Cast) -> None:
    alice, bob = page(cast.alice), page(cast.bob)
    with suppress(ConnectionClosed):
        for number in range(41):  # of which 20 may fall into the stretch before
            alice.say({"pong": number})
    assert alice.closed() == (1008, "That was too often. Say less at a time.")
    assert bob.listen(f"account:{cast.bob.pk}")


def test_a_flood_does_not_hold_the_others_up(page: Opens, cast: Cast) -> None:
    alice, bob = page(cast.alice), page(cast.bob)
    topic = f"account:{cast.bob.pk}"
    bob.listen(topic)
    with suppress(ConnectionClosed):
        for _ in range(2_000):
            alice.say({"listen": ["member:1"] * 100})
    happen(topic, number=1)
    assert bob.numbers(1) == [1]
    assert alice.closed()[0] == 1008


def ask_for_a_sign(server: Server, *, silent: float = 0) -> None:
    """Let the one client be pinged next, which was not heard of for so much longer."""
    (connection,) = server.hub.connections
    connection.heard_at -= silent
    connection.ping_at = 0


def test_a_client_that_is_silent_is_left(server: Server, page: Opens, cast: Cast) -> None:
    alice = page(cast.alice)
    ask_for_a_sign(server)
    assert alice.next("ping")["ping"] == events.last()
    ask_for_a_sign(server, silent=hub.SILENCE_SECONDS)
    assert alice.closed() == (1001, "Nothing was heard from you for a minute.")


def test_a_client_that_answers_stays(server: Server, page: Opens, cast: Cast) -> None:
    alice = page(cast.alice)
    (connection,) = server.hub.connections
    silent = connection.heard_at = connection.heard_at - hub.SILENCE_SECONDS
    alice.say({"pong": 1})
    until(lambda: connection.heard_at > silent)
    ask_for_a_sign(server)
    alice.next("ping")


def test_who_is_cut_off_is_forgotten(server: Server, page: Opens, cast: Cast) -> None:
    alice = page(cast.alice)
    alice.listen(f"account:{cast.alice.pk}")
    alice.connection.socket.shutdown(socket.SHUT_RDWR)
    until(lambda: not (server.hub.connections or server.hub._by_topic or server.hub._by_user))


def handshake(port: int, cookie: str) -> bytes:
    lines = [
        "GET /ws/ HTTP/1.1", f"Host: localhost:{port}", "Connection: Upgrade",
        "Upgrade: websocket", "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", f"Cookie: {cookie}",
        f"Origin: http://localhost:{port}", "", "",
    ]  # fmt: skip
    return "\r\n".join(lines).encode()


def stalled(server: Server, user: User, topic: str) -> socket.socket:
    """A client that listens and then reads no more, with as little room as there can be."""
    client = socket.create_connection(("127.0.0.1", server.port))
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4_096)
    client.sendall(handshake(server.port, session_of(user)))
    # What is said before the answer may be lost: the server need not read it (RFC 6455, 4.1).
    assert client.recv(4_096).startswith(b"HTTP/1.1 101 ")
    text = json.dumps({"listen": [topic]}).encode()
    client.sendall(bytes([0x81, 0x80 | len(text), 0, 0, 0, 0]) + text)
    return client


def test_a_slow_client_holds_nobody_up(server: Server, page: Opens, cast: Cast) -> None:
    topic = f"member:{cast.erin.pk}"
    bob = page(cast.bob)
    bob.listen(topic)
    with stalled(server, cast.alice, topic):
        until(lambda: len(server.hub._by_topic[topic]) == 2)
        slow = next(it for it in server.hub.connections if it.user_pk == cast.alice.pk)
        for number in range(12):
            happen(topic, number=number, weight=1_000_000)
            assert bob.numbers(1) == [number]
        assert slow.behind and slow.waiter is None


def test_who_fell_behind_too_far_is_told_to_fetch_everything() -> None:
    from codetrack.live.connection import Connection
    from codetrack.live.keys import SessionKey
    from codetrack.live.memory import Memory
    from tests.live.test_resume import entry

    async def story() -> list[str]:
        told: list[str] = []
        free = asyncio.Event()

        async def send(message: dict[str, str]) -> None:
            await free.wait()
            told.append(message["text"])

        kept = Memory(since=0, last=0)
        slow = Connection(key=SessionKey("x"), user=User(pk=1), send=send, memory=kept, now=0)
        slow.topics = {"a:1"}
        slow.start()
        for seq in range(1, 500):
            kept.add(entry(seq))
            slow.fall_behind(seq)
            slow.go_on()
            await asyncio.sleep(0)
        free.set()
        await asyncio.sleep(0.01)
        slow.stop()
        return told

    told = [json.loads(text) for text in asyncio.run(story())]
    assert [message.get("seq") for message in told[:1]] == [1]
    assert told[1:] == [{"resync": 499, "topics": ["a:1"]}]


async def strangers(server: Server, count: int) -> list[bytes]:
    """So many handshakes at once with keys that open nothing; the first line of each answer."""

    async def one(number: int) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
        cookie = f"{settings.SESSION_COOKIE_NAME}={number:032}"
        writer.write(handshake(server.port, cookie))
        line = await reader.readline()
        writer.close()
        return line

    return await asyncio.gather(*map(one, range(count)))


def test_a_crowd_of_strangers_is_sent_away(server: Server, page: Opens, cast: Cast) -> None:
    bob = page(cast.bob)
    topic = f"account:{cast.bob.pk}"
    bob.listen(topic)
    lines = asyncio.run(strangers(server, 200))
    happen(topic, number=1)
    assert set(lines) == {b"HTTP/1.1 401 Unauthorized\r\n"}
    assert bob.numbers(1) == [1]
    assert len(server.hub.connections) == 1


async def crowd(server: Server, cookies: list[str], topic: str, after: int) -> list[list[int]]:
    """Everybody connects at once and resumes; the numbers that each is told."""

    async def one(cookie: str) -> list[int]:
        headers = {"Cookie": cookie, "Origin": f"http://localhost:{server.port}"}
        url = f"ws://localhost:{server.port}/ws/"
        peer = socket.socket()
        peer.setblocking(False)
        await asyncio.get_running_loop().sock_connect(peer, ("127.0.0.1", server.port))
        opening = connect(
            url,
            sock=peer,
            additional_headers=headers,
            compression=None,
            open_timeout=60,
            proxy=None,
        )
        async with opening as client:
            await client.send(json.dumps({"listen": [topic], "after": after}))
            numbers: list[int] = []
            while len(numbers) < 3:
                message = json.loads(await client.recv())
                assert "resync" not in message and "refused" not in message
                if "data" in message:
                    numbers.append(message["data"]["number"])
            return numbers

    return await asyncio.gather(*map(one, cookies))


@pytest.mark.parametrize(
    "members", [4, pytest.param(34, marks=[pytest.mark.soak, pytest.mark.timeout(300)])]
)
def test_everybody_comes_back_at_once(server: Server, cast: Cast, members: int) -> None:
    """A hundred connections, and a thousand in the soak: nobody misses anything or hears twice."""
    from tests.factories import MemberFactory, MembershipFactory

    topic = f"member:{cast.erin.pk}"
    place = happen(topic, number=0)
    cookies = []
    for _ in range(members):
        member = MemberFactory()
        MembershipFactory(member=member, institute=cast.institute)
        cookies += [session_of(member)] * 30
    for number in (1, 2, 3):
        happen(topic, number=number)
    assert asyncio.run(crowd(server, cookies, topic, place)) == [[1, 2, 3]] * len(cookies)
