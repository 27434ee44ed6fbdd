"""Reads tables that people make with whatever they have, and writes such that spreadsheets run
nothing of them. Knows no table of the database.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from codetrack.core.errors import Problem

MOST_BYTES = 2 * 1024 * 1024
MOST_ROWS = 10_000
SEPARATORS = ",;\t"
BOM = "\ufeff"  # by which Excel knows UTF-8
#: What begins so is a formula to a spreadsheet: a cell, and what follows a mark inside of it at
#: which a spreadsheet of another country, or its import, begins a new one.
FORMULA = re.compile(r"(^|[;\t\r\n|])(?=[ \u00a0]*[=+\-@\uff1d\uff0b\uff0d\uff20]|[\t\r])")


@dataclass(frozen=True)
class Sheet:
    """The lines of a table with their numbers, counted as an editor does, the head first.

    Blank lines are left out; `words` say what was guessed.
    """

    lines: list[tuple[int, list[str]]]
    words: list[str] = field(default_factory=list)


def read(raw: bytes) -> Sheet:
    """A table in text: UTF-8, UTF-16 or Windows-1252, its columns apart by comma, semicolon or tab.

    Raises Problem for what is no such text, and for more than 10,000 lines.
    """
    if len(raw) > MOST_BYTES:
        raise _problem(_("That is more than 2 MiB. Split the file and hand the parts in."), "large")
    text, words = _decoded(raw)
    first, separator = _separator(text)
    lines = list(_lines(text, first, separator))
    if not lines:
        raise _problem(_("There is nothing in it."), "empty")
    return Sheet(lines, words)


def write(rows: Iterable[Iterable[object]]) -> Iterator[str]:
    """The rows as text, one at a time, for Excel and for programs; the first piece has the BOM."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write(BOM)
    for row in rows:
        writer.writerow([harmless(cell) for cell in row])
        yield buffer.getvalue()
        buffer.seek(0)
        buffer.truncate()


def harmless(cell: object) -> str:
    """The text of a cell; what a spreadsheet would run of it gets an apostrophe before it."""
    return FORMULA.sub(r"\1'", "" if cell is None else str(cell))


def _decoded(raw: bytes) -> tuple[str, list[str]]:
    if raw.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise _problem(
            _("That is a workbook, not a CSV file. In Excel: Save as, CSV UTF-8."), "workbook"
        )
    for encoding in _encodings(raw):
        try:
            text = raw.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text.removeprefix(BOM), _words(encoding)
    raise _problem(_("That is no text. Save the list as CSV, or paste it."), "no_text")


def _encodings(raw: bytes) -> list[str]:
    """What it may be written in, the surest first."""
    if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
        return ["utf-16"]
    head = raw[:400]
    if head[1::2].count(0) * 4 > len(head):
        return ["utf-16-le"]
    if head[0::2].count(0) * 4 > len(head):
        return ["utf-16-be"]
    return ["utf-8", "cp1252", "latin-1"]


def _words(encoding: str) -> list[str]:
    if encoding.startswith("utf"):
        return []
    return [
        _("The file is not in UTF-8; it was read as Windows-1252. Look whether names are right.")
    ]


def _separator(text: str) -> tuple[int, str]:
    """How many lines come before the head, and what stands between columns."""
    for number, line in enumerate(text.splitlines()):
        if line.lower().startswith("sep=") and len(line) == len("sep=") + 1:
            return number + 1, line[-1]
        if line.strip():
            counts = {mark: _outside_quotes(line).count(mark) for mark in SEPARATORS}
            return number, max(SEPARATORS, key=lambda mark: counts[mark])
    return 0, ","


def _outside_quotes(line: str) -> str:
    return "".join(line.split('"')[::2])


def _lines(text: str, first: int, separator: str) -> Iterator[tuple[int, list[str]]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator)
    begins, found = 1, 0
    try:
        for cells in reader:
            number, begins = begins, reader.line_num + 1
            if reader.line_num - number > 2:
                raise _unclosed(number)
            row = [_clean(cell) for cell in cells]
            if number <= first or not any(row):
                continue
            found += 1
            if found > MOST_ROWS + 1:
                text = _("There are more than 10,000 lines. Split the file and hand the parts in.")
                raise _problem(text, "long")
            yield number, row
    except csv.Error as error:
        raise _unclosed(begins) from error


def _clean(cell: str) -> str:
    """Without what nobody sees: blanks of all kinds at the ends, marks of no width."""
    seen = "".join(
        mark for mark in cell if mark.isprintable() or mark.isspace() or mark == "\u200d"
    )
    return " ".join(seen.split())


def _unclosed(line: int) -> Problem:
    text = _("In line %(n)d a quotation mark opens and never closes.")
    return _problem(text % {"n": line}, "unclosed")


def _problem(message: str, code: str) -> Problem:
    return Problem(message, code=f"roster_{code}", field="file")
