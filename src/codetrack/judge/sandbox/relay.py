"""Carries bytes between two programs that talk, and counts them."""

from __future__ import annotations

import os
import select
from contextlib import suppress
from types import TracebackType
from typing import Literal, Self

type Side = Literal["program", "interactor"]

CHUNK = 65536
READY = select.POLLIN | select.POLLHUP | select.POLLERR


class _Direction:
    """From the output of one to the input of the other: two pipes with a little between them."""

    def __init__(self, most: int) -> None:
        self.source, self.writer = os.pipe2(os.O_CLOEXEC)
        self.reader, self.sink = os.pipe2(os.O_CLOEXEC)
        os.set_blocking(self.source, False)
        os.set_blocking(self.sink, False)
        self._left = most
        self._held = b""
        self.said_all = self.unheard = False  # the writer, or the reader, has hung up
        self._open = {self.source, self.sink}
        self._kept = {self.reader, self.writer}

    def register(self, waiting: select.poll) -> None:
        if not self._held and self.source in self._open:
            waiting.register(self.source, select.POLLIN)
        elif self._held and self.sink in self._open:
            waiting.register(self.sink, select.POLLOUT)

    def move(self, happened: dict[int, int]) -> None:
        if happened.get(self.source, 0) & READY:
            self._read()
        if self._held:
            self._write()

    def _read(self) -> None:
        part = b""
        with suppress(BlockingIOError, OSError):
            part = os.read(self.source, CHUNK)
        self._left -= len(part)
        if not part or self._left < 0:  # whoever says too much is not listened to any more
            self.said_all = True
            self.close()
        else:
            self._held = part

    def _write(self) -> None:
        try:
            self._held = self._held[os.write(self.sink, self._held) :]
        except BlockingIOError:
            return
        except OSError:  # nobody reads: the writer learns it when its own pipe breaks
            self.unheard = True
            self.close()

    @property
    def flooded(self) -> bool:
        return self._left < 0

    def give(self, end: int) -> int:
        """An end that is its taker's to close from now on."""
        self._kept.remove(end)
        return end

    def drop(self) -> None:
        """Close all that is still ours."""
        self.close()
        for fd in self._kept:
            os.close(fd)

    def close(self) -> None:
        self._held = b""
        for fd in self._open:
            os.close(fd)
        self._open = set()


class Relay:
    """Two directions; what one has said before it ended is still carried to the other."""

    def __init__(self, most_of_program: int, most_of_interactor: int) -> None:
        """How many bytes each side may say."""
        self._up, self._down = _Direction(most_of_program), _Direction(most_of_interactor)
        self.hung_up: Side | None = None  # who did so first; the other could only follow
        self.flooded: Side | None = None  # who said too much

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._up.drop()
        self._down.drop()

    def program_ends(self) -> tuple[int, int]:
        """Descriptors for its stdin and stdout; whoever takes them closes them."""
        return self._down.give(self._down.reader), self._up.give(self._up.writer)

    def interactor_ends(self) -> tuple[int, int]:
        """The same for the interactor."""
        return self._up.give(self._up.reader), self._down.give(self._down.writer)

    def register(self, waiting: select.poll) -> None:
        self._up.register(waiting)
        self._down.register(waiting)

    def move(self, happened: dict[int, int]) -> None:
        up, down = self._up, self._down
        up.move(happened)
        down.move(happened)
        if self.hung_up is None and (up.said_all or down.unheard):
            self.hung_up = "program"
        elif self.hung_up is None and (down.said_all or up.unheard):
            self.hung_up = "interactor"
        if self.flooded is None and (up.flooded or down.flooded):
            self.flooded = "program" if up.flooded else "interactor"
