"""Messages between the front and its worker: JSON over a Unix socket, with open files beside it."""

from __future__ import annotations

import os
import socket
import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from codetrack.judge.languages import LanguageState
from codetrack.judge.values import (
    MIB,
    Data,
    Judgement,
    Output,
    Problem,
    Result,
    Spec,
    Submission,
    TestResult,
)

HEAD = struct.Struct("<II")  # bytes of the message, number of open files after it
FILES_AT_ONCE = 200  # the kernel takes 253
MOST_BYTES, MOST_FILES = 256 * MIB, 100_000  # of a message; neither end trusts the other
T = TypeVar("T")


class Message(msgspec.Struct, tag=True):
    """What goes over the wire."""


class RunOne(Message):
    spec: Spec


class Compile(Message):
    submission: Submission


class JudgeAll(Message):
    problem: Problem
    submission: Submission


class AskLanguages(Message):
    pass


Request = RunOne | Compile | JudgeAll | AskLanguages


class Ready(Message):
    """The worker's first word: who it is, and what it works with."""

    uid: int
    level: str
    bubblewrap: str
    folder: str


class Refuses(Message):
    """Its first word when it will not work here."""

    reason: str
    remedy: str


class Failed(Message):
    """Nothing came of the request; `kind` is the name of the error."""

    kind: str
    reason: str


class Ran(Message):
    result: Result


class Compiled(Message):
    text: str


class Tested(Message):
    """One test is done; more comes."""

    test: TestResult


class Judged(Message):
    judgement: Judgement


class Languages(Message):
    states: tuple[LanguageState, ...]


Answer = Ready | Refuses | Failed | Ran | Compiled | Tested | Judged | Languages


class Channel:
    """One end of the wire. Its errors are OSError and EOFError: the other end has gone, or talks
    nonsense."""

    def __init__(self, end: socket.socket) -> None:
        self.end = end
        self._received: list[int] = []

    def send(self, message: Request | Answer) -> None:
        """Send it with the files that its data are in. Raises ValueError when it cannot be said."""
        opened: list[int] = []
        borrowed: list[int] = []

        def carry(value: Any) -> Any:
            if isinstance(value, Data):
                opened.append(value.open())
                borrowed.append(opened[-1])
            elif isinstance(value, Output):
                borrowed.append(value.fd)
            else:
                return str(value)  # a path
            return len(borrowed) - 1

        try:
            try:
                body = msgspec.json.Encoder(enc_hook=carry).encode(message)
            except OverflowError as error:
                raise ValueError(str(error)) from error
            self.end.sendall(HEAD.pack(len(body), len(borrowed)) + body)
            for part in _parts(borrowed):
                socket.send_fds(self.end, [b"f"], part)
        finally:
            for fd in opened:
                os.close(fd)

    def receive(self, kind: type[T]) -> T:
        """The next message. The files of its `Data` stay open until `forget`, those of its
        `Output` as long as that lives."""
        size, count = HEAD.unpack(self._exactly(HEAD.size))
        if size > MOST_BYTES or count > MOST_FILES:
            raise ConnectionError(f"A message of {size} bytes and {count} files is too large.")
        body = self._exactly(size)
        files = [fd for number in range(0, count, FILES_AT_ONCE) for fd in self._files()]
        unclaimed = dict(enumerate(files))

        def restore(wanted: type, value: Any) -> Any:
            if wanted is not Data and wanted is not Output:
                return Path(value)
            fd = unclaimed.pop(value)
            if wanted is Output:
                return Output(fd)
            self._received.append(fd)
            return Data(fd=fd)

        try:
            return msgspec.json.Decoder(kind, dec_hook=restore).decode(body)
        except (msgspec.MsgspecError, LookupError, TypeError, ValueError) as error:
            raise ConnectionError(f"This is no message: {error}") from error
        finally:
            for fd in unclaimed.values():
                os.close(fd)

    def forget(self) -> None:
        """Close the files of the data that came."""
        for fd in self._received:
            os.close(fd)
        self._received.clear()

    def close(self) -> None:
        self.forget()
        self.end.close()

    def _exactly(self, size: int) -> bytes:
        parts = bytearray()
        while len(parts) < size:
            part = self.end.recv(min(size - len(parts), 1 << 20))
            if not part:
                raise EOFError
            parts += part
        return bytes(parts)

    def _files(self) -> list[int]:
        word, files, _, _ = socket.recv_fds(self.end, 1, FILES_AT_ONCE)
        if not word:
            raise EOFError
        for fd in files:
            os.set_inheritable(fd, False)
        return files


def _parts(files: Sequence[int]) -> list[Sequence[int]]:
    return [files[start : start + FILES_AT_ONCE] for start in range(0, len(files), FILES_AT_ONCE)]
