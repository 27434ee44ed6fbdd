"""Keeps what compilers have made, under the hash of all that it was made of.

An entry appears under its name by one rename, so it is whole or not there; it is locked while
somebody uses it, so it is not removed under a running program. A cache: it may be emptied always.
"""

from __future__ import annotations

import os
import stat
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from codetrack.judge.errors import Fault, Refused
from codetrack.judge.languages import artefacts
from codetrack.judge.sandbox.folders import remove
from codetrack.judge.values import KIB, MIB

if sys.platform != "win32":
    import fcntl

CAP = 256 * MIB
ENTRY = 8 * KIB  # what an entry takes beside its files
MOST_META = 256 * KIB
LOOK_AFTER = 64  # entries made by us, to see those of others too
FULL_SHARE = 0.8  # what is left after a tidying, of the cap
FRESH = "new-"
OLD = "old-"


class Meta(msgspec.Struct, frozen=True, kw_only=True):
    """What is known of an entry: what the compiler said, and whether it made anything."""

    ok: bool
    text: str
    size: int = 0


class Entry:
    """One entry, kept while this object lives."""

    def __init__(self, folder: Path, meta: Meta, lock: int) -> None:
        self.meta = meta
        self.box = folder / "box"
        self._lock = lock

    def __del__(self) -> None:
        os.close(self._lock)


class Store:
    """A folder of entries, of `cap` bytes at most: what was not used for longest goes first."""

    def __init__(self, folder: Path, *, cap: int = CAP) -> None:
        folder.mkdir(mode=0o700, exist_ok=True)
        if folder.is_symlink() or folder.stat().st_uid != os.geteuid():
            raise Refused(f"{folder} belongs to another user.", "Remove it.")
        folder.chmod(0o700)
        self._folder = folder
        self._cap = cap
        self._made = 0
        self._remove_remains()
        self._size = self._tidy()

    def find(self, key: str) -> Entry | None:
        """The entry of this key, marked as used now; what is damaged is removed."""
        lock = self._lock(key)
        if lock is None:
            return None
        try:
            meta = _meta(self._folder / key)
            os.utime(lock)
            return Entry(self._folder / key, meta, lock)
        except (OSError, ValueError, msgspec.MsgspecError):
            os.close(lock)
            self._drop(key)
            return None

    def keep(self, key: str, *, text: str, fill: Callable[[Path], None] | None = None) -> Entry:
        """Make the entry: `fill` puts files into a folder; without it, nothing was compiled.

        What `fill` raises is passed on, and nothing is kept.
        """
        with self._fresh() as folder:
            size = 0
            if fill is not None:
                box = folder / "box"
                box.mkdir(mode=0o700)
                fill(box)
                size = artefacts.make_readable(box)
            meta = Meta(ok=fill is not None, text=text, size=size)
            (folder / "meta").write_bytes(msgspec.json.encode(meta))
            with suppress(OSError):  # another worker was faster: the same, made of the same
                folder.rename(self._folder / key)
        self._size += size + len(text) + ENTRY
        found = self.find(key)
        if found is None:
            raise Fault("What was compiled could not be kept.")
        self._made += 1
        if self._size > self._cap or self._made % LOOK_AFTER == 0:
            self._size = self._tidy()
        return found

    # --- locks: shared by who uses an entry, exclusive to remove it

    def _lock(self, name: str, *, exclusive: bool = False) -> int | None:
        """A descriptor that holds it; None when it is not there, or not to be had."""
        path = self._folder / name
        wanted = fcntl.LOCK_EX if exclusive else fcntl.LOCK_SH
        try:
            opened = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC)
        except OSError:
            return None
        with suppress(OSError):
            fcntl.flock(opened, wanted | fcntl.LOCK_NB)
            if os.path.samestat(os.fstat(opened), path.lstat()):  # not renamed meanwhile
                return opened
        os.close(opened)
        return None

    @contextmanager
    def _fresh(self) -> Iterator[Path]:
        """A folder for a new entry, gone afterwards unless it was renamed."""
        while True:
            folder = Path(tempfile.mkdtemp(prefix=FRESH, dir=self._folder))
            if (lock := self._lock(folder.name)) is not None:
                break
        try:
            yield folder
        finally:
            remove(folder)
            os.close(lock)

    # --- room

    def _remove_remains(self) -> None:
        """What a killed worker has left half done; a living one holds its lock."""
        for path in self._folder.iterdir():
            if path.name.startswith((FRESH, OLD)):
                self._drop(path.name)

    def _tidy(self) -> int:
        """Remove what was not used for longest until there is room. Gives the size of the rest."""
        ages: list[tuple[float, int, str]] = []
        for path in self._folder.iterdir():
            if not path.name.startswith((FRESH, OLD)):
                with suppress(OSError):
                    ages.append((path.lstat().st_mtime, _size(path), path.name))
        total = sum(size for _, size, _ in ages)
        if total <= self._cap:
            return total
        for _, size, name in sorted(ages):
            if total <= self._cap * FULL_SHARE:
                break
            if self._drop(name):
                total -= size
        return total

    def _drop(self, name: str) -> bool:
        """Remove an entry that nobody uses; first its name, so that nobody finds half of it."""
        lock = self._lock(name, exclusive=True)
        if lock is None:
            return False
        try:
            away = self._folder / f"{OLD}{os.getpid()}-{time.monotonic_ns()}"
            (self._folder / name).rename(away)
            remove(away)
        except OSError:
            return False
        finally:
            os.close(lock)
        return True


def _meta(folder: Path) -> Meta:
    """Raises OSError, ValueError or msgspec.MsgspecError when it is not as we have made it."""
    _ours(folder.lstat())
    opened = os.open(folder / "meta", os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    with os.fdopen(opened, "rb") as file:
        _ours(os.fstat(opened), stat.S_IFREG)
        meta = msgspec.json.decode(file.read(MOST_META), type=Meta)
    if meta.ok and _checked_size(folder / "box") != meta.size:
        raise ValueError("Its files are not as long as they were.")
    return meta


def _checked_size(box: Path) -> int:
    size = 0
    for path, folders, names in os.walk(box):
        for name in folders:
            _ours(Path(path, name).lstat(), stat.S_IFDIR)
        for name in names:
            state = Path(path, name).lstat()
            _ours(state, stat.S_IFREG)
            size += state.st_size
    return size


def _ours(state: os.stat_result, kind: int = stat.S_IFDIR) -> None:
    if stat.S_IFMT(state.st_mode) != kind or state.st_uid != os.geteuid():
        raise ValueError("It is not ours.")


def _size(folder: Path) -> int:
    """What an entry takes, by its own word; all of them are looked at when there is no room."""
    try:
        meta = msgspec.json.decode((folder / "meta").read_bytes(), type=Meta)
    except (OSError, msgspec.MsgspecError):
        return ENTRY
    return meta.size + len(meta.text) + ENTRY
