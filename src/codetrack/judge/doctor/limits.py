"""Probes of what a program may use: each is a run that would harm the machine without its limit."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace

from codetrack.judge.doctor.bench import AT_FDCWD, FIRST_FREE, LIMITS, Bench, Probe, probe
from codetrack.judge.doctor.caller import Room, Script
from codetrack.judge.doctor.within import SIGCHLD
from codetrack.judge.values import MIB, Result, Verdict

FORKS = 7  # without a limit, 128 processes
MILLISECOND = 1_000_000
PRIVATE, POPULATED = 0x22, 0x8022  # anonymous memory, and the same given at once
READ_WRITE = 3
ITIMER_REAL = 0


def _moment(script: Script, nanoseconds: int) -> Room:
    """A struct timespec of less than a second."""
    return script.words(0, nanoseconds)


def processes(bench: Bench) -> Probe:
    script = Script()
    mark, moment = script.text("x"), _moment(script, 200 * MILLISECOND)
    for _ in range(FORKS):
        script.call("clone", SIGCHLD)
    script.call("write", 1, mark, 1)
    script.call("nanosleep", moment.address, 0)
    for _ in range(FORKS):
        script.call("wait4", -1 & 0xFFFF_FFFF, 0, 0, 0)
    made = bench.run(script, LIMITS).stdout.size
    # On a busy machine one may come late, when the first have ended and made room.
    held = 1 < made <= 4 * LIMITS.processes
    wrong = "" if held else f"Of {LIMITS.processes} processes allowed at a time it made {made}."
    return probe(
        "number of processes",
        wrong=wrong,
        fine=f"{made} were made where {2**FORKS} were tried",
        remedy="The kernel must be 5.14 or newer, and the judge's user not root.",
    )


def memory(bench: Bench) -> Probe:
    script = Script()
    for _ in range(64):
        script.call("mmap", 0, 8 * MIB, READ_WRITE, POPULATED, -1, 0)
    result = bench.run(script, replace(LIMITS, address_space=False))
    return _verdict("memory", result, Verdict.MLE, f"stopped at {result.memory // MIB} MiB")


def output(bench: Bench) -> Probe:
    script = Script()
    room = script.room(8 * 1024)
    for _ in range(400):
        script.call("write", 1, room.address, room.size)
    result = bench.run(script, LIMITS)
    kept = result.stdout.size
    if kept > LIMITS.output + 1:
        return probe("output", wrong=f"{kept} bytes were kept.", fine="")
    return _verdict("output", result, Verdict.OLE, f"stopped at {kept} bytes")


def clock(bench: Bench) -> Probe:
    script = Script()
    moment = _moment(script, 900 * MILLISECOND)
    for _ in range(10):
        script.call("nanosleep", moment.address, 0)
    result = bench.run(script, replace(LIMITS, wall=0.2))
    return _verdict("time by the clock", result, Verdict.TLE, f"stopped at {result.wall:.2f} s")


def processor(bench: Bench) -> Probe:
    script = Script()
    script.call("openat", AT_FDCWD, script.text("/dev/urandom"), 0)
    place, size = 0x2000_0000, 16 * MIB
    script.call("mmap", place, size, READ_WRITE, PRIVATE | 0x10, -1, 0)  # exactly there
    for _ in range(800):
        script.call("read", FIRST_FREE, place, size)
    result = bench.run(script, replace(LIMITS, cpu=0.2))
    if result.idle:
        return probe("time of the processor", wrong="It was stopped by the clock.", fine="")
    return _verdict("time of the processor", result, Verdict.TLE, f"stopped at {result.cpu:.2f} s")


def nothing_left(bench: Bench) -> Probe:
    """The program ends by an alarm, which its child does not inherit: that would write on."""
    script = Script()
    mark, moment = script.text("x"), _moment(script, 9 * MILLISECOND)
    alarm = script.words(0, 0, 0, 100_000)  # once, in 100,000 microseconds
    script.call("setitimer", ITIMER_REAL, alarm.address, 0)
    script.call("clone", SIGCHLD)
    for _ in range(400):
        script.call("write", 1, mark, 1)
        script.call("nanosleep", moment.address, 0)
    result = bench.run(script, LIMITS)
    before = result.stdout.size
    time.sleep(0.05)
    grown = result.stdout.size - before
    wrong = "A process lived on after its program." if grown else ""
    if not before or result.wall > 3:
        wrong = f"The program wrote {before} bytes and ended after {result.wall:.1f} s."
    return probe("nothing lives on", wrong=wrong, fine="what a program leaves behind ends with it")


def _verdict(name: str, result: Result, wanted: Verdict, fine: str) -> Probe:
    wrong = "" if result.verdict is wanted else f"It got {result.verdict} instead of {wanted}."
    return probe(name, wrong=wrong, fine=f"{wanted}, {fine}")


PROBES: tuple[Callable[[Bench], Probe], ...] = (
    *(processes, memory, output, clock, processor, nothing_left),
)
