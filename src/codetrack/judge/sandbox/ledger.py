"""Where a worker notes the sandboxes it has, for others to end them if it is killed.

While a sandbox is made and released there are moments in which its first process would outlive the
worker, and nobody would watch it any more. Whoever started the worker looks here, and so does the
next worker of the same folder.
"""

from __future__ import annotations

import os
import signal
import struct
from contextlib import suppress
from pathlib import Path

NAME = "sandboxes"
OWNER, SLOTS = 0, 64  # the first number is the worker itself
_NUMBER = struct.Struct("<I")


class Ledger:
    """Process ids in a file of the worker's folder, which it writes and others read."""

    def __init__(self, fd: int | None = None) -> None:
        """Of an open file, or of none: then nothing is noted."""
        self._fd = fd
        self._free = list(range(OWNER + 1, SLOTS))

    def enter(self, pid: int) -> int | None:
        """Note it; gives its place, if there is one left."""
        if self._fd is None or not self._free:
            return None
        place = self._free.pop()
        self._write(place, pid)
        return place

    def leave(self, place: int | None) -> None:
        """It has ended, and was waited for."""
        if self._fd is not None and place is not None:
            self._write(place, 0)
            self._free.append(place)

    @classmethod
    def begin(cls, folder: Path) -> Ledger:
        """A new one in the folder that this process has. Raises OSError."""
        flags = os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_CLOEXEC | os.O_NOFOLLOW
        begun = cls(os.open(folder / NAME, flags, 0o600))
        begun._write(OWNER, os.getpid())
        return begun

    @classmethod
    def find(cls, folder: Path) -> Ledger:
        """That of whoever has the folder, or had it last."""
        try:
            return cls(os.open(folder / NAME, os.O_RDONLY | os.O_CLOEXEC | os.O_NOFOLLOW))
        except OSError:
            return cls()

    def close(self) -> None:
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    def end(self, uid: int, *, owner: int | None = None) -> None:
        """Kill all that are noted and still are sandboxes of this user.

        With an `owner`, only if they are this worker's: another may have the folder by now.
        """
        noted = self._noted()
        if owner is not None and noted[:1] != [owner]:
            return
        for pid in filter(None, noted[1:]):
            with suppress(OSError):
                opened = os.pidfd_open(pid)
                try:
                    if _is_first(pid, uid):
                        signal.pidfd_send_signal(opened, signal.SIGKILL)
                finally:
                    os.close(opened)

    def _write(self, place: int, pid: int) -> None:
        if self._fd is not None:
            os.pwrite(self._fd, _NUMBER.pack(pid), place * _NUMBER.size)

    def _noted(self) -> list[int]:
        """All that is in it, at one moment."""
        if self._fd is None:
            return []
        content = os.pread(self._fd, SLOTS * _NUMBER.size, 0)
        whole = len(content) - len(content) % _NUMBER.size
        return [pid for (pid,) in _NUMBER.iter_unpack(content[:whole])]


def _is_first(pid: int, uid: int) -> bool:
    """Is it the first process of a sandbox of this user? A number is given again one day.

    Not asked of the owner of its folder in /proc, which is root's while it changes.
    """
    status = Path(f"/proc/{pid}/status").read_text()
    return status.startswith("Name:\tbwrap\n") and f"\nUid:\t{uid}\t" in status


#: Of this process, if it is a worker.
own = Ledger()
