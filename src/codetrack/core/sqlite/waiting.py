"""Whether another process waits to write: it holds a lock on a file beside the database."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


class Waiting:
    """Of one database file. Whoever has the turn of their process uses it, so one at a time."""

    def __init__(self, database: str) -> None:
        self._database = Path(database)
        self._file: tuple[int, int] | None = None  # of which process, for a fork shares its locks

    @contextmanager
    def told(self) -> Iterator[None]:
        """While this process waits, the others know."""
        number = self._opened()
        _lock(number, fcntl.LOCK_SH)
        try:
            yield
        finally:
            _lock(number, fcntl.LOCK_UN)

    def is_somebody(self) -> bool:
        """Whether another process waits; True where that cannot be known."""
        number = self._opened()
        is_nobody = _lock(number, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _lock(number, fcntl.LOCK_UN)
        return not is_nobody

    def _opened(self) -> int | None:
        if self._file is None or self._file[0] != os.getpid():
            self._file = None
            with suppress(OSError):
                path = f"{self._database.resolve(strict=True)}-waiting"
                made = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
                self._file = (os.getpid(), made)
        return self._file[1] if self._file else None


def _lock(number: int | None, how: int) -> bool:
    """False where the file could not be opened, another has the lock, or there are no locks."""
    if number is None:
        return False
    try:
        fcntl.flock(number, how)
    except OSError:
        return False
    return True
