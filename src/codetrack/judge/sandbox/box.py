"""One bubblewrap: spawned and waiting, released with its limits set, looked at, over."""

from __future__ import annotations

import json
import os
import resource
import signal
import time
from contextlib import suppress

from codetrack.judge.errors import Fault
from codetrack.judge.sandbox import bwrap, ledger, linux, watch
from codetrack.judge.sandbox.cgroup import Delegated, Group
from codetrack.judge.sandbox.launch import Streams, launch, rlimits
from codetrack.judge.sandbox.verdicts import OUT_OF_MEMORY, Reason, Traces, decide, signal_of
from codetrack.judge.values import Output, Result, Spec, read_at

SETUP_SECONDS = 10.0
END_SECONDS = 5.0
DYING_SECONDS = 0.5
SLOW_LOOK_SECONDS = 0.02  # between two looks at folders, which cost more than processes
SETUP_CPU_SECONDS = 0.03  # what the sandbox's first process may work itself
HINT_BYTES = 4096


class Box:
    """One sandbox with one program; `ended` becomes readable when it is over."""

    def __init__(self, spec: Spec, streams: Streams, *, groups: Delegated | None = None) -> None:
        """Raises Fault. It owns the streams from now on."""
        self.spec = spec
        self._streams = streams
        self._groups = groups
        self._group: Group | None = None
        self._killed: Reason | None = None
        self._usage = watch.Usage()
        self._looked_slowly = self._started = 0.0
        self._said = b""
        self._handed_over = False  # the streams are the result's
        try:
            self._launched = launch(spec, streams)
        except OSError as error:
            _close(streams.stdin, streams.stdout, streams.stderr)
            raise Fault(f"bubblewrap could not be started: {error}") from error
        self._monitor = self._launched.monitor
        self._init = 0  # the sandbox's first process
        self._first: int | None = None  # the same, as a descriptor
        self._noted: int | None = None  # its place in the ledger
        self.ended = os.pidfd_open(self._monitor)
        _close(streams.stdin)

    def release(self) -> None:
        """Set the limits and let it run. Raises Fault when there is no sandbox to release."""
        try:
            self._init = self._first_process()
            if self._groups is not None:
                self._group = self._groups.make(self.spec.limits)
                self._group.add(self._init)
            for kind, value in rlimits(self.spec.limits).items():
                resource.prlimit(self._init, kind, (value, value))
            linux.offer_to_the_oom_killer(self._init)
            self._started = time.monotonic()
            os.write(self._launched.release, b"x")
        except OSError as error:
            if linux.readable(self.ended, DYING_SECONDS):  # a dying process is in nobody's hands
                raise Fault(f"bubblewrap made no sandbox: {self._complaint()}") from error
            raise Fault(f"The limits of a sandbox could not be set: {error}") from error

    def _first_process(self) -> int:
        while b"\n" not in self._said:
            if not linux.readable(self._launched.status, SETUP_SECONDS):
                raise Fault("bubblewrap did not start in time.")
            part = os.read(self._launched.status, 4096)
            if not part:
                raise Fault(f"bubblewrap made no sandbox: {self._complaint()}")
            self._said += part
        found = int(json.loads(self._said.split(b"\n")[0])["child-pid"])
        self._first = os.pidfd_open(found)
        self._noted = ledger.own.enter(found)
        return found

    def _complaint(self) -> str:
        """What bubblewrap says of its failure, once it has ended."""
        linux.readable(self.ended, END_SECONDS)
        with suppress(OSError):
            return read_at(self._streams.stderr, 1000).decode(errors="replace").strip()
        return "no reason given"

    # --- while it runs

    def look(self) -> None:
        """Measure, and kill it when a limit is exceeded."""
        now = time.monotonic()
        usage = watch.usage(self._init, known_peak=self._usage.memory)
        own = watch.own_cpu(self._init)
        usage.cpu += max(0.0, own - SETUP_CPU_SECONDS)
        if self._group is not None:
            usage.cpu, usage.memory = self._group.cpu() - own, self._group.memory()
        slow = now - self._looked_slowly >= SLOW_LOOK_SECONDS
        reason = self._exceeded(usage, now) or (self._room(usage) if slow else None)
        if slow:
            self._looked_slowly = now
        self._usage.cpu = max(self._usage.cpu, usage.cpu)
        self._usage.memory = max(self._usage.memory, usage.memory)
        if reason is not None:
            self.kill(reason)

    def _exceeded(self, usage: watch.Usage, now: float) -> Reason | None:
        limits = self.spec.limits
        if usage.memory > limits.memory:
            return Reason.MEMORY
        if usage.cpu > limits.cpu:
            return Reason.CPU
        if now - self._started > limits.wall_clock:
            return Reason.WALL
        return Reason.OUTPUT if self._written() > limits.output else None

    def _room(self, usage: watch.Usage) -> Reason | None:
        """What is in /tmp or in a socket is memory of this machine, though no process shows it.

        A control group counts it as it is.
        """
        limits = self.spec.limits
        beside = watch.buffered(self._init)
        for path, size in (("/tmp", limits.tmp), ("/dev/shm", bwrap.SHM_BYTES)):  # noqa: S108
            taken = watch.temporary(self._init, path, size=size)
            beside += taken.size
            if taken.entries > watch.MOST_ENTRIES:
                return Reason.ENTRIES
        if self._group is None:
            usage.memory += beside
        if self.spec.out is not None:
            found = watch.folder(self.spec.out)
            if found.entries > watch.MOST_FOLDER_ENTRIES:
                return Reason.ENTRIES
            if max(found.size, watch.written(self._init)) > watch.MOST_FOLDER_BYTES:
                return Reason.FOLDER
        return Reason.MEMORY if usage.memory > limits.memory else None

    def _written(self) -> int:
        return max(_length(self._streams.stdout), _length(self._streams.stderr))

    def kill(self, reason: Reason | None) -> None:
        """End all of it at once: with its first process the whole namespace goes.

        The monitor goes first: it would reap the other, and with it what all have used.
        """
        self._killed = self._killed or reason
        with suppress(ProcessLookupError):
            if self._monitor:
                os.kill(self._monitor, signal.SIGKILL)
            if self._first is not None:
                signal.pidfd_send_signal(self._first, signal.SIGKILL)

    # --- when it is over

    def result(self) -> Result:
        """What came of it; to be asked once `ended` is readable. Raises Fault."""
        wall = time.monotonic() - self._started
        own, spent, greatest = self._reap()
        cpu, memory = max(self._usage.cpu, spent - own), max(self._usage.memory, greatest)
        if self._group is not None:
            cpu, memory = max(cpu, self._group.cpu() - own), self._group.memory()
        traces = Traces(
            killed=self._killed,
            code=self._code(),
            cpu=max(cpu, 0.0),
            wall=wall,
            memory=memory,
            written=self._written(),
            out_of_memory_kills=self._group.out_of_memory_kills() if self._group else 0,
            says_out_of_memory=self._says_out_of_memory(),
        )
        return self._result(traces)

    def _result(self, traces: Traces) -> Result:
        decision = decide(traces, self.spec.limits)
        number = signal_of(traces.code)
        self._handed_over = True
        return Result(
            verdict=decision.verdict,
            idle=decision.idle,
            exit_code=traces.code if number is None else None,
            signal=number,
            cpu=traces.cpu,
            wall=traces.wall,
            memory=traces.memory,
            message=decision.message,
            stdout=Output(self._streams.stdout),
            stderr=Output(self._streams.stderr),
        )

    def _reap(self) -> tuple[float, float, int]:
        """Wait for the monitor and for the first process, which is ours once the former is gone.

        Gives the first one's own CPU, the CPU of all, and the greatest memory of one process.
        """
        os.waitpid(self._monitor, 0)
        self._monitor = 0
        if self._first is None or not linux.readable(self._first, END_SECONDS):
            raise Fault("A sandbox did not end.")
        own = watch.own_cpu(self._init)
        init, self._init = self._init, 0
        try:
            _, _, spent = os.wait4(init, 0)
        except ChildProcessError:  # the monitor was faster: what was seen by looking must do
            return 0.0, 0.0, 0
        cpu = spent.ru_utime + spent.ru_stime
        return min(own, SETUP_CPU_SECONDS), cpu, spent.ru_maxrss * 1024

    def _code(self) -> int | None:
        """The exit code; None if we killed it. Raises Fault when nothing was ever started."""
        if self._killed is not None:
            return None
        while part := os.read(self._launched.status, 4096):
            self._said += part
        for line in self._said.splitlines()[1:]:
            return int(json.loads(line)["exit-code"])
        raise Fault(f"bubblewrap started nothing: {self._complaint()}")

    def _says_out_of_memory(self) -> bool:
        length = _length(self._streams.stderr)
        with suppress(OSError):
            ends = {0, max(0, length - HINT_BYTES)}  # before a long trace, or after it
            said = b"\n".join(os.pread(self._streams.stderr, HINT_BYTES, at) for at in sorted(ends))
            return any(word in said for word in OUT_OF_MEMORY)
        return False

    def close(self) -> None:
        """Give everything back; what still runs is killed first."""
        if not self._started:
            with suppress(Fault, ProcessLookupError):
                self._init = self._first_process()
        self.kill(None)
        for pid in filter(None, (self._monitor, self._init)):
            with suppress(ChildProcessError):
                os.waitpid(pid, 0)
        if self._group is not None:
            self._group.close()
        _close(self._launched.status, self._launched.release, self.ended)
        if self._first is not None:
            os.close(self._first)
        ledger.own.leave(self._noted)
        if not self._handed_over:
            _close(self._streams.stdout, self._streams.stderr)


def _close(*descriptors: int) -> None:
    for fd in descriptors:
        os.close(fd)


def _length(fd: int) -> int:
    return os.fstat(fd).st_size
