"""Looks at a running process tree from outside: its CPU, its memory, the room it takes in folders.

It reads `/proc` as the same ordinary user; with a delegated cgroup, `cgroup.py` knows better.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path

TICK = 1 / os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
UTIME, CUTIME, THREADS = 11, 13, 17  # fields of /proc/PID/stat after the name
#: Of /proc/PID/status: pages; and what shows in no page, their tables and what is swapped out.
RESIDENT = re.compile(rb"^VmRSS:\s+(\d+)", re.MULTILINE)
PROPORTIONAL = re.compile(rb"^Pss:\s+(\d+)", re.MULTILINE)
BESIDE = re.compile(rb"^(?:VmPTE|VmSwap):\s+(\d+)", re.MULTILINE)
#: Of /proc/PID/io: memory files are no disk; what children wrote is in it once they are reaped.
WRITTEN = re.compile(rb"^write_bytes: (\d+)", re.MULTILINE)
SOCKET_BUFFER = Path("/proc/sys/net/core/wmem_default")
USUAL_BUFFER = 212_992
MOST_PROCESSES = 4096  # what a look walks through at most
#: Of a small file system a program may write to, and of a folder that a compiler fills.
MOST_ENTRIES = 4096
MOST_FOLDER_BYTES = 64 * 1024 * 1024
MOST_FOLDER_ENTRIES = 2000


@dataclass(slots=True)
class Usage:
    """What a tree has used by now. `cpu` in seconds, without the sandbox's own; bytes else."""

    cpu: float = 0.0
    memory: int = 0
    processes: int = 0


@dataclass(frozen=True, slots=True)
class _Process:
    pid: int
    own_cpu: float
    reaped_cpu: float
    threads: int


@dataclass(frozen=True, slots=True)
class _Memory:
    resident: int = 0
    beside: int = 0


def usage(init: int, *, known_peak: int) -> Usage:
    """Sum up the tree below the sandbox's first process, whose own work is not the program's.

    The pages that several processes share are counted once, where it could matter: when their
    plain sum is above the `known_peak`.
    """
    found = Usage()
    below: list[_Process] = []
    for process in _tree(init):
        found.cpu += process.reaped_cpu
        if process.pid != init:
            found.cpu += process.own_cpu
            memory = _memory(process)
            found.memory += memory.resident + memory.beside
            below.append(process)
    found.processes = len(below)
    if len(below) > 1 and found.memory > known_peak:
        found.memory = sum(map(_proportional, below))
    return found


def _tree(init: int) -> Iterator[_Process]:
    waiting = [init]
    for _ in range(MOST_PROCESSES):
        if not waiting:
            return
        process = _read(waiting.pop())
        if process is not None:
            yield process
            waiting.extend(_children(process))


def _read(pid: int) -> _Process | None:
    line = _content(f"/proc/{pid}/stat")
    if not line:
        return None  # it has ended meanwhile
    fields = line[line.rindex(b")") + 2 :].split()
    return _Process(
        pid=pid,
        own_cpu=(int(fields[UTIME]) + int(fields[UTIME + 1])) * TICK,
        reaped_cpu=(int(fields[CUTIME]) + int(fields[CUTIME + 1])) * TICK,
        threads=int(fields[THREADS]),
    )


def _content(path: str, size: int = 4096) -> bytes:
    """The beginning of a file in /proc; nothing when there is none any more."""
    with suppress(OSError):
        fd = os.open(path, os.O_RDONLY | os.O_CLOEXEC)
        try:
            return os.read(fd, size)
        finally:
            os.close(fd)
    return b""


def _memory(process: _Process) -> _Memory:
    """Of a process, by any of its threads that still lives: the first one may have ended."""
    for task in _tasks(process):
        status = _content(f"/proc/{process.pid}/task/{task}/status")
        if found := RESIDENT.search(status):
            return _Memory(int(found[1]) * 1024, sum(map(int, BESIDE.findall(status))) * 1024)
    return _Memory()


def _tasks(process: _Process) -> Iterator[str]:
    first = str(process.pid)
    yield first
    if process.threads > 1:
        with suppress(OSError):
            found = os.listdir(f"/proc/{process.pid}/task")  # noqa: PTH208 - done very often
            yield from (task for task in found if task != first)


def _children(process: _Process) -> Iterator[int]:
    for task in _tasks(process):
        children = _content(f"/proc/{process.pid}/task/{task}/children", 65536)
        yield from map(int, children.split())


def _proportional(process: _Process) -> int:
    """Its share of the memory in bytes: what n processes have in common counts 1/n for each.

    One that does not tell its share, but lives, has all of it.
    """
    found = PROPORTIONAL.search(_content(f"/proc/{process.pid}/smaps_rollup"))
    memory = _memory(process)  # afterwards: nothing, if it has ended meanwhile
    return (int(found[1]) * 1024 if found else memory.resident) + memory.beside


def own_cpu(pid: int) -> float:
    """Seconds of CPU of one process of a single thread, to the nanosecond; 0 if it is gone."""
    with suppress(OSError, ValueError, IndexError):
        return int(Path(f"/proc/{pid}/schedstat").read_bytes().split()[0]) / 1e9
    return 0.0


@dataclass(frozen=True, slots=True)
class Room:
    """What is taken of a file system or a folder."""

    size: int = 0
    entries: int = 0


def temporary(init: int, path: str, *, size: int) -> Room:
    """What is taken of a file system of the sandbox's, known by its `size`: before it is there,
    the path leads to this machine's own."""
    try:
        state = os.statvfs(f"/proc/{init}/root{path}")
    except OSError:
        return Room()
    if state.f_blocks * state.f_frsize != -(-size // PAGE) * PAGE:
        return Room()
    taken = (state.f_blocks - state.f_bfree) * state.f_frsize
    return Room(taken, state.f_files - state.f_ffree)


def buffered(init: int) -> int:
    """Bytes that can lie in the buffers of the sandbox's sockets, also of those on their way."""
    with suppress(OSError):
        listed = Path(f"/proc/{init}/net/unix").read_bytes()
        return max(0, listed.count(b"\n") - 1) * _socket_bytes()
    return 0


@cache
def _socket_bytes() -> int:
    """What one can hold: its buffer, which no program here can enlarge, and half as much more in
    the packet that fills it."""
    buffer = USUAL_BUFFER
    with suppress(OSError, ValueError):
        buffer = int(SOCKET_BUFFER.read_text())
    return buffer * 3 // 2


def folder(path: Path) -> Room:
    """What lies in a folder that a sandbox may write to; no link is followed.

    A folder in it that cannot be looked into, closed or too deep, counts as too many entries.
    """
    size = entries = 0
    waiting = [path]
    while waiting and entries <= MOST_FOLDER_ENTRIES:
        try:
            found = os.scandir(waiting.pop())
        except (FileNotFoundError, NotADirectoryError):
            continue  # gone meanwhile
        except OSError:
            return Room(size, MOST_FOLDER_ENTRIES + 1)
        with found:
            for entry in found:
                entries += 1
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(Path(entry.path))
                else:
                    with suppress(OSError):
                        size += entry.stat(follow_symlinks=False).st_blocks * 512
    return Room(size, entries)


def written(init: int) -> int:
    """Bytes that the tree has written to disks, whatever became of them: a file that has no name
    any more still takes its room while it is open, or mapped."""
    found = 0
    for process in _tree(init):
        told = WRITTEN.search(_content(f"/proc/{process.pid}/io"))
        found += int(told[1]) if told else 0
    return found
