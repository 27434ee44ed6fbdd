"""Who was away is told what they missed, or that it was too much; nothing twice."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import transaction

from codetrack.accounts.models import User
from codetrack.config.asgi import sockets
from codetrack.core import clock, events
from codetrack.core.models import Event
from codetrack.live import hub, memory
from tests.cast import Cast
from tests.core.waiting import until
from tests.live.clients import Happened, Socket, happen
from tests.live.conftest import Server

pytestmark = pytest.mark.slow

type Opens = Callable[[User], Socket]


@pytest.fixture
def topic(cast: Cast) -> str:
    return f"member:{cast.alice.pk}"


def happen_often(topic: str, times: int) -> int:
    """So many events in one transaction; the place of the last."""
    with transaction.atomic():
        for number in range(times):
            events.record(Happened(number=number), topics=[topic])
    return events.last()


def told(socket: Socket, *topics: str, after: int) -> list[int]:
    """The numbers of what is told again before the topic is listened to."""
    socket.say({"listen": topics, "after": after})
    numbers = []
    while "listening" not in (message := socket.read()):
        numbers.append(message["data"]["number"])
    return numbers


def test_what_was_missed_is_told_first(server: Server, page: Opens, cast: Cast, topic: str) -> None:
    first = page(cast.alice)
    first.listen(topic)
    place = happen(topic, number=1)
    first.numbers(1)
    first.connection.close()
    happen(topic, number=2)
    happen("member:404", number=3)
    happen(topic, number=4)
    until(lambda: server.hub.memory.last == events.last())
    second = page(cast.alice)
    assert told(second, topic, after=place) == [2, 4]
    happen(topic, number=5)
    assert second.numbers(1) == [5]


def test_what_happened_before_the_first_socket_is_told_too(
    page: Opens, cast: Cast, topic: str
) -> None:
    place = happen(topic, number=1)
    happen(topic, number=2)
    assert told(page(cast.alice), topic, after=place) == [2]


def test_what_is_on_two_topics_is_told_again_once(page: Opens, cast: Cast, topic: str) -> None:
    place = events.last()
    happen(topic, f"institute:{cast.institute.pk}", number=1)
    alice = page(cast.alice)
    assert told(alice, topic, f"institute:{cast.institute.pk}", after=place) == [1]


def test_a_topic_that_is_heard_already_is_not_told_again(
    page: Opens, cast: Cast, topic: str
) -> None:
    place = events.last()
    alice = page(cast.alice)
    alice.listen(topic)
    happen(topic, number=1)
    alice.numbers(1)
    assert told(alice, topic, after=place) == []


def test_up_to_256_are_told_one_by_one(page: Opens, cast: Cast, topic: str) -> None:
    place = happen(topic)
    happen_often(topic, 256)
    assert told(page(cast.alice), topic, after=place) == list(range(256))


def test_more_than_256_are_fetched_anew(page: Opens, cast: Cast, topic: str) -> None:
    place = happen(topic)
    last = happen_often(topic, 257)
    alice = page(cast.alice)
    alice.say({"listen": [topic], "after": place})
    assert alice.read() == {"resync": last, "topics": [topic]}
    assert alice.next("listening")["seq"] == last
    happen(topic, number=7)
    assert alice.numbers(1) == [7]


def test_a_place_that_is_forgotten_is_answered_by_a_resync(
    page: Opens, cast: Cast, topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("codetrack.live.reading.KEPT", 5)
    place = happen(topic)
    happen_often("member:404", 10)
    alice = page(cast.alice)
    alice.say({"listen": [topic], "after": place})
    assert alice.next("resync")["topics"] == [topic]


def test_a_place_of_yesterday_is_answered_by_a_resync(page: Opens, cast: Cast, topic: str) -> None:
    place = happen(topic)
    happen(topic)
    happen(topic)
    yesterday = clock.now() - memory.KEPT_FOR - timedelta(minutes=1)
    Event.objects.filter(seq__lte=place + 1).update(at=yesterday)
    alice = page(cast.alice)
    alice.say({"listen": [topic], "after": place})
    assert alice.next("resync")["topics"] == [topic]


@pytest.mark.parametrize("ahead", [1, 10**6, 2**63 - 2_000_000])
def test_a_place_in_the_future_is_answered_by_a_resync(
    page: Opens, cast: Cast, topic: str, ahead: int
) -> None:
    last = happen(topic)
    alice = page(cast.alice)
    alice.say({"listen": [topic], "after": last + ahead})
    assert alice.next("resync")["resync"] == last
    alice.next("listening")
    happen(topic, number=7)
    assert alice.numbers(1) == [7]


def test_a_place_that_another_process_has_seen_already_is_waited_for(
    page: Opens, cast: Cast, topic: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "AHEAD_SECONDS", 60)
    alice = page(cast.alice)
    place = happen("member:404")
    assert told(alice, topic, after=place) == []


def test_memory_forgets_the_oldest(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(memory, "KEPT", 10)
    monkeypatch.setattr(memory, "SLACK", 2)
    kept = memory.Memory(since=0, last=0)
    for seq in range(1, 14):
        kept.add(entry(seq))
    assert kept.heard({"a:1"}, after=2, upto=13) is None
    assert numbers(kept.heard({"a:1"}, after=3, upto=13)) == list(range(4, 14))


def test_memory_forgets_what_is_older_than_a_day() -> None:
    kept = memory.Memory(since=0, last=0)
    kept.add(entry(1, hours=30))
    kept.add(entry(2, hours=20))
    kept.forget(clock.now() - memory.KEPT_FOR)
    assert kept.heard({"a:1"}, after=0, upto=2) is None
    assert numbers(kept.heard({"a:1"}, after=1, upto=2)) == [2]


def entry(seq: int, hours: int = 0) -> memory.Entry:
    at = clock.now() - timedelta(hours=hours)
    return memory.Entry(seq=seq, tag="a:b:c", topics=("a:1",), data={}, at=at)


def numbers(heard: list[memory.Heard] | None) -> list[int]:
    assert heard is not None
    return [entry.seq for entry, _topics in heard]


def test_when_the_club_stops_clients_are_told_to_come_back(
    server: Server, page: Opens, cast: Cast
) -> None:
    alice = page(cast.alice)
    server.uvicorn.should_exit = True
    assert alice.closed()[0] == 1012
    server.thread.join(timeout=60)
    assert not server.thread.is_alive()
    assert sockets.service._hub is None
