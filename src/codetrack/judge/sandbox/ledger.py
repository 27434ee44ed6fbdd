"""Where a worker notes the sandboxes it has, for whoever started it to end them if it is killed.

While a sandbox is made there are some milliseconds in which its first process would outlive the
worker, and nobody would watch it any more.
"""

from __future__ import annotations

import os
import signal
import struct
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

SLOTS = 64
_NUMBER = struct.Struct("<I")


class Ledger:
    """Process ids in a memory file that two processes share; one writes, the other reads."""

    def __init__(self, fd: int | None = None) -> None:
        """Of an open file, or of none: then nothing is noted."""
        self._fd = fd
        self._free = list(range(SLOTS))

    def enter(self, pid: int) -> int | None:
        """Note it; gives its place, if there is one left."""
        if self._fd is None or not self._free:
            return None
        place = self._free.pop()
        os.pwrite(self._fd, _NUMBER.pack(pid), place * _NUMBER.size)
        return place

    def leave(self, place: int | None) -> None:
        """It has ended, and was waited for."""
        if self._fd is not None and place is not None:
            os.pwrite(self._fd, _NUMBER.pack(0), place * _NUMBER.size)
            self._free.append(place)

    def fileno(self) -> int:
        """Its open file. Raises ValueError when there is none."""
        if self._fd is None:
            raise ValueError("nothing is noted here")
        return self._fd

    def close(self) -> None:
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    def end(self, uid: int) -> None:
        """Kill all that are noted and still are processes of this user."""
        for pid in self._noted():
            with suppress(OSError):
                opened = os.pidfd_open(pid)
                try:
                    if _owner(pid) == uid:
                        signal.pidfd_send_signal(opened, signal.SIGKILL)
                finally:
                    os.close(opened)

    def _noted(self) -> Iterator[int]:
        if self._fd is not None:
            content = os.pread(self._fd, SLOTS * _NUMBER.size, 0)
            yield from (pid for (pid,) in _NUMBER.iter_unpack(content) if pid)


def _owner(pid: int) -> int:
    """Its real user. Not the owner of its folder in /proc, which is root's while it changes."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("Uid:"):
            return int(line.split()[1])
    return -1


#: Of this process, if it is a worker.
own = Ledger()
