"""Runs programs, each in a sandbox of its own; to be used in a worker process alone."""

from __future__ import annotations

import math
import os
import select
import time
from collections.abc import Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from itertools import chain, repeat
from pathlib import Path
from typing import Literal

from codetrack.judge.sandbox import linux
from codetrack.judge.sandbox.box import Box
from codetrack.judge.sandbox.cgroup import Delegated
from codetrack.judge.sandbox.folders import Place
from codetrack.judge.sandbox.launch import Streams
from codetrack.judge.sandbox.relay import Relay, Side
from codetrack.judge.values import Result, Spec, in_memory

#: Milliseconds between two looks: short ones first, as most programs are short.
FIRST_PAUSES = (1, 2, 2, 3, 4)
PAUSE = 5
HUNG_UP = select.POLLHUP | select.POLLERR


class Gone(BaseException):
    """Nobody waits for an answer any more: the process that asked has gone."""


@dataclass(frozen=True, slots=True)
class Conversation:
    """What came of a program and its interactor.

    `first` is who ended first, `hung_up` who closed a pipe first, `flooded` who said too much.
    """

    program: Result
    interactor: Result
    first: Side
    hung_up: Side | None = None
    flooded: Side | None = None


class Prepared:
    """A sandbox that waits for its release."""

    def __init__(self, box: Box) -> None:
        self.box = box

    def close(self) -> None:
        """For one that is not wanted any more."""
        self.box.close()


class Sandbox:
    """Makes sandboxes in its folder; `asker` is a socket whose end means that nobody waits."""

    def __init__(
        self, place: Place, *, groups: Delegated | None = None, asker: int | None = None
    ) -> None:
        self._place = place
        self._groups = groups
        self._asker = asker

    @property
    def level(self) -> Literal["A", "B"]:
        """A: limits by control groups; B: by looking."""
        return "B" if self._groups is None else "A"

    def folder(self, name: str) -> AbstractContextManager[Path]:
        """A fresh folder of the worker's, removed afterwards."""
        return self._place.fresh(name)

    def prepare(self, spec: Spec) -> Prepared:
        """Start a sandbox that waits. Raises Fault; OSError when the input cannot be read."""
        streams = Streams(linux.sealed(spec.stdin), in_memory(b""), in_memory(b""))
        return Prepared(Box(spec, streams, groups=self._groups))

    def run(self, work: Spec | Prepared) -> Result:
        """Run it to its end. Raises Fault when there is no telling how it went."""
        box = (self.prepare(work) if isinstance(work, Spec) else work).box
        try:
            box.release()
            waiting = self._poller()
            waiting.register(box.ended, select.POLLIN)
            for pause in _pauses():
                if self._happened(waiting, pause):
                    break
                box.look()
            return box.result()
        finally:
            box.close()

    def converse(self, program: Spec, interactor: Spec) -> Conversation:
        """Run both at once, the output of each the input of the other. Raises Fault."""
        with Relay(program.limits.output, interactor.limits.output) as relay:
            first = self._piped(program, *relay.program_ends())
            try:
                second = self._piped(interactor, *relay.interactor_ends())
                try:
                    return self._relayed(relay, first, second)
                finally:
                    second.close()
            finally:
                first.close()

    def _piped(self, spec: Spec, stdin: int, stdout: int) -> Box:
        box = Box(spec, Streams(stdin, stdout, in_memory(b"")), groups=self._groups)
        # Our copy of a pipe's end would keep it from ever being closed.
        empty = in_memory(b"")
        os.dup2(empty, stdout, inheritable=False)
        os.close(empty)
        return box

    def _relayed(self, relay: Relay, program: Box, interactor: Box) -> Conversation:
        first: Side | None = None
        running = {program.ended: program, interactor.ended: interactor}
        results: dict[Box, Result] = {}
        program.release()
        interactor.release()
        looks = _Looks()
        while running:
            waiting = self._poller()
            for fd in running:
                waiting.register(fd, select.POLLIN)
            relay.register(waiting)
            happened = self._happened(waiting, looks.pause())
            relay.move(happened)
            for fd in [fd for fd in running if fd in happened]:
                box = running.pop(fd)
                first = first or ("program" if box is program else "interactor")
                results[box] = box.result()
            if looks.due():
                for box in running.values():
                    box.look()
        return Conversation(
            program=results[program],
            interactor=results[interactor],
            first=first or "program",
            hung_up=relay.hung_up,
            flooded=relay.flooded,
        )

    def _poller(self) -> select.poll:
        waiting = select.poll()
        if self._asker is not None:
            waiting.register(self._asker, 0)  # its end alone
        return waiting

    def _happened(self, waiting: select.poll, milliseconds: int) -> dict[int, int]:
        happened = dict(waiting.poll(milliseconds))
        if self._asker is not None and happened.pop(self._asker, 0) & HUNG_UP:
            raise Gone
        return happened


def _pauses() -> Iterator[int]:
    return chain(FIRST_PAUSES, repeat(PAUSE))


class _Looks:
    """When the next look is due; what two say to each other in between does not hasten it."""

    def __init__(self) -> None:
        self._pauses = _pauses()
        self._next = time.monotonic()

    def pause(self) -> int:
        """Milliseconds until then."""
        return math.ceil(1000 * max(0.0, self._next - time.monotonic()))

    def due(self) -> bool:
        now = time.monotonic()
        if now < self._next:
            return False
        self._next = now + next(self._pauses) / 1000
        return True
