"""How many programs this machine can run at once without slowing each other. No Django here."""

from __future__ import annotations

import os
from pathlib import Path

SYSTEM = Path("/sys")


def cores(system: Path = SYSTEM) -> int:
    """The physical cores that this process may use, at least 1.

    Two threads of one core, or more processes than the quota of a container allows, would make the
    times that are measured depend on the neighbour.
    """
    allowed = os.sched_getaffinity(0) if hasattr(os, "sched_getaffinity") else _all()
    physical = len({_siblings(system, cpu) for cpu in allowed})
    return max(1, min(physical, _quota(system, physical)))


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
