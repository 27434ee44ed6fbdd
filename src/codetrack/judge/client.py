"""The front of the judge, for any process and thread: it starts a worker and asks it."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

from codetrack.judge import wire
from codetrack.judge.errors import BadProblem, Fault, JudgeError, Refused, UnknownLanguage
from codetrack.judge.languages import CompileError, LanguageState
from codetrack.judge.sandbox.ledger import Ledger
from codetrack.judge.values import Judgement, Problem, Result, Spec, Submission, TestResult

#: What is waited for beyond a run's own limit: compiling, checking, a busy machine.
PATIENCE_SECONDS = 120.0
START_SECONDS = 60.0
_faults = 0
T = TypeVar("T", bound=wire.Message)
OnTest = Callable[[TestResult], None]


def faults_in_a_row() -> int:
    """How often the judges of this process have failed since one last answered."""
    return _faults


def _count(*, fault: bool) -> None:
    global _faults  # noqa: PLW0603 - of all judges of this process together
    _faults = _faults + 1 if fault else 0


class Judge:
    """One worker process, started when it is first needed and again after an accident.

    Safe for threads, which wait for each other: who wants two at a time makes two.
    """

    def __init__(self) -> None:
        self._lock = threading.RLock()
        self._process: subprocess.Popen[bytes] | None = None
        self._channel: wire.Channel | None = None
        self._ready: wire.Ready | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def judge(
        self, problem: Problem, submission: Submission, on_test: OnTest | None = None
    ) -> Judgement:
        """Compile it and run it against every test; `on_test` is called after each.

        Raises Refused, UnknownLanguage, BadProblem, and Fault when another try may help.
        """
        request = wire.JudgeAll(problem, submission)
        patience = PATIENCE_SECONDS + 10 * problem.limits.wall_clock
        return self._ask(request, wire.Judged, patience, on_test).judgement

    def run(self, spec: Spec) -> Result:
        """Run one program once. Its folders must be readable for the worker's user.

        Raises Refused and Fault.
        """
        patience = PATIENCE_SECONDS + spec.limits.wall_clock
        return self._ask(wire.RunOne(spec), wire.Ran, patience).result

    def compile(self, submission: Submission) -> str:
        """What the compiler says. Raises CompileError, UnknownLanguage, Refused and Fault."""
        return self._ask(wire.Compile(submission), wire.Compiled).text

    def languages(self) -> tuple[LanguageState, ...]:
        """All that are in the table, tried out. Raises Refused and Fault."""
        return self._ask(wire.AskLanguages(), wire.Languages).states

    def ready(self) -> wire.Ready:
        """Who the worker is. Raises Refused when there can be none here."""
        with self._lock:
            self._start()
            assert self._ready is not None  # noqa: S101 - what _start has seen to
            return self._ready

    @property
    def pid(self) -> int | None:
        """Of the worker, if there is one."""
        return self._process.pid if self._process else None

    def close(self) -> None:
        """End the worker, and with it whatever it runs.

        All of its group at once: a sandbox that waits for its release outlives the worker. And
        all that it has noted: one that was just released may have left the group.
        """
        with self._lock:
            if self._channel is not None:
                self._channel.close()
            if self._process is not None:
                with contextlib.suppress(ProcessLookupError):
                    os.killpg(self._process.pid, signal.SIGKILL)  # not yet waited for: still its
                self._process.wait()
                if self._ready is not None:
                    ledger = Ledger.find(Path(self._ready.folder))
                    ledger.end(self._ready.uid, owner=self._process.pid)
                    ledger.close()
            self._process = self._channel = self._ready = None

    def _ask(
        self,
        request: wire.Request,
        wanted: type[T],
        patience: float = PATIENCE_SECONDS,
        on_test: OnTest | None = None,
    ) -> T:
        try:
            answer = self._answer(request, patience, on_test)
        except Fault:
            _count(fault=True)
            raise
        _count(fault=isinstance(answer, wire.Failed) and answer.kind == "Fault")
        if isinstance(answer, wire.Failed):
            raise _error(answer)
        if not isinstance(answer, wanted):
            raise Fault(f"The judge's worker said {type(answer).__name__}.")
        return answer

    def _answer(
        self, request: wire.Request, patience: float, on_test: OnTest | None
    ) -> wire.Answer:
        with self._lock:
            channel = self._start()
            channel.end.settimeout(patience)
            try:
                _send(channel, request)
                answer = _received(channel)
                while isinstance(answer, wire.Tested):
                    if on_test is not None:
                        on_test(answer.test)
                    answer = _received(channel)
                return answer
            except (EOFError, ConnectionError, TimeoutError) as error:
                self.close()
                raise Fault("The judge's worker ended or hung in the middle.") from error
            except BaseException:
                self.close()  # it may be in the middle of an answer nobody will read
                raise

    def _start(self) -> wire.Channel:
        if self._process is not None and _has_ended(self._process.pid):
            self.close()  # while nobody asked it anything
        if self._channel is not None:
            return self._channel
        if sys.platform != "linux":
            raise Refused("The judge needs Linux.", "Run a judge worker on a Linux machine.")
        ours, theirs = socket.socketpair()
        with theirs:
            command = [sys.executable, "-P", "-m", "codetrack.judge.worker", str(theirs.fileno())]
            self._process = subprocess.Popen(
                command,
                env=_environment(),
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,  # Ctrl+C is ours to answer
            )
        self._channel = wire.Channel(ours)
        ours.settimeout(START_SECONDS)
        self._greeted()
        return self._channel

    def _greeted(self) -> None:
        assert self._channel is not None  # noqa: S101 - just made
        try:
            answer = _received(self._channel)
        except (EOFError, OSError) as error:
            self.close()
            raise Fault("The judge's worker did not start; its own words are above.") from error
        if isinstance(answer, wire.Ready):
            self._ready = answer
            return
        self.close()
        if isinstance(answer, wire.Refuses):
            raise Refused(answer.reason, answer.remedy)
        raise Fault("The judge's worker began with something else.")


def _has_ended(pid: int) -> bool:
    """Has this child ended? It is not waited for by asking: its group's number stays its own."""
    return os.waitid(os.P_PID, pid, os.WEXITED | os.WNOHANG | os.WNOWAIT) is not None


def _send(channel: wire.Channel, request: wire.Request) -> None:
    try:
        channel.send(request)
    except ValueError as error:
        raise BadProblem(f"The judge cannot be told a name or a number: {error}.") from error


def _received(channel: wire.Channel) -> wire.Answer:
    return channel.receive(wire.Answer)  # type: ignore[arg-type] # a union


KEPT = ("PATH", "LANG", "LC_ALL", "VIRTUAL_ENV", "CODETRACK_JUDGE_DIR", "CODETRACK_JUDGE_LANGUAGES")


def _environment() -> dict[str, str]:
    """What the worker is told of ours: nothing that could be a secret."""
    return {
        name: value
        for name, value in os.environ.items()
        if name in KEPT or name.startswith("PYTHON")
    }


def _error(answer: wire.Failed) -> JudgeError | CompileError:
    if answer.kind == "CompileError":
        return CompileError(answer.reason)
    kinds: dict[str, type[JudgeError]] = {
        kind.__name__: kind for kind in (BadProblem, Refused, UnknownLanguage)
    }
    return kinds.get(answer.kind, Fault)(answer.reason)
