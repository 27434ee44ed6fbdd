"""What Linux offers and Python's library has no name for; nothing here knows of programs."""

from __future__ import annotations

import ctypes
import os
import select
from pathlib import Path
from typing import Any

from codetrack.judge.values import Data

PR_SET_DUMPABLE = 4
PR_SET_CHILD_SUBREAPER = 36
F_ADD_SEALS = 1033
SEALED = 0b1111  # no more seals, no shrinking, no growing, no writing
COPY_BYTES = 16 * 1024 * 1024


def _library() -> Any:
    return ctypes.CDLL(None, use_errno=True)


def prctl(option: int, value: int) -> None:
    """Raises OSError."""
    if _library().prctl(option, ctypes.c_ulong(value), 0, 0, 0) != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def become_subreaper() -> None:
    """Whoever loses its parent below this process becomes its child, and can be waited for."""
    prctl(PR_SET_CHILD_SUBREAPER, 1)


def hide_from_same_user() -> None:
    """No other process of this user may trace this one or look into its memory."""
    prctl(PR_SET_DUMPABLE, 0)


def sealed(data: Data) -> int:
    """A read-only memory file with a copy of the bytes, which nobody can change any more.

    Opened anew, as a descriptor from `memfd_create` could be written through `/proc/self/fd`.
    """
    import fcntl

    made = os.memfd_create("input", os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING)
    try:
        _copy(data, made)
        fcntl.fcntl(made, F_ADD_SEALS, SEALED)
        return reopen(made)
    finally:
        os.close(made)


def reopen(fd: int) -> int:
    """The same file from its beginning, for reading only."""
    return os.open(f"/proc/self/fd/{fd}", os.O_RDONLY | os.O_CLOEXEC)


def _copy(data: Data, to: int) -> None:
    if data.path is None and data.fd is None:
        _write(to, data.content or b"")
        return
    source = data.open()
    try:
        done = 0
        while sent := os.sendfile(to, source, done, COPY_BYTES):
            done += sent
    finally:
        os.close(source)


def _write(to: int, content: bytes) -> None:
    view = memoryview(content)
    while view:
        view = view[os.write(to, view) :]


def offer_to_the_oom_killer(pid: int) -> None:
    """When this machine runs out of memory, it shall take this process and its children first."""
    with Path(f"/proc/{pid}/oom_score_adj").open("w") as file:
        file.write("1000")


def readable(fd: int, seconds: float) -> bool:
    """Wait until there is something to read, or its other end has gone; False if there was not.

    By `poll`, as `select` knows no descriptors above 1023.
    """
    waiting = select.poll()
    waiting.register(fd, select.POLLIN)
    return bool(waiting.poll(seconds * 1000))
