"""What a killed worker has left is ended by its notes: sandboxes of its user, and nothing else."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from codetrack.judge.sandbox import folders
from codetrack.judge.sandbox.ledger import Ledger

ME = os.getuid()
SLEEP = shutil.which("sleep") or ""


@pytest.fixture
def sandbox(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process that looks like the first one of a sandbox."""
    with running(shutil.copy(SLEEP, str(tmp_path / "bwrap"))) as process:
        yield process


def running(program: str) -> subprocess.Popen[bytes]:
    # In a group of its own: workers end the sandboxes of the group that had their folder before.
    process = subprocess.Popen([program, "30"], start_new_session=True)
    while Path(f"/proc/{process.pid}/comm").read_text() != f"{Path(program).name}\n":
        time.sleep(0.001)  # it has its new name a moment after it has begun
    return process


def ended(process: subprocess.Popen[bytes], seconds: float = 25) -> bool:
    try:
        return process.wait(seconds) != 0
    except subprocess.TimeoutExpired:
        process.kill()
        return False


def noted(folder: Path, pid: int) -> None:
    with closing(Ledger.begin(folder)) as ledger:
        ledger.enter(pid)


def test_noted_sandbox_is_ended(tmp_path: Path, sandbox: subprocess.Popen[bytes]) -> None:
    noted(tmp_path, sandbox.pid)
    with closing(Ledger.find(tmp_path)) as found:
        found.end(ME, owner=os.getpid())
    assert ended(sandbox)


def test_one_that_has_left_is_not(tmp_path: Path, sandbox: subprocess.Popen[bytes]) -> None:
    with closing(Ledger.begin(tmp_path)) as ledger:
        ledger.leave(ledger.enter(sandbox.pid))
    with closing(Ledger.find(tmp_path)) as found:
        found.end(ME)
    assert not ended(sandbox, 0.3)


def test_notes_of_another_worker_are_let_be(
    tmp_path: Path, sandbox: subprocess.Popen[bytes]
) -> None:
    noted(tmp_path, sandbox.pid)
    with closing(Ledger.find(tmp_path)) as found:
        found.end(ME, owner=os.getpid() + 1)
    assert not ended(sandbox, 0.3)


def test_number_that_was_given_again_is_let_be(tmp_path: Path) -> None:
    with running(SLEEP) as other:
        noted(tmp_path, other.pid)
        with closing(Ledger.find(tmp_path)) as found:
            found.end(ME)
        assert not ended(other, 0.3)


def test_sandbox_of_another_user_is_let_be(
    tmp_path: Path, sandbox: subprocess.Popen[bytes]
) -> None:
    noted(tmp_path, sandbox.pid)
    with closing(Ledger.find(tmp_path)) as found:
        found.end(ME + 1)
    assert not ended(sandbox, 0.3)


def test_next_worker_of_a_folder_ends_what_was_noted(
    tmp_path: Path, sandbox: subprocess.Popen[bytes]
) -> None:
    before = folders.take(ME, within=tmp_path)
    noted(before.folder, sandbox.pid)
    os.close(before.lock)
    after = folders.take(ME, within=tmp_path)
    assert after.folder == before.folder
    assert ended(sandbox)


def test_no_notes_are_no_trouble(tmp_path: Path) -> None:
    with closing(Ledger.find(tmp_path / "nowhere")) as found:
        found.end(ME)
    with closing(Ledger()) as nothing:
        nothing.leave(nothing.enter(1))
    (tmp_path / "sandboxes").write_bytes(b"odd")
    with closing(Ledger.find(tmp_path)) as found:
        found.end(ME)
