"""Outputs as streams of words and lines, in pieces: 16 MiB are never in memory as words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from itertools import islice

from codetrack.judge.values import KIB

PIECE = 256 * KIB
WHITE, NEWLINE, WORD = re.compile(rb"\s"), re.compile(rb"\n"), re.compile(rb"\S+")
MARKS = bytes(byte if byte in b" \t\n\r\v\f" else ord("x") for byte in range(256))

type Words = list[bytes]
type Differ = Callable[[Words, Words], int | None]
"""The index of the first pair of words that differ; both lists are equally long."""


def pieces(data: bytes, after: re.Pattern[bytes] = WHITE) -> Iterator[bytes]:
    """The data in pieces of at least 256 KiB that end after white space, or after a newline."""
    start = 0
    while start < len(data):
        found = after.search(data, start + PIECE)
        end = found.end() if found else len(data)
        yield data[start:end]
        start = end


def words(data: bytes, *, fold: bool = False) -> Iterator[Words]:
    """Its words, a list for each piece that has any; `fold` makes ASCII letters small."""
    for piece in pieces(data):
        if found := (piece.lower() if fold else piece).split():
            yield found


def alike(output: Iterator[Words], answer: Iterator[Words]) -> Iterator[tuple[Words, Words]]:
    """Both in lists of the same length, but for the last pair: there one may go on alone."""
    mine: Words = []
    theirs: Words = []
    while True:
        mine = mine or next(output, [])
        theirs = theirs or next(answer, [])
        length = min(len(mine), len(theirs))
        if not length:
            break
        yield mine[:length], theirs[:length]
        mine, theirs = mine[length:], theirs[length:]
    if mine or theirs:
        yield mine, theirs


def difference(output: bytes, answer: bytes, differ: Differ, *, fold: bool) -> int | None:
    """The index of the first word that differs, of the whole; where one ends, the word after."""
    done = 0
    for mine, theirs in alike(words(output, fold=fold), words(answer, fold=fold)):
        if not mine or not theirs:
            return done
        if (index := differ(mine, theirs)) is not None:
            return done + index
        done += len(mine)
    return None


def unlike(mine: Words, theirs: Words) -> int | None:
    """A `Differ`: words are the same when their bytes are."""
    if mine == theirs:
        return None
    return next(
        i for i, (left, right) in enumerate(zip(mine, theirs, strict=True)) if left != right
    )


def locate(data: bytes, index: int) -> tuple[int, bytes] | None:
    """The word of this index and its offset; nothing when there are not so many."""
    start = 0
    for piece in pieces(data):
        count = len(piece.split())
        if index < count:
            found = next(islice(WORD.finditer(piece), index, None))
            return start + found.start(), found.group()
        index -= count
        start += len(piece)
    return None


def place(data: bytes, at: int) -> str:
    """Where the word stands that begins at this offset; lines and words count from 1."""
    before = data[data.rfind(b"\n", 0, at) + 1 : at]
    number = 1 + sum(len(piece.split()) for piece in pieces(before))
    return f"Line {data.count(b'\n', 0, at) + 1}, token {number}"


def spaces(data: bytes) -> bytes:
    """Its white space, with one mark for each word."""
    marked = data.translate(MARKS)
    while b"xx" in marked:  # halves each word, where a regular expression visits every one
        marked = marked.replace(b"xx", b"x")
    return marked


def first_byte(left: bytes, right: bytes) -> int:
    """The offset of the first byte that differs, or the length of the shorter one."""
    low, high = 0, min(len(left), len(right))
    while low < high:
        middle = (low + high + 1) // 2
        if left[low:middle] == right[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low
