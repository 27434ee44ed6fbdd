"""Serves the queue `judge` in this process, while the self-test of this machine holds.

Nobody else starts a worker for that queue, so that code nobody knows is never run where the judge
has not shown that it can hold it. Until then the jobs of the queue wait.
"""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import msgspec
import structlog
from django.conf import settings
from django.db import DatabaseError, connection

from codetrack.core import clock, stations
from codetrack.core.jobs.worker import Worker
from codetrack.core.stations import JUDGE, Report, State

LEVELS = ("A", "B")
AGAIN = {State.READY: timedelta(hours=24), State.REFUSED: timedelta(minutes=15)}
FAULTS = 3
LOOK_SECONDS = 3.0
LONGEST_SECONDS = 300
SELF_TEST = [sys.executable, "-m", "codetrack.config.cli", "judge", "doctor", "--json"]
#: All that the self-test gets of our environment, which holds secrets.
ENVIRONMENT = (
    "CODETRACK_JUDGE_DIR",
    "CODETRACK_JUDGE_LANGUAGES",
    "HOME",
    "LANG",
    "LC_ALL",
    "PATH",
    "PYTHONPATH",
    "TMPDIR",
    "VIRTUAL_ENV",
)
NO_LINUX = "The judge needs Linux."
ELSEWHERE = "Run `codetrack worker --queues judge` on a Linux machine."
NO_ANSWER = "The self-test of the judge ended without an answer."
LOOK_YOURSELF = "Run `codetrack judge doctor` on that machine to see why."

log = structlog.get_logger(__name__)
type Examine = Callable[[threading.Event], Report]
type Faults = Callable[[], int]


class Judging:
    """A thread that lets this machine examine itself, and the worker that it lets in.

    `examine` is given an event that tells it to give up. `faults` counts, in this process, how
    often in a row the judge failed without a submission being to blame.
    """

    def __init__(self, *, examine: Examine | None = None, faults: Faults | None = None) -> None:
        self.examine = examine or self_test
        self.faults = faults or _faults
        self.host = socket.gethostname()[:255]
        self.found: Report | None = None
        self._unsaid: Report | None = None
        self._counted = 0
        self._worker: Worker | None = None
        self._stopping = threading.Event()
        self._thread = threading.Thread(target=self._live, name="judging", daemon=True)

    def start(self) -> None:
        """Start the thread and return; nothing is judged before the self-test has held."""
        self._thread.start()

    def stop(self) -> None:
        """End after what is judged now; what takes too long goes to others."""
        self._stopping.set()
        self._thread.join()
        stations.leave(kind=JUDGE, host=self.host)

    def _live(self) -> None:
        try:
            while not self._stopping.is_set():
                self._round()
                self._stopping.wait(LOOK_SECONDS)
        finally:
            self._let_go()
            connection.close()

    def _round(self) -> None:
        try:
            self.look()
        except DatabaseError as error:  # the worker waits for it too
            log.warning("judge.not_told", error=str(error))
            connection.close()

    def look(self) -> None:
        """Say that we are here, and examine the machine if it is time to."""
        if settings.JUDGE_WORKERS < 1:
            self._stay_off()
            return
        if self._unsaid is None and self._is_due():
            self._take_up(self.examine(self._stopping))
        if self._unsaid:
            stations.report(kind=JUDGE, host=self.host, found=self._unsaid)
            self._unsaid = None

    def _stay_off(self) -> None:
        place = stations.stay(kind=JUDGE, host=self.host, state=State.OFF)
        if place is None or place.is_away:
            stations.report(kind=JUDGE, host=self.host, found=Report(state=State.OFF))

    def _is_due(self) -> bool:
        if self.found is None:
            return True
        place = stations.stay(kind=JUDGE, host=self.host, state=self.found.state)
        faults = self.faults()
        self._counted = min(self._counted, faults)
        return (
            place is None
            or (place.asked_at is not None and place.asked_at > self.found.at)
            or clock.now() - self.found.at >= AGAIN[self.found.state]
            or faults - self._counted >= FAULTS
        )

    def _take_up(self, found: Report) -> None:
        """Let the worker in or out."""
        if self._stopping.is_set():
            return
        if self.found is None or self.found.state != found.state:
            state, grade = str(found.state), found.level
            log.info("judge.examined", state=state, grade=grade, reason=found.reason)
        if found.state != State.READY:
            self._let_go()
        elif self._worker is None:
            self._worker = Worker([JUDGE])
            self._worker.start()
        self._counted = self.faults()
        self.found = self._unsaid = found

    def _let_go(self) -> None:
        if self._worker is not None:
            self._worker.stop()
            self._worker = None


class Probe(msgspec.Struct):
    """One thing that the self-test tried: what it saw, and what to do if that is not `ok`."""

    name: str
    ok: bool
    seen: str = ""
    remedy: str = ""


class Told(msgspec.Struct):
    """What `codetrack judge doctor --json` answers."""

    level: str
    probes: list[Probe] = []
    languages: list[dict[str, Any]] = []

    @property
    def refusal(self) -> Probe:
        """Why it refuses, if it does."""
        failed = [probe for probe in self.probes if not probe.ok]
        return next(iter(failed), Probe("", False, NO_ANSWER, LOOK_YOURSELF))


def self_test(stopping: threading.Event) -> Report:
    """What this machine's judge finds out about itself, in a process that knows no secret of ours.

    Whatever goes wrong with the test itself is a refusal.
    """
    if sys.platform != "linux":
        return Report(state=State.REFUSED, level="X", reason=NO_LINUX, remedy=ELSEWHERE)
    begun = clock.now()
    code, errors = 1, b""
    try:
        code, output, errors = _answer(stopping)
        told = msgspec.json.decode(output, type=Told)
    except OSError as error:
        told = Told("X", [Probe("start", False, str(error), LOOK_YOURSELF)])
    except msgspec.DecodeError:
        last = errors.decode(errors="replace").strip().rpartition("\n")[2][-500:]
        told = Told("X", [Probe("answer", False, last or NO_ANSWER, LOOK_YOURSELF)])
    held = code == 0 and told.level in LEVELS and all(probe.ok for probe in told.probes)
    return Report(
        state=State.READY if held else State.REFUSED,
        at=begun,
        level=told.level,
        reason="" if held else told.refusal.seen,
        remedy="" if held else told.refusal.remedy,
        facts=msgspec.to_builtins({"probes": told.probes, "languages": told.languages}),
    )


def _answer(stopping: threading.Event) -> tuple[int, bytes, bytes]:
    """Exit code, output and errors of the self-test."""
    with subprocess.Popen(
        SELF_TEST,
        env={name: os.environ[name] for name in ENVIRONMENT if name in os.environ},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,  # Ctrl+C is for us
    ) as child:
        output, errors = _hear(child, stopping)
    return child.returncode, output, errors


def _hear(child: subprocess.Popen[bytes], stopping: threading.Event) -> tuple[bytes, bytes]:
    """All it says until its end, which we bring about when it takes too long or we are to stop."""
    for _ in range(2 * LONGEST_SECONDS):
        try:
            return child.communicate(timeout=0.5)
        except subprocess.TimeoutExpired:
            if stopping.is_set():
                break
    child.kill()
    return child.communicate()


def _faults() -> int:
    from codetrack.judge import client

    return client.faults_in_a_row()
