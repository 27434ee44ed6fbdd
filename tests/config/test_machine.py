"""How many programs are judged at a time: as many as do not slow each other."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from codetrack.config import machine


@pytest.fixture(autouse=True)
def eight_threads(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: set(range(8)), raising=False)


def pair_up(system: Path) -> None:
    """Two threads a core, like 0 and 4."""
    for cpu in range(8):
        folder = system / "devices/system/cpu" / f"cpu{cpu}" / "topology"
        folder.mkdir(parents=True)
        (folder / "thread_siblings_list").write_text(f"{cpu % 4},{cpu % 4 + 4}\n")


def allow(system: Path, quota: str) -> None:
    folder = system / "fs/cgroup"
    folder.mkdir(parents=True)
    (folder / "cpu.max").write_text(quota)


def test_two_threads_of_a_core_count_once(tmp_path: Path) -> None:
    assert machine.cores(tmp_path) == 8  # a system that says nothing
    pair_up(tmp_path)
    assert machine.cores(tmp_path) == 4


@pytest.mark.parametrize(
    ("quota", "cores"),
    [("max 100000\n", 4), ("250000 100000\n", 2), ("50000 100000\n", 1), ("800000 100000\n", 4)],
)
def test_a_container_gets_what_its_quota_allows(tmp_path: Path, quota: str, cores: int) -> None:
    pair_up(tmp_path)
    allow(tmp_path, quota)
    assert machine.cores(tmp_path) == cores


def test_a_system_without_affinity_has_what_python_counts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(os, "sched_getaffinity")
    monkeypatch.setattr(os, "cpu_count", lambda: 3)
    assert machine.cores(tmp_path) == 3
