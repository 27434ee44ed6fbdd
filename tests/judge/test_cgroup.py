"""Control groups where they are delegated: found, made, read and removed, in a pretend tree.

A real one needs systemd's `Delegate=yes`; tests/soak/test_level_a.py boots a kernel that has it.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from codetrack.judge.client import Judge
from codetrack.judge.sandbox import cgroup
from codetrack.judge.values import MIB, Limits, Spec


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """The files of a delegated group as the kernel shows them."""
    group = tmp_path / "system.slice" / "judge.service"
    group.mkdir(parents=True)
    (group / "cgroup.controllers").write_text("cpu memory pids\n")
    (group / "cgroup.subtree_control").write_text("")
    (group / "cgroup.procs").write_text("")
    (tmp_path / "own").write_text("1:name=systemd:/\n0::/system.slice/judge.service\n")
    (tmp_path / "mounts").write_text(
        f"30 23 0:26 / {tmp_path} rw,nosuid - cgroup2 cgroup2 rw\n"
        "31 23 0:5 / /dev rw - devtmpfs x rw\n"
    )
    return tmp_path


def find(tree: Path) -> cgroup.Delegated | None:
    return cgroup.find(own=tree / "own", mounts=tree / "mounts")


def test_worker_settles_in_a_group_of_its_own(tree: Path) -> None:
    found = find(tree)
    service = tree / "system.slice" / "judge.service"
    assert found is not None and found.folder.parent == service
    assert (found.folder / "worker" / "cgroup.procs").read_text() == str(os.getpid())
    for group in (service, found.folder):
        assert (group / "cgroup.subtree_control").read_text() == "+memory +pids"


def test_who_was_in_the_group_is_moved_aside(tree: Path) -> None:
    service = tree / "system.slice" / "judge.service"
    (service / "cgroup.procs").write_text("4711\n")
    assert find(tree) is not None
    assert (service / "rest" / "cgroup.procs").read_text() == "4711"


def test_worker_of_an_asker_that_was_moved_settles_beside_the_first(tree: Path) -> None:
    rest = tree / "system.slice" / "judge.service" / "rest"
    rest.mkdir()
    (rest / "cgroup.procs").write_text("")
    (tree / "own").write_text("0::/system.slice/judge.service/rest\n")
    found = find(tree)
    assert found is not None and found.folder.parent == rest.parent


def test_groups_of_killed_workers_are_removed(tree: Path) -> None:
    left = tree / "system.slice" / "judge.service" / "judge-1"
    (left / "worker").mkdir(parents=True)
    (left / "run-3").mkdir()
    assert find(tree) is not None
    assert not left.exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root gives to others")
def test_root_gives_the_group_to_the_user_it_becomes(tree: Path) -> None:
    found = find(tree)
    assert found is not None
    found.give(60800)
    for path in (found.folder, found.folder / "worker", found.folder / "cgroup.subtree_control"):
        assert path.stat().st_uid == 60800
    assert (tree / "system.slice" / "judge.service").stat().st_uid == 0


@pytest.mark.parametrize("controllers", ["cpu", "memory", ""])
def test_group_without_the_controllers_is_none(tree: Path, controllers: str) -> None:
    (tree / "system.slice/judge.service/cgroup.controllers").write_text(controllers)
    assert find(tree) is None


def test_machine_without_version_2_has_none(tree: Path) -> None:
    (tree / "mounts").write_text("30 23 0:26 / /sys/fs/cgroup rw - cgroup cgroup rw,memory\n")
    assert find(tree) is None


def test_group_of_a_run_has_its_limits(tree: Path) -> None:
    found = find(tree)
    assert found is not None
    group = found.make(Limits(memory=64 * MIB, processes=16))
    assert (group.folder / "memory.max").read_text() == str(64 * MIB)
    assert (group.folder / "memory.oom.group").read_text() == "1"
    assert (group.folder / "pids.max").read_text() == "18"
    group.add(4711)
    assert (group.folder / "cgroup.procs").read_text() == "4711"


def test_group_is_read(tree: Path) -> None:
    found = find(tree)
    assert found is not None
    group = found.make(Limits())
    assert (group.cpu(), group.memory(), group.out_of_memory_kills()) == (0.0, 0, 0)
    (group.folder / "cpu.stat").write_text("usage_usec 250000\nuser_usec 200000\n")
    (group.folder / "memory.current").write_text("1000\n")
    (group.folder / "memory.events").write_text("oom 2\noom_kill 1\n")
    assert (group.cpu(), group.memory(), group.out_of_memory_kills()) == (0.25, 1000, 1)
    (group.folder / "memory.peak").write_text("2000\n")
    assert group.memory() == 2000


def test_level_of_this_machine_is_measured_by_what_it_says(judge: Judge) -> None:
    if judge.ready().level != "A":
        pytest.skip("no cgroup v2 is delegated here: level B")
    result = judge.run(Spec(argv=("/usr/bin/python3", "-I", "-c", "x = bytearray(50_000_000)")))
    assert result.memory > 50_000_000
