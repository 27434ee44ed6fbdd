"""Control groups, version 2, where this process may make some: exact memory and CPU of a tree.

Without them (`find` gives None) `watch.py` measures by looking; version 1 is not used.
"""

from __future__ import annotations

import os
from contextlib import suppress
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from codetrack.judge.values import Limits

NEEDED = ("memory", "pids")
ON = "+memory +pids"
#: Where the processes go that were in the group before: one with groups below it may hold none.
REST = "rest"
OURS = "judge-"
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Delegated:
    """A group of this worker's own, in which it makes one for each run."""

    folder: Path

    def give(self, uid: int) -> None:
        """Let this user go on with it, for a root that is about to become it. Raises OSError."""
        for path in (self.folder, self.folder / "worker"):
            for inside in (path, path / "cgroup.procs", path / "cgroup.subtree_control"):
                if inside.exists():
                    os.chown(inside, uid, uid)

    def make(self, limits: Limits) -> Group:
        """A group for one run. Raises OSError."""
        folder = self.folder / f"run-{next(_numbers)}"
        folder.mkdir()
        group = Group(folder)
        group.write("memory.max", limits.memory)
        group.write("memory.oom.group", 1)
        # The sandbox's own two processes count too.
        group.write("pids.max", limits.processes + 2)
        with suppress(OSError):  # a kernel without swap accounting
            group.write("memory.swap.max", 0)
        return group


@dataclass(frozen=True, slots=True)
class Group:
    """The group of one run."""

    folder: Path

    def write(self, name: str, value: int) -> None:
        (self.folder / name).write_text(str(value))

    def add(self, pid: int) -> None:
        self.write("cgroup.procs", pid)

    def cpu(self) -> float:
        """Seconds of all processes that are or were in it."""
        return _table(self.folder / "cpu.stat").get("usage_usec", 0) / 1e6

    def memory(self) -> int:
        """The most bytes that were in use at a time."""
        for name in ("memory.peak", "memory.current"):
            with suppress(OSError, ValueError):
                return int((self.folder / name).read_text())
        return 0

    def out_of_memory_kills(self) -> int:
        return _table(self.folder / "memory.events").get("oom_kill", 0)

    def close(self) -> None:
        """Kill what is left in it, and remove it."""
        with suppress(OSError):
            self.write("cgroup.kill", 1)
        with suppress(OSError):
            self.folder.rmdir()


def _table(path: Path) -> dict[str, int]:
    with suppress(OSError):
        return {name: int(value) for name, value in map(str.split, path.read_text().splitlines())}
    return {}


def find(
    *, own: Path = Path("/proc/self/cgroup"), mounts: Path = Path("/proc/self/mountinfo")
) -> Delegated | None:
    """A group for this worker, which moves into it; None where none may be made."""
    folder = _own_folder(own, mounts)
    if folder is None or not os.access(folder / "cgroup.procs", os.W_OK):
        return None
    with suppress(OSError):
        if folder.name == REST:  # moved there when an earlier worker began
            folder = folder.parent
        if set(NEEDED) <= set((folder / "cgroup.controllers").read_text().split()):
            return _settle(folder)
    return None


def _settle(folder: Path) -> Delegated:
    """Only a group without processes of its own may hand its controllers on."""
    _forget_ended(folder)
    ours = folder / f"{OURS}{os.getpid()}"
    for made in (ours, ours / "worker"):
        made.mkdir(exist_ok=True)
    (ours / "worker" / "cgroup.procs").write_text(str(os.getpid()))
    if others := (folder / "cgroup.procs").read_text().split():
        (folder / REST).mkdir(exist_ok=True)
        for pid in others:
            with suppress(ProcessLookupError):
                (folder / REST / "cgroup.procs").write_text(pid)
    for group in (folder, ours):
        (group / "cgroup.subtree_control").write_text(ON)
    return Delegated(ours)


def _forget_ended(folder: Path) -> None:
    """Remove the groups of workers that are no more: the kernel keeps those with a process."""
    for ended in folder.glob(f"{OURS}*"):
        for path in (*(inside for inside in ended.iterdir() if inside.is_dir()), ended):
            with suppress(OSError):
                path.rmdir()


def _own_folder(own: Path, mounts: Path) -> Path | None:
    with suppress(OSError):
        root = _mount_point(mounts)
        for line in own.read_text().splitlines():
            if root is not None and line.startswith("0::"):
                return root / line.removeprefix("0::").lstrip("/")
    return None


def _mount_point(mounts: Path) -> Path | None:
    for line in mounts.read_text().splitlines():
        fields, _, kind = line.partition(" - ")
        if kind.startswith("cgroup2 "):
            return Path(fields.split()[4])
    return None
