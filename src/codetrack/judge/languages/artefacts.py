"""Takes out of a sandbox's folder what a compiler has left there: regular files, and only those."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from codetrack.judge.values import MIB

MOST_BYTES = 64 * MIB
MOST_ENTRIES = 2000
READABLE = 0o555


class BadArtefact(Exception):
    """Something in the folder is not to be taken; the text says what and why."""


def copy(source: Path, target: Path) -> None:
    """Copy the folder's content into an existing folder. Raises BadArtefact."""
    size = 0
    try:
        for entry in _walk(source):
            inside = Path(entry.path).relative_to(source)
            if entry.is_dir(follow_symlinks=False):
                (target / inside).mkdir()
            else:
                size += _copy_file(entry.path, target / inside, room=MOST_BYTES - size)
    except BadArtefact as error:
        raise BadArtefact(f"{_shown(entry.name)} {error}") from error
    except OSError as error:
        raise BadArtefact(f"What the compiler made cannot be read: {error.strerror}.") from error


def _walk(folder: Path) -> Iterator[os.DirEntry[str]]:
    """Every entry, a folder before what is in it."""
    waiting: list[str | Path] = [folder]
    count = 0
    while waiting:
        with os.scandir(waiting.pop()) as entries:
            for entry in entries:
                count += 1
                if count > MOST_ENTRIES:
                    raise BadArtefact(f"is one of more than {MOST_ENTRIES} files.")
                yield entry
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(entry.path)


def _copy_file(source: str, target: Path, *, room: int) -> int:
    """Its size. A link is not followed, and a pipe that nobody writes to is not waited for."""
    try:
        opened = os.open(source, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
    except OSError as error:
        raise BadArtefact("is not a regular file that can be read.") from error
    with os.fdopen(opened, "rb") as file:
        state = os.fstat(opened)
        if not stat.S_ISREG(state.st_mode):
            raise BadArtefact("is not a regular file.")
        if state.st_size > room:
            raise BadArtefact(f"is too large: at most {MOST_BYTES // MIB} MiB are taken.")
        with target.open("xb") as copied:
            shutil.copyfileobj(file, copied, MIB)
    return state.st_size


def make_readable(folder: Path) -> int:
    """Nobody may write there any more. Gives the size of it all in bytes."""
    size = 0
    for path, _, names in os.walk(folder, topdown=False):
        for name in names:
            file = Path(path, name)
            size += file.stat().st_size
            file.chmod(READABLE)
        Path(path).chmod(READABLE)
    return size


def _shown(name: str) -> str:
    return name.encode(errors="replace").decode()[:100]
