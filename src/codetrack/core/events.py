"""What happened, in one order for all readers, and the consumers that react to it after commit.

Ids are taken before commit, so a reader of `id > last` loses events of slower writers. An event
gets its place `seq` after it is committed; readers ask `seq > last`: nothing is lost or doubled.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import ClassVar, Protocol, Self

from django.db import connection, models, transaction

from codetrack.core import clock, commits, jobs
from codetrack.core.jobs import schedule
from codetrack.core.models import Event, Position

BATCH = 500
#: What PostgreSQL tells the followers of the log by.
CHANNEL = "codetrack_events"


@dataclass(frozen=True, kw_only=True)
class Payload:
    """What an event says: ids and plain values, no free text. A subclass is one kind of event.

    Subclasses are frozen, keyword-only dataclasses with a `tag` like "ratings:handle:verified".
    """

    tag: ClassVar[str]

    @classmethod
    def of(cls, event: Event) -> Self:
        """The payload that was recorded with an event of this kind."""
        return cls(**event.data)


class Actor(Protocol):
    """Whoever did it: a user, without core knowing users."""

    pk: int


def record(
    payload: Payload,
    *,
    actor: Actor | None = None,
    subject: models.Model | None = None,
    topics: Iterable[str] = (),
    until: datetime | None = None,
) -> Event:
    """Write down, in the caller's transaction, that something happened.

    `topics` name the pages that want to know; an event with `until` is short-lived: live pages see
    it, consumers and timelines do not, and it is pruned after that time.
    """
    _require_transaction(payload)
    event = _event(payload, subject, topics)
    event.actor_id, event.until = actor.pk if actor else None, until
    event.save(force_insert=True)
    _sequence_on_commit()
    return event


def record_all(
    told: Iterable[tuple[Payload, models.Model | None, Iterable[str]]],
    *,
    until: datetime | None = None,
) -> None:
    """Record many events, each with its subject and topics, by nobody, in one statement."""
    rows = list(told)
    if rows:
        _require_transaction(rows[0][0])
        fresh = [_event(*row) for row in rows]
        for event in fresh:
            event.until = until
        Event.objects.bulk_create(fresh)
        _sequence_on_commit()


def _require_transaction(payload: Payload) -> None:
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(
            f"{payload.tag} has to be recorded in the transaction of the change it tells of."
        )


def _event(payload: Payload, subject: models.Model | None, topics: Iterable[str]) -> Event:
    return Event(
        tag=payload.tag,
        subject_type=subject._meta.label_lower if subject else "",
        subject_id=subject.pk if subject else None,
        topics=list(topics),
        data=asdict(payload),
        at=clock.now(),
    )


def _sequence_on_commit() -> None:
    """Once a transaction: the first call numbers all events of it.

    A call that is registered stays as long as any savepoint it was registered in may still be
    rolled back alone: what undoes it undoes the event that finds it here, too.
    """
    ours: object = sequence
    if not any(entry[1] is ours for entry in connection.run_on_commit):
        transaction.on_commit(sequence, robust=True)


_NUMBER = """
UPDATE core_event SET seq = %s + fresh.place
FROM (SELECT id, row_number() OVER (ORDER BY id) AS place
      FROM core_event WHERE seq IS NULL) AS fresh
WHERE core_event.id = fresh.id
RETURNING tag, until
"""


def sequence() -> int:
    """Give committed events their place and wake their consumers; return how many were numbered.

    Called on commit, and by every worker once a second for what a crash left behind.
    """
    if not Event.objects.filter(seq=None).exists():
        return 0
    with transaction.atomic():
        # One at a time: the row is locked until commit (on SQLite the whole database is), and what
        # is read after it was locked is read in a newer snapshot than that of the last one.
        log, _ = Position.objects.select_for_update().get_or_create(consumer=Position.LOG)
        with connection.cursor() as cursor:
            cursor.execute(_NUMBER, [log.seq])
            numbered = cursor.fetchall()
        Position.objects.filter(pk=log.pk).update(seq=log.seq + len(numbered))
        wake({tag for tag, until in numbered if until is None})
        commits.tell(CHANNEL)
    return len(numbered)


schedule.each_second.append(sequence)

type Consume = Callable[[Sequence[Event]], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Consumer:
    name: str
    tags: frozenset[str]
    consume: Consume


consumers: dict[str, Consumer] = {}


def consumer(*tags: str, name: str) -> Callable[[Consume], Consume]:
    """Let a function of a `consumers.py` react to events with these tags, in their order.

    It is given up to 500 events, never two batches at a time, and runs in the transaction that
    moves its position: its rows are written exactly once. It calls a service or enqueues a job, and
    never talks to the outside. When it raises, the same batch comes again after a while.
    """

    def register(function: Consume) -> Consume:
        known = consumers.get(name)
        if known is not None and known.consume is not function:
            raise ValueError(f"There are two consumers named {name}.")
        consumers[name] = Consumer(name=name, tags=frozenset(tags), consume=function)
        return function

    return register


def wake(tags: set[str]) -> None:
    """Enqueue the consumers of these tags, each once."""
    for it in consumers.values():
        if it.tags & tags:
            _enqueue(it)


def catch_up() -> None:
    """Enqueue every consumer that is behind: new in the code, or given up after killing workers."""
    end = last()
    read = dict(Position.objects.values_list("consumer", "seq"))
    for it in consumers.values():
        if read.get(it.name, 0) < end:
            _enqueue(it)


def _enqueue(it: Consumer) -> None:
    jobs.later("core.consume", it.name, key=f"consume:{it.name}")


def consume(name: str) -> None:
    """Let a consumer work through its next batch; for the task `core.consume`, in a transaction."""
    it = consumers[name]
    position, _ = Position.objects.select_for_update().get_or_create(consumer=name)
    end = last()
    unread = Event.objects.filter(seq__gt=position.seq, seq__lte=end, tag__in=it.tags, until=None)
    batch = list(unread.order_by("seq")[:BATCH])
    if batch:
        it.consume(batch)
    if len(batch) == BATCH:
        _enqueue(it)
        end = batch[-1].seq or end
    Position.objects.filter(pk=name).update(seq=end)


def last() -> int:
    """The newest place given; 0 before the first event."""
    given = Position.objects.filter(consumer=Position.LOG).values_list("seq", flat=True).first()
    return given or 0


def prune() -> int:
    """Delete short-lived events that are over; return how many."""
    return Event.objects.filter(until__lt=clock.now()).delete()[0]
