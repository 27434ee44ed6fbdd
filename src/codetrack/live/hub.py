"""Who listens to what in this process, and what each of them is told. Lives on the loop."""

from __future__ import annotations

import asyncio
import random
from collections import defaultdict, deque
from collections.abc import Collection, Coroutine, Iterable, Sequence
from functools import partial
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

import structlog
from django.db import Error

from codetrack.core import clock
from codetrack.live import topics
from codetrack.live.asking import Asking, Busy
from codetrack.live.connection import Connection
from codetrack.live.keys import Key
from codetrack.live.limits import TOPICS
from codetrack.live.memory import KEPT_FOR, Entry, Memory, Message, said

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

PING_SECONDS = 25
SILENCE_SECONDS = 60
CHECK_SECONDS = 60
#: So long another process may be ahead of this one.
AHEAD_SECONDS = 1
#: So many connections are written to before others on the loop have their turn.
STRETCH = 100

UNANSWERED = (1001, "Nothing was heard from you for a minute.")
SIGNED_OUT = (1008, "You are signed out.")
NO_ANSWER = (1013, "This cannot be answered at present. Come back in a moment.")
RESTARTS = (1012, "CodeTrack restarts. Come back in a moment.")

log = structlog.get_logger(__name__)


class Hub:
    def __init__(self, memory: Memory, asking: Asking) -> None:
        self.memory = memory
        self.asking = asking
        self.connections: set[Connection] = set()
        self._by_topic: defaultdict[str, set[Connection]] = defaultdict(set)
        self._by_user: defaultdict[int, set[Connection]] = defaultdict(set)
        self._behind: deque[Connection] = deque()
        self._tasks: set[asyncio.Task[None]] = set()
        self._turns: WeakValueDictionary[int, asyncio.Lock] = WeakValueDictionary()
        #: How often rights have shifted.
        self.shifts = 0

    # --- who is there ---------------------------------------------------------

    def add(self, connection: Connection) -> None:
        now = asyncio.get_running_loop().time()
        self.connections.add(connection)
        self._by_user[connection.user_pk].add(connection)
        # They all come at once after a restart: they need not all be asked at once for ever.
        part = 1 - random.random() / 2  # noqa: S311 # no secret
        connection.ping_at = now + PING_SECONDS * part
        connection.check_at = now + CHECK_SECONDS * part

    def remove(self, connection: Connection) -> None:
        connection.stop()
        self._forget(connection, list(connection.topics))
        self.connections.discard(connection)
        _discard(self._by_user, connection.user_pk, connection)

    def count_of(self, user_pk: int) -> int:
        """How many connections a user has."""
        return len(self._by_user.get(user_pk, ()))

    # --- who listens ----------------------------------------------------------

    async def listen(
        self, connection: Connection, wanted: Iterable[str], after: int | None
    ) -> None:
        """Let it listen to those it may; tell which it may not, and what it missed."""
        new = [name for name in dict.fromkeys(wanted) if name not in connection.topics]
        if new and after is not None:
            await self._reach(after)
        # A message has room for hundreds: of more than one may hear, nobody is asked.
        allowed = await self._allowed(connection, new[:TOPICS])
        # From here to the end nothing may wait: the answer holds as long as no event comes between.
        granted = [name for name in new if name in allowed][: TOPICS - len(connection.topics)]
        messages = []
        if refused := sorted(set(new) - set(granted)):
            messages.append(said({"refused": refused}))
        if granted and after is not None:
            messages += connection.missed(set(granted), after=after, upto=connection.place)
        self._enter(connection, granted)
        connection.tell([*messages, self._listening(connection)])

    async def _allowed(self, connection: Connection, names: Collection[str]) -> set[str]:
        """Those that it may hear; asked again if rights shifted while the answer was on its way."""
        shifts = -1
        answer: set[str] | None = set()
        # The wishes of one user wait for each other, so that they never take all threads.
        async with self._turns.setdefault(connection.user_pk, asyncio.Lock()):
            while names and shifts != self.shifts:
                shifts = self.shifts
                question = partial(_allowed, connection.key, names, connection.user)
                answer = await self.asking.ask(question)
        if answer is None:
            connection.close(*SIGNED_OUT)
        return answer or set()

    async def _reach(self, seq: int) -> None:
        """Wait until this place is remembered: another process may be a moment ahead of this."""
        for _ in range(20 * AHEAD_SECONDS):
            if seq <= self.memory.last:
                return
            await asyncio.sleep(0.05)

    def _enter(self, connection: Connection, names: Iterable[str]) -> None:
        for name in names:
            connection.topics.add(name)
            self._by_topic[name].add(connection)

    def leave(self, connection: Connection, names: Iterable[str]) -> None:
        """Let it hear no more of these."""
        self._forget(connection, names)
        connection.tell([self._listening(connection)])

    def _forget(self, connection: Connection, names: Iterable[str]) -> None:
        for name in names:
            connection.topics.discard(name)
            _discard(self._by_topic, name, connection)

    def _listening(self, connection: Connection) -> Message:
        return said({"listening": sorted(connection.topics), "seq": connection.place})

    # --- what happens ---------------------------------------------------------

    def take(self, entries: Sequence[Entry]) -> None:
        """Tell of these events."""
        was_empty = not self._behind
        for entry in entries:
            self.memory.add(entry)
            if entry.tag in topics.shifting:
                self._doubt(entry)
            for name in entry.topics:
                for connection in self._by_topic.get(name, ()):
                    if connection.fall_behind(entry.seq):
                        self._behind.append(connection)
        if was_empty and self._behind:
            self._start(self._tell())

    async def _tell(self) -> None:
        while self._behind:
            for _ in range(min(STRETCH, len(self._behind))):
                self._behind.popleft().go_on()
            await asyncio.sleep(0)

    def _doubt(self, entry: Entry) -> None:
        """Tell nothing to those whose rights this shifts until they are known again."""
        self.shifts += 1
        doubtful: set[Connection] = set()
        for name in entry.topics:
            pk = topics.user_of(name)
            if pk is not None:
                doubtful |= self._by_user.get(pk, set()) | self._by_topic.get(name, set())
        for connection in doubtful:
            connection.user = None
            connection.held = True
            connection.doubts += 1
        if doubtful:
            self._start(self._settle({it: it.doubts for it in doubtful}))

    async def _settle(self, doubtful: dict[Connection, int]) -> None:
        try:
            while not await self._check(list(doubtful)):
                await asyncio.sleep(1)
        except BaseException:  # what was not asked to the end must not be told
            for connection in doubtful:
                connection.close(*NO_ANSWER)
            raise
        for connection, doubts in doubtful.items():
            if connection.doubts == doubts:
                connection.held = False
                connection.go_on()

    async def _check(self, connections: Sequence[Connection]) -> bool:
        """Ask what they still may hear; False when nobody could say."""
        asked = [(it.key, frozenset(it.topics)) for it in connections]
        try:
            answers = await self.asking.ask(partial(_allowed_of_all, asked))
        except (Error, Busy) as error:
            log.warning("live.rights_unknown", error=repr(error), connections=len(asked))
            return False
        for connection, (_, names), allowed in zip(connections, asked, answers, strict=True):
            if allowed is None:
                connection.close(*SIGNED_OUT)
            elif lost := names - allowed:
                self._forget(connection, lost)
                connection.tell([said({"refused": sorted(lost)})])
        return True

    # --- what time brings -----------------------------------------------------

    async def watch(self) -> None:
        """Do what is to be done each second; when it fails, the next second is another."""
        while True:
            await asyncio.sleep(1)
            self._start(self._second())

    async def _second(self) -> None:
        """Forget what is no longer fresh, ping, and ask for rights again."""
        self.memory.forget(clock.now() - KEPT_FOR)
        now = asyncio.get_running_loop().time()
        due = []
        for connection in self.connections:
            connection.user = None
            if now >= connection.ping_at:
                self._ping(connection, now)
            if now >= connection.check_at:
                connection.check_at = now + CHECK_SECONDS
                due.append(connection)
        for begin in range(0, len(due), STRETCH):
            await self._check(due[begin : begin + STRETCH])

    def _ping(self, connection: Connection, now: float) -> None:
        connection.ping_at = now + PING_SECONDS
        if now - connection.heard_at < SILENCE_SECONDS:
            if not connection.outbox:
                connection.tell([said({"ping": connection.place})])
        elif connection.waiter and not connection.closing:
            connection.close(*UNANSWERED)
        else:
            connection.abandon()

    def _start(self, work: Coroutine[object, object, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def close_all(self) -> None:
        for connection in self.connections:
            connection.close(*RESTARTS)

    def stop(self) -> None:
        for task in self._tasks:
            task.cancel()


def _allowed(
    key: Key, names: Iterable[str], user: AbstractBaseUser | None = None
) -> set[str] | None:
    user = user or key.user()
    return topics.allowed(user, names) if user else None


def _allowed_of_all(asked: Iterable[tuple[Key, frozenset[str]]]) -> list[set[str] | None]:
    """What each may hear; the same question is asked once."""
    known: dict[tuple[Key, frozenset[str]], set[str] | None] = {}
    for question in asked:
        if question not in known:
            known[question] = _allowed(*question)
    return [known[question] for question in asked]


def _discard[K](groups: dict[K, set[Connection]], name: K, connection: Connection) -> None:
    members = groups.get(name)
    if members is not None:
        members.discard(connection)
        if not members:
            del groups[name]
