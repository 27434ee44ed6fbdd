"""Assembles classic BPF, as the kernel's seccomp takes it, from a tree of questions and answers.

There is nothing to loop or to jump back to in a filter, so a tree is all there is: no labels.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import IntEnum

LONGEST = 4096  # instructions; the kernel takes no more
_FAR = 255  # instructions that a conditional jump can skip
_LOAD, _JUMP, _RETURN = 0x20, 0x05, 0x06


class Ask(IntEnum):
    """A question about the word last loaded, unsigned."""

    EQUAL = 0x15
    AT_LEAST = 0x35
    ANY_BIT = 0x45


@dataclass(frozen=True, slots=True)
class Return:
    """The end: what the kernel is to do."""

    action: int


@dataclass(frozen=True, slots=True)
class Load:
    """Load the 32-bit word at `offset` of what the filter is asked about, then go on."""

    offset: int
    then: Node


@dataclass(frozen=True, slots=True)
class Branch:
    """Ask about the loaded word and go on here or there."""

    ask: Ask
    value: int
    yes: Node
    no: Node


type Node = Return | Load | Branch


def search(cases: Sequence[tuple[int, Node]]) -> Node:
    """Find, by halving, the case of the loaded word.

    `cases` are (first number, what then), ascending; the first holds for all below it too.
    """
    if len(cases) == 1:
        return cases[0][1]
    middle = len(cases) // 2
    return Branch(Ask.AT_LEAST, cases[middle][0], search(cases[middle:]), search(cases[:middle]))


def one_of(values: Iterable[int], yes: Node, no: Node) -> Node:
    """Whether the loaded word is one of a few values."""
    node = no
    for value in values:
        node = Branch(Ask.EQUAL, value, yes, node)
    return node


def assemble(root: Node) -> bytes:
    """The program, eight bytes an instruction. Raises ValueError where it is too long."""
    program = _emit(root)
    if len(program) > LONGEST:
        raise ValueError(f"{len(program)} instructions are more than the {LONGEST} of a filter")
    return b"".join(program)


def _emit(node: Node) -> list[bytes]:
    match node:
        case Return(action):
            return [_instruction(_RETURN, action)]
        case Load(offset, then):
            return [_instruction(_LOAD, offset), *_emit(then)]
        case Branch(ask, value, yes, no):
            skipped = _emit(no)
            return [*_head(ask, value, len(skipped)), *skipped, *_emit(yes)]


def _head(ask: Ask, value: int, skip: int) -> list[bytes]:
    """Jump over the next `skip` instructions if the answer is yes."""
    if skip <= _FAR:
        return [_instruction(ask, value, skip)]
    return [_instruction(ask, value, 0, 1), _instruction(_JUMP, skip)]


def _instruction(code: int, value: int, if_true: int = 0, if_false: int = 0) -> bytes:
    return struct.pack("<HBBI", code, if_true, if_false, value)
