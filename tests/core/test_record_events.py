"""Recording what happened, its one order, and the consumers that follow it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import ClassVar

import pytest
from django.db import transaction

from codetrack.core import clock, events, jobs
from codetrack.core.errors import Unavailable
from codetrack.core.models import Bucket, Entry, Event, Job, Position
from codetrack.core.testing import hold_clock, run_jobs


@dataclass(frozen=True, kw_only=True)
class Moved(events.Payload):
    tag: ClassVar[str] = "tests:thing:moved"
    thing: int
    to: str = "here"


@dataclass(frozen=True, kw_only=True)
class Other(events.Payload):
    tag: ClassVar[str] = "tests:thing:other"


@pytest.fixture(autouse=True)
def no_consumers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "consumers", {})


pytestmark = pytest.mark.django_db


def test_an_event_tells_who_did_what_to_what() -> None:
    entry = Entry.objects.create(kind="thing", ref=1, title="a thing")
    bucket = Bucket(key="somebody", tokens=0, at=0)
    with transaction.atomic():
        events.record(Moved(thing=1), subject=entry, topics=["things", "thing:1"])
    event = Event.objects.get()
    assert event.tag == "tests:thing:moved" and event.data == {"thing": 1, "to": "here"}
    assert (event.subject_type, event.subject_id) == ("core.entry", entry.pk)
    assert event.topics == ["things", "thing:1"] and event.actor_id is None
    assert Moved.of(event) == Moved(thing=1)
    assert bucket.pk == "somebody"


@pytest.mark.django_db(transaction=True)
def test_an_event_needs_the_transaction_of_its_change() -> None:
    with pytest.raises(transaction.TransactionManagementError, match="tests:thing:moved"):
        events.record(Moved(thing=1))


@pytest.mark.django_db(transaction=True)
def test_an_event_is_numbered_when_it_is_committed() -> None:
    with transaction.atomic():
        events.record(Moved(thing=1))
        events.record(Moved(thing=2))
        assert not Event.objects.filter(seq__isnull=False).exists()
    assert list(Event.objects.order_by("pk").values_list("seq", flat=True)) == [1, 2]


@pytest.mark.django_db(transaction=True)
def test_events_are_numbered_once_a_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    numbered: list[int] = []
    sequence = events.sequence
    monkeypatch.setattr(events, "sequence", lambda: numbered.append(sequence()))
    for _ in range(2):
        with transaction.atomic():
            happen(1)
            happen(2)
            events.record(Moved(thing=3))
    assert numbered == [3, 3]


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("undone", [(1,), (2,), (3,), (1, 2), (1, 3), (2, 3)])
def test_events_are_numbered_whatever_part_of_the_transaction_is_undone(
    undone: tuple[int, ...],
) -> None:
    with transaction.atomic():
        for thing in (1, 2, 3):
            with suppress(Unavailable), transaction.atomic():
                happen(thing)
                if thing in undone:
                    raise Unavailable("Not this one.")
    kept = [thing for thing in (1, 2, 3) if thing not in undone]
    told = Event.objects.order_by("seq").values_list("seq", "data__thing")
    assert list(told) == list(enumerate(kept, start=1))


@pytest.mark.django_db(transaction=True)
def test_a_crash_before_numbering_is_made_good() -> None:
    Event.objects.create(tag="tests:thing:moved", data={"thing": 1}, at=clock.now())
    assert events.sequence() == 1
    assert events.sequence() == 0
    assert events.last() == 1


def test_a_pruned_place_is_never_given_again() -> None:
    soon = clock.now() + timedelta(minutes=1)
    with hold_clock() as held:
        happen(1, until=soon)
        events.sequence()
        held.forward(hours=1)
        assert events.prune() == 1
        happen(2)
        events.sequence()
    assert list(Event.objects.values_list("seq", flat=True)) == [2]


def test_a_consumer_gets_its_events_in_order_and_once() -> None:
    got = consume_into("one", "tests:thing:moved")
    happen(1)
    with transaction.atomic():
        events.record(Other())
    happen(2)
    assert run_jobs() == 1
    happen(3)
    run_jobs()
    assert got == [[1, 2], [3]]
    assert Position.objects.get(consumer="one").seq == events.last()


def test_a_consumer_is_woken_only_for_its_tags() -> None:
    consume_into("one", "tests:thing:other")
    happen(1)
    events.sequence()
    assert not Job.objects.exists()


def test_consumers_do_not_see_what_is_short_lived() -> None:
    got = consume_into("one", "tests:thing:moved")
    happen(1, until=clock.now() + timedelta(minutes=1))
    run_jobs()
    assert got == []


def test_many_events_come_in_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(events, "BATCH", 10)
    got = consume_into("one", "tests:thing:moved")
    for number in range(25):
        happen(number)
    run_jobs()
    assert [len(batch) for batch in got] == [10, 10, 5]
    assert [thing for batch in got for thing in batch] == list(range(25))


def test_what_a_consumer_wrote_before_it_raised_is_undone_and_comes_again() -> None:
    calls: list[int] = []

    @events.consumer("tests:thing:moved", name="clumsy")
    def clumsy(batch: Sequence[Event]) -> None:
        calls.append(len(batch))
        Entry.objects.create(kind="echo", ref=batch[0].pk, title="echo")
        if len(calls) == 1:
            raise Unavailable("Not yet.")

    with hold_clock() as held:
        happen(1)
        run_jobs()
        assert not Entry.objects.exists()
        held.forward(hours=1)
        run_jobs()
    assert calls == [1, 1]
    assert Entry.objects.count() == 1


def test_a_consumer_woken_while_it_runs_runs_again() -> None:
    got: list[list[int]] = []

    @events.consumer("tests:thing:moved", name="busy")
    def busy(batch: Sequence[Event]) -> None:
        got.append([event.data["thing"] for event in batch])
        if len(got) == 1:
            happen(2)
            events.sequence()

    happen(1)
    run_jobs()
    assert got == [[1], [2]]


def test_a_consumer_that_is_new_in_the_code_reads_what_happened_before() -> None:
    happen(1)
    run_jobs()
    got = consume_into("new", "tests:thing:moved")
    assert run_jobs() == 0
    jobs.later("core.catch_up")
    run_jobs()
    assert got == [[1]]
    events.catch_up()
    assert run_jobs() == 0


def test_two_consumers_of_one_name_are_refused() -> None:
    consume_into("one", "tests:thing:moved")
    with pytest.raises(ValueError, match="one"):
        consume_into("one", "tests:thing:other")


def happen(thing: int, **kwargs: object) -> None:
    with transaction.atomic():
        events.record(Moved(thing=thing), **kwargs)  # type: ignore[arg-type]


def consume_into(name: str, *tags: str) -> list[list[int]]:
    got: list[list[int]] = []
    take = events.consumer(*tags, name=name)
    take(lambda batch: got.append([event.data.get("thing") for event in batch]))
    return got
