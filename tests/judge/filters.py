"""A processor for seccomp filters, as strict as the kernel's: what does a filter say of a call?"""

from __future__ import annotations

import struct
from collections.abc import Sequence

JUMPS = {0x15: int.__eq__, 0x35: int.__ge__, 0x45: lambda word, value: bool(word & value)}


def decide(program: bytes, number: int, audit: int, arguments: Sequence[int] = ()) -> int:
    """The action that the program returns; AssertionError where the kernel would not load it."""
    six = [*arguments, 0, 0, 0, 0, 0, 0][:6]
    data = struct.pack("<iIQ6Q", number, audit, 0x7FFF_DEAD_BEEF, *six)
    return execute(program, data)


def execute(program: bytes, data: bytes) -> int:
    assert len(program) % 8 == 0 and 0 < len(program) // 8 <= 4096
    code = list(struct.iter_unpack("<HBBI", program))
    word, at = 0, 0
    while True:
        operation, if_true, if_false, value = code[at]
        at += 1
        if operation == 0x06:
            return int(value)
        if operation == 0x20:
            assert value % 4 == 0 and value + 4 <= len(data)
            word = struct.unpack_from("<I", data, value)[0]
        elif operation == 0x05:
            at += value
        else:
            at += if_true if JUMPS[operation](word, value) else if_false


def loadable(program: bytes) -> bool:
    """Whether every jump stays inside and the last instruction returns, as the kernel asks."""
    code = list(struct.iter_unpack("<HBBI", program))
    for at, (operation, if_true, if_false, value) in enumerate(code):
        steps = [if_true, if_false] if operation in JUMPS else [value] * (operation == 0x05)
        if any(at + 1 + step >= len(code) for step in steps):
            return False
    return code[-1][0] == 0x06
