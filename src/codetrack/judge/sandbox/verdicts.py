"""What a run's traces say: which limit was met first, or how the program ended. Pure."""

from __future__ import annotations

import signal
from dataclasses import dataclass
from enum import StrEnum

from codetrack.judge.values import MIB, Limits, Verdict

NEAR = 0.9  # of the memory limit, and the program failed: it was the memory
HALF = 0.5  # of it, and the program says itself that it was the memory
IDLE = 0.1  # less CPU than this share of the time: it waited rather than worked
OUT_OF_MEMORY = (b"bad_alloc", b"MemoryError", b"OutOfMemoryError", b"out of memory")
SHELL = 128  # bubblewrap says of a signal what shells say


class Reason(StrEnum):
    """Why a run was ended from outside."""

    CPU = "cpu"
    WALL = "wall"
    MEMORY = "memory"
    OUTPUT = "output"
    ENTRIES = "entries"  # too many files
    FOLDER = "folder"  # too much in a folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Traces:
    """What is known of a run that is over."""

    killed: Reason | None = None
    code: int | None = None  # as a shell has it: 128 + n for signal n; None if it was killed by us
    cpu: float = 0.0
    wall: float = 0.0
    memory: int = 0
    written: int = 0  # the longer one of stdout and stderr
    out_of_memory_kills: int = 0
    says_out_of_memory: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict, and one sentence for the author of the program."""

    verdict: Verdict
    message: str = ""
    idle: bool = False


def decide(traces: Traces, limits: Limits) -> Decision:
    """Output before memory before time before how it ended: the first that holds."""
    return (
        _output(traces, limits)
        or _memory(traces, limits)
        or _time(traces, limits)
        or _ending(traces)
    )


def _output(traces: Traces, limits: Limits) -> Decision | None:
    if traces.killed is Reason.ENTRIES:
        return Decision(Verdict.OLE, "It made too many files.")
    if traces.killed is Reason.FOLDER:
        return Decision(Verdict.OLE, "It wrote too much into its folder.")
    too_long = traces.written > limits.output or traces.code == SHELL + signal.SIGXFSZ
    if traces.killed is Reason.OUTPUT or too_long:
        return Decision(Verdict.OLE, f"It wrote more than {size(limits.output)}.")
    return None


def _memory(traces: Traces, limits: Limits) -> Decision | None:
    share = traces.memory / limits.memory
    failed = traces.killed is None and traces.code != 0
    # A runtime that bounds its own heap fails at once when too much is asked for: it only says so.
    near, told = (NEAR, HALF) if limits.address_space else (1.0, 0.0)
    enough = told if traces.says_out_of_memory else near
    if (
        traces.killed is Reason.MEMORY
        or share > 1
        or traces.out_of_memory_kills
        or (failed and share >= enough)
    ):
        return Decision(Verdict.MLE, f"It needed more than {size(limits.memory)} of memory.")
    return None


def _time(traces: Traces, limits: Limits) -> Decision | None:
    cpu_signal = traces.code == SHELL + signal.SIGXCPU
    if traces.killed is Reason.CPU or traces.cpu > limits.cpu or cpu_signal:
        return Decision(Verdict.TLE, f"It worked for more than {limits.cpu:g} s.")
    if traces.killed is Reason.WALL or traces.wall > limits.wall_clock:
        if traces.cpu < IDLE * traces.wall:
            told = "It waited instead of working: for input that does not come, or asleep?"
            return Decision(Verdict.TLE, told, idle=True)
        return Decision(Verdict.TLE, f"It took longer than {limits.wall_clock:g} s by the clock.")
    return None


def _ending(traces: Traces) -> Decision:
    if traces.code == 0:
        return Decision(Verdict.OK)
    if (number := signal_of(traces.code)) is not None:
        return Decision(Verdict.RE, f"It was ended by {_named(number)}.")
    return Decision(Verdict.RE, f"It ended with exit code {traces.code}.")


def signal_of(code: int | None) -> int | None:
    """The signal that this exit code stands for, if it does."""
    known = code is not None and code > SHELL and code - SHELL in set(signal.Signals)
    return code - SHELL if known and code is not None else None


PLAIN = {
    signal.SIGSEGV: "it used memory that is not its own, or too deep a recursion",
    signal.SIGABRT: "it gave up itself, for example by a failed assertion",
    signal.SIGFPE: "a division by zero",
    signal.SIGSYS: "a system call that is not allowed here",
    signal.SIGKILL: "killed",
    signal.SIGBUS: "it used memory that is not there",
    signal.SIGILL: "an instruction that does not exist",
    signal.SIGPIPE: "it wrote to somebody who no longer reads",
}


def _named(number: int) -> str:
    found = signal.Signals(number)
    told = PLAIN.get(found)
    return f"signal {found.name} ({told})" if told else f"signal {found.name}"


def size(count: int) -> str:
    """A size in words."""
    return f"{count / MIB:,.0f} MiB" if count >= MIB else f"{count:,} bytes"
