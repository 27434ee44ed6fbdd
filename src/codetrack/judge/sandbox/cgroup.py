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
_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Delegated:
    """A group of ours in which we may make others."""

    folder: Path

    def make(self, limits: Limits) -> Group:
        """A group for one run. Raises OSError."""
        folder = self.folder / f"run-{os.getpid()}-{next(_numbers)}"
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
    """The group that was delegated to us, with this process moved aside; None if there is none."""
    folder = _own_folder(own, mounts)
    if folder is None or not os.access(folder / "cgroup.subtree_control", os.W_OK):
        return None
    with suppress(OSError):
        if set(NEEDED) <= set((folder / "cgroup.controllers").read_text().split()):
            _move_aside(folder)
            (folder / "cgroup.subtree_control").write_text("+memory +pids")
            return Delegated(folder)
    return None


def _move_aside(folder: Path) -> None:
    """Only a group without processes of its own may hand controllers on."""
    aside = folder / "worker"
    aside.mkdir(exist_ok=True)
    for pid in (folder / "cgroup.procs").read_text().split():
        with suppress(ProcessLookupError):
            (aside / "cgroup.procs").write_text(pid)


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
