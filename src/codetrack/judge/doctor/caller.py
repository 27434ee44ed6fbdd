"""A program of a hundred bytes of our own that makes the system calls it is told on its input.

A self-test may rely on nothing but the kernel: no compiler, no interpreter, no shell. The program
reads a table of calls, makes one after the other, and writes each answer in the place of its
number; what is to be written out at the end, and the end itself, are calls in the table.
"""

from __future__ import annotations

import platform
import struct
from collections.abc import Mapping
from dataclasses import dataclass

from codetrack.judge.errors import Refused

_BASE = 0x1000_0000  # where the program lies in memory
_TABLE = _BASE + 0x1_0000  # where its input comes to lie
_TABLE_BYTES = 0x2_0000
_DATA = 0xC000  # within the table: what calls point to
_RECORD = struct.Struct("<q6Q")  # number, then answer; arguments

#: Numbers of the calls that probes make: (x86-64, aarch64).
_NUMBERS: dict[str, tuple[int, int]] = {
    "read": (0, 63),
    "write": (1, 64),
    "close": (3, 57),
    "mmap": (9, 222),
    "ioctl": (16, 29),
    "nanosleep": (35, 101),
    "setitimer": (38, 103),
    "getpid": (39, 172),
    "socket": (41, 198),
    "clone": (56, 220),
    "exit_group": (231, 94),
    "wait4": (61, 260),
    "ptrace": (101, 117),
    "openat": (257, 56),
    "mkdirat": (258, 34),
    "unshare": (272, 97),
    "bpf": (321, 280),
    "clone3": (435, 435),
}
# read(0, table, its size) once; then for ever: load seven registers, call, store the answer, go on.
_CODE = {
    "x86_64": bytes.fromhex(
        "31c0 31ff be00000110 ba00000200 0f05 89f3"
        "488b03 488b7b08 488b7310 488b5318 4c8b5320 4c8b4328 4c8b4b30 0f05 488903 4883c338 ebda"
    ),
    "aarch64": struct.pack(
        "<14I",
        *(0xD2800000, 0xD2A20021, 0xD2A00042, 0xD28007E8, 0xD4000001, 0xD2A20033),
        *(0xF9400268, 0xA9408660, 0xA9418E62, 0xA9429664, 0xD4000001, 0xF9000260),
        *(0x9100E273, 0x17FFFFF9),
    ),
}
_ELF_MACHINES = {"x86_64": 62, "aarch64": 183}


def executable(machine: str = platform.machine()) -> bytes:
    """The program as a file. Raises Refused for an unknown processor."""
    if machine not in _CODE:
        raise Refused(f"There is no self-test for this processor ({machine}).", "Use another.")
    header, segment = struct.Struct("<16s2HI3QI6H"), struct.Struct("<2I6Q")
    head = header.size + 2 * segment.size
    size = head + len(_CODE[machine])
    identity = b"\x7fELF\x02\x01\x01"  # 64 bits, little endian
    kind = (2, _ELF_MACHINES[machine], 1, _BASE + head)
    rest = (header.size, 0, 0, header.size, segment.size, 2, 0, 0, 0)
    return b"".join(
        [
            header.pack(identity, *kind, *rest),
            segment.pack(1, 5, 0, _BASE, _BASE, size, size, 0x10000),  # code
            segment.pack(1, 6, 0, _TABLE, _TABLE, 0, _TABLE_BYTES, 0x10000),  # the table
            _CODE[machine],
        ]
    )


@dataclass(frozen=True, slots=True)
class Room:
    """A place in the program's memory, to be read into or from."""

    start: int
    size: int

    @property
    def address(self) -> int:
        return _TABLE + self.start


@dataclass(frozen=True, slots=True)
class Answers:
    """What the calls gave: results by the order of asking (-errno when denied), and memory."""

    results: tuple[int, ...]
    memory: bytes

    def bytes(self, room: Room, read: int) -> bytes:
        """What the call with number `read` has put there."""
        return self.memory[room.start :][: max(0, self.results[read])]


class Script:
    """A table of calls in the making. `call` gives the number under which its answer is found."""

    def __init__(self, machine: str = platform.machine()) -> None:
        which = list(_CODE).index(machine)
        self._numbers: Mapping[str, int] = {n: pair[which] for n, pair in _NUMBERS.items()}
        self._calls: list[bytes] = []
        self._data = bytearray()

    def call(self, name: str, *arguments: int) -> int:
        """Add a call; addresses come from `text` and `room`."""
        six = [argument & 0xFFFF_FFFF_FFFF_FFFF for argument in arguments] + [0] * 6
        self._calls.append(_RECORD.pack(self._numbers[name], *six[:6]))
        return len(self._calls) - 1

    def text(self, content: str | bytes) -> int:
        """The address of a text that ends with a zero, or of some bytes."""
        found = content.encode() + b"\0" if isinstance(content, str) else content
        room = self.room(len(found))
        self._data[room.start - _DATA : room.start - _DATA + len(found)] = found
        return room.address

    def words(self, *values: int) -> Room:
        """A struct of 64-bit numbers."""
        room = self.room(8 * len(values))
        struct.pack_into(f"<{len(values)}q", self._data, room.start - _DATA, *values)
        return room

    def room(self, size: int) -> Room:
        """Zeros to be written to."""
        start = len(self._data)
        self._data += bytes(-(-size // 8) * 8)
        return Room(_DATA + start, size)

    def table(self, *, tell: bool = True) -> bytes:
        """The input for the program; at its end it writes all it knows (`tell`) and exits."""
        size = _DATA + len(self._data)
        if tell:
            self.call("write", 1, _TABLE, size)
        self.call("exit_group", 0)
        calls = b"".join(self._calls)
        if len(calls) > _DATA or size > _TABLE_BYTES:
            raise ValueError("too many calls for the table")
        return calls.ljust(_DATA, b"\0") + self._data

    def answers(self, output: bytes) -> Answers | None:
        """What the program wrote; None when it did not come to its end.

        Where it could make another process, that has written after it.
        """
        if len(output) < _DATA + len(self._data):
            return None
        count = len(self._calls) - 2
        results = [_RECORD.unpack_from(output, at * _RECORD.size)[0] for at in range(count)]
        return Answers(tuple(results), output)
