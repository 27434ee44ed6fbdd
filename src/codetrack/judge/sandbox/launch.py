"""Starts bubblewrap so that it waits for its release, and says which limits it then gets."""

from __future__ import annotations

import math
import os
import resource
import signal
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass

from codetrack.judge.sandbox import bwrap, seccomp
from codetrack.judge.values import KIB, MIB, Limits, Spec, in_memory

MOST_STACK = 256 * MIB
MORE_ADDRESSES = 32 * MIB  # what a dynamic linker and a runtime reserve beside the program's own
IGNORED_BY_PYTHON = (signal.SIGPIPE, signal.SIGXFSZ)
FLAGS = ("--json-status-fd", "--block-fd", "--sync-fd", "--seccomp")
MORE_CPU_SECONDS = 2  # the kernel's own limit is in whole seconds, and for each process


@dataclass(frozen=True, slots=True)
class Streams:
    """The three descriptors that a program begins with."""

    stdin: int
    stdout: int
    stderr: int


@dataclass(frozen=True, slots=True)
class Launched:
    """A bubblewrap that waits: its process, what it says of itself, and what releases it."""

    monitor: int
    status: int
    release: int


def launch(spec: Spec, streams: Streams) -> Launched:
    """Raises OSError. To be called by the one thread that lives as long as this process:
    bubblewrap ends with the thread that has started it."""
    with ExitStack() as ours:

        def mine(fd: int) -> int:
            ours.callback(os.close, fd)
            return fd

        status, told = os.pipe2(os.O_CLOEXEC)
        blocked, release = os.pipe2(os.O_CLOEXEC)
        rules = mine(in_memory(seccomp.program(spec.profile)))
        # With an end of its own, it does not take our death for its release.
        theirs = [mine(told), mine(blocked), mine(os.dup(release)), rules]
        files = {inside: mine(data.open()) for inside, data in spec.files.items()}
        flags = zip(FLAGS, theirs, strict=True)
        given = [str(part) for flag in flags for part in flag]
        packed = "\0".join([*bwrap.arguments(spec, files=files), *given, ""])
        arguments = mine(in_memory(packed.encode()))
        for fd in (rules, *files.values(), arguments):
            os.lseek(fd, 0, os.SEEK_SET)
        monitor = _start(spec.argv, arguments, [*theirs, *files.values()], streams)
        return Launched(monitor, status, release)


def _start(argv: Sequence[str], arguments: int, handed: Sequence[int], streams: Streams) -> int:
    """All else that is open here closes by itself: this process has a single thread."""
    for fd in (arguments, *handed):
        os.set_inheritable(fd, True)
    actions = [
        (os.POSIX_SPAWN_DUP2, fd, number)
        for number, fd in enumerate((streams.stdin, streams.stdout, streams.stderr))
    ]
    path = bwrap.find().path
    command = [path, "--args", str(arguments), "--", *argv]
    return os.posix_spawn(
        path, command, {}, file_actions=actions, setsigmask=(), setsigdef=IGNORED_BY_PYTHON
    )


def rlimits(limits: Limits) -> dict[int, int]:
    """Of the first process and so of all, each of them, but for the number of processes."""
    found = {
        resource.RLIMIT_CORE: 0,
        resource.RLIMIT_NOFILE: limits.files,
        resource.RLIMIT_NPROC: limits.processes,
        resource.RLIMIT_FSIZE: limits.output + 1,  # a byte more tells "too much" from "just all"
        resource.RLIMIT_CPU: math.ceil(limits.cpu) + MORE_CPU_SECONDS,
        resource.RLIMIT_STACK: min(limits.memory, MOST_STACK),
        resource.RLIMIT_MEMLOCK: 64 * KIB,
        resource.RLIMIT_MSGQUEUE: 0,
        resource.RLIMIT_SIGPENDING: 256,
    }
    if limits.address_space:
        found[resource.RLIMIT_AS] = limits.memory + MORE_ADDRESSES
    return found
