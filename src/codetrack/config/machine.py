"""What this machine can do at once: programs that do not slow each other, files that are open.

No Django here.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

SYSTEM = Path("/sys")
OTHER_FILES = 1_000


def cores(system: Path = SYSTEM) -> int:
    """The physical cores that this process may use, at least 1.

    Two threads of one core, or more processes than the quota of a container allows, would make the
    times that are measured depend on the neighbour.
    """
    allowed = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else _all()
    physical = len({_siblings(system, cpu) for cpu in allowed})
    return max(1, min(physical, _quota(system, physical)))


def allow_open_files(sockets: int) -> None:
    """Let this process have so many sockets open beside its other files, as far as it may."""
    if sys.platform == "win32":
        return  # has no such limit
    import resource

    wanted = sockets + OTHER_FILES
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def _all() -> set[int]:
    return set(range(os.cpu_count() or 1))


def _siblings(system: Path, cpu: int) -> str:
    """The threads of the core that this one belongs to, as the kernel writes them."""
    folder = system / "devices" / "system" / "cpu" / f"cpu{cpu}" / "topology"
    try:
        return (folder / "thread_siblings_list").read_text().strip()
    except OSError:
        return str(cpu)


def _quota(system: Path, otherwise: int) -> int:
    """Whole processors that the control group of a container leaves us."""
    try:
        quota, _, period = (system / "fs" / "cgroup" / "cpu.max").read_text().partition(" ")
        return int(quota) // int(period)
    except (OSError, ValueError, ZeroDivisionError):  # no such file, or "max"
        return otherwise
