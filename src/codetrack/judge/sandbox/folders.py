"""The worker's own folder: taken by a lock, emptied of what a killed one has left."""

from __future__ import annotations

import fcntl
import itertools
import os
import secrets
import signal
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from codetrack.judge.errors import Refused
from codetrack.judge.sandbox.ledger import Ledger

NAME = "codetrack-judge"
MOST = 1000
MOST_UIDS = 300


@dataclass(frozen=True, slots=True)
class Place:
    """A folder that one worker at a time has: `work` is emptied at every start, `store` is kept."""

    folder: Path
    lock: int  # closed, and so given back, when the worker ends in whatever way

    @property
    def work(self) -> Path:
        return self.folder / "work"

    @property
    def store(self) -> Path:
        return self.folder / "store"

    @contextmanager
    def fresh(self, name: str) -> Iterator[Path]:
        """An empty folder, gone afterwards."""
        made = Path(tempfile.mkdtemp(prefix=f"{name}-", dir=self.work))
        try:
            yield made
        finally:
            remove(made)


def base() -> Path:
    """Where such folders lie: a place that every user of this machine may pass through.

    Raises Refused when what is compiled could not be run there.
    """
    folder = Path(os.environ.get("CODETRACK_JUDGE_DIR") or "/tmp")  # noqa: S108 - names are checked
    with suppress(OSError):  # one that is not there is told of by whoever makes a folder in it
        if os.statvfs(folder).f_flag & os.ST_NOEXEC:
            raise Refused(
                f"Programs in {folder} cannot be started: it is mounted noexec.",
                "Name another folder that every user may pass through with CODETRACK_JUDGE_DIR.",
            )
    return folder


def take(uid: int, *, within: Path | None = None) -> Place:
    """The first free folder of this user, made ready. Raises Refused when there is no room."""
    ground = within or base()
    for number in range(MOST):
        place = _claim(ground / f"{NAME}-{uid}-{number}", uid)
        if place is not None:
            return place
    raise Refused(f"All {MOST} work folders of user {uid} are in use.", "Stop some judge workers.")


def take_as_root(first_uid: int, *, within: Path | None = None) -> tuple[int, Place]:
    """For root: a user id that no other worker has now, and its folder, which that id owns."""
    ground = within or base()
    for uid in range(first_uid, first_uid + MOST_UIDS):
        place = _claim(ground / f"{NAME}-{uid}-0", uid)
        if place is not None:
            return uid, place
    raise Refused(f"All {MOST_UIDS} user ids of the judge are in use.", "Stop some judge workers.")


def _claim(folder: Path, uid: int) -> Place | None:
    """Take the folder if it is free and really ours; `None` when somebody else has it."""
    try:
        folder.mkdir(mode=0o700, exist_ok=True)
    except FileExistsError:  # something else of this name
        return None
    except OSError as error:
        raise Refused(
            f"The judge's folder {folder} cannot be made: {error.strerror}.",
            "Name a folder that every user may pass through with CODETRACK_JUDGE_DIR.",
        ) from error
    lock = _locked(folder, uid)
    if lock is None:
        return None
    _succeed(folder, lock, uid)
    _make_ready(folder, uid)
    return Place(folder, lock)


def _locked(folder: Path, uid: int) -> int | None:
    """The lock in a folder of ours, held. A link of somebody else's is not followed."""
    with suppress(OSError):
        opened = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
        try:
            if os.fstat(opened).st_uid not in {uid, os.geteuid()}:
                return None
            flags = os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW
            lock = os.open("lock", flags, mode=0o600, dir_fd=opened)
        finally:
            os.close(opened)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(lock)
            return None
        return lock
    return None


def _succeed(folder: Path, lock: int, uid: int) -> None:
    """End what is left of the worker before us, and write down which processes are ours.

    Sandboxes that wait, or were just released, outlive one that was killed with its asker.
    """
    left = Ledger.find(folder)
    left.end(uid)
    left.close()
    with suppress(ValueError):
        _end_sandboxes(int(os.pread(lock, 20, 0)), uid)
    os.ftruncate(lock, 0)
    os.pwrite(lock, str(os.getpgid(0)).encode(), 0)


def _end_sandboxes(group: int, uid: int) -> None:
    mine = f"\nUid:\t{uid}\t"
    for path in Path("/proc").glob("[0-9]*"):
        pid = int(path.name)
        with suppress(OSError):
            status = (path / "status").read_text() if os.getpgid(pid) == group else ""
            if status.startswith("Name:\tbwrap\n") and mine in status:
                os.kill(pid, signal.SIGKILL)


def _make_ready(folder: Path, uid: int) -> None:
    remove(folder / "work")
    for path in (folder, folder / "work", folder / "store"):
        path.mkdir(mode=0o700, exist_ok=True)
        if os.geteuid() == 0:
            os.chown(path, uid, uid, follow_symlinks=False)


def remove(folder: Path) -> None:
    """Remove it with all it holds, whatever modes a program or a compiler has left there.

    Folders in folders are first moved to the top: their path may be longer than the kernel takes.
    """
    mark = secrets.token_hex(8)
    count = itertools.count()
    waiting = [folder]
    for path in waiting:  # which grows meanwhile
        with suppress(OSError):
            opened = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
            try:
                for name in _emptied(opened):
                    higher = folder / f"{mark}-{next(count)}"
                    os.rename(name, higher, src_dir_fd=opened)
                    waiting.append(higher)
            finally:
                os.close(opened)
    for path in reversed(waiting):
        with suppress(OSError):
            path.rmdir()


def _emptied(opened: int) -> list[str]:
    """Remove all that is no folder; the names of the folders, which can then be moved."""
    names = []
    with os.scandir(opened) as found:
        for entry in list(found):
            if entry.is_dir(follow_symlinks=False):
                os.chmod(entry.name, 0o700, dir_fd=opened, follow_symlinks=False)
                names.append(entry.name)
            else:
                os.unlink(entry.name, dir_fd=opened)
    return names
