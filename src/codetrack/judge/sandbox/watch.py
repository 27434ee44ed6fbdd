"""Looks at a running process tree from outside: its CPU, its memory, the room it takes in folders.

It reads `/proc` as the same ordinary user; with a delegated cgroup, `cgroup.py` knows better.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

TICK = 1 / os.sysconf("SC_CLK_TCK")
PAGE = os.sysconf("SC_PAGE_SIZE")
UTIME, CUTIME, THREADS, RSS = 11, 13, 17, 21  # fields of /proc/PID/stat after the name
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
    resident: int


def usage(init: int, *, known_peak: int) -> Usage:
    """Sum up the tree below the sandbox's first process, whose own work is not the program's.

    The pages that several processes share are counted once, where it could matter: when their
    plain sum is above the `known_peak`.
    """
    found = Usage()
    below: list[int] = []
    for process in _tree(init):
        found.cpu += process.reaped_cpu
        if process.pid != init:
            found.cpu += process.own_cpu
            found.memory += process.resident
            below.append(process.pid)
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
    try:
        fd = os.open(f"/proc/{pid}/stat", os.O_RDONLY | os.O_CLOEXEC)
        try:
            line = os.read(fd, 2048)
        finally:
            os.close(fd)
    except OSError:
        return None  # it has ended meanwhile
    fields = line[line.rindex(b")") + 2 :].split()
    return _Process(
        pid=pid,
        own_cpu=(int(fields[UTIME]) + int(fields[UTIME + 1])) * TICK,
        reaped_cpu=(int(fields[CUTIME]) + int(fields[CUTIME + 1])) * TICK,
        threads=int(fields[THREADS]),
        resident=int(fields[RSS]) * PAGE,
    )


def _children(process: _Process) -> Iterator[int]:
    tasks = [str(process.pid)]
    if process.threads > 1:
        with suppress(OSError):
            tasks = os.listdir(f"/proc/{process.pid}/task")  # noqa: PTH208 - a hundred times a second
    for task in tasks:
        with suppress(OSError):
            fd = os.open(f"/proc/{process.pid}/task/{task}/children", os.O_RDONLY | os.O_CLOEXEC)
            try:
                yield from map(int, os.read(fd, 65536).split())
            finally:
                os.close(fd)


def _proportional(pid: int) -> int:
    """Its share of the memory in bytes: what n processes have in common counts 1/n for each."""
    with suppress(OSError), Path(f"/proc/{pid}/smaps_rollup").open("rb") as file:
        for line in file:
            if line.startswith(b"Pss:"):
                return int(line.split()[1]) * 1024
    return 0


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


def temporary(init: int, *, size: int) -> Room:
    """What is taken of the sandbox's /tmp, known by its `size`: before it is there, the path
    leads to this machine's own."""
    try:
        state = os.statvfs(f"/proc/{init}/root/tmp")
    except OSError:
        return Room()
    if state.f_blocks * state.f_frsize != -(-size // PAGE) * PAGE:
        return Room()
    taken = (state.f_blocks - state.f_bfree) * state.f_frsize
    return Room(taken, state.f_files - state.f_ffree)


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


def nameless(init: int, path: Path) -> int:
    """Bytes of files on the folder's disk that have no name any more, and are still open."""
    disk = path.stat().st_dev
    sizes: dict[int, int] = {}
    for process in _tree(init):
        with suppress(OSError), os.scandir(f"/proc/{process.pid}/fd") as found:
            for entry in found:
                with suppress(OSError):
                    state = entry.stat()
                    if state.st_nlink == 0 and state.st_dev == disk:
                        sizes[state.st_ino] = state.st_blocks * 512
    return sum(sizes.values())
