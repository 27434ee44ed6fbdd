"""Finding things by the beginnings of their words: one function for members, problems, help."""

from __future__ import annotations

import unicodedata

from django.db import connection

from codetrack.core.models import Entry

#: Of a long text only the beginning is searched.
LONGEST = 20_000

POSTGRESQL = """
SELECT ref FROM core_entry, to_tsquery('simple', %s) AS wanted
WHERE kind = %s AND {words} @@ wanted
ORDER BY ts_rank({words}, wanted) DESC, length(title), ref LIMIT %s
""".format(
    words="(setweight(to_tsvector('simple', title), 'A')"
    " || setweight(to_tsvector('simple', body), 'D'))"
)
SQLITE = """
SELECT ref FROM core_entry_words JOIN core_entry ON core_entry.id = core_entry_words.rowid
WHERE core_entry_words MATCH %s AND kind = %s
ORDER BY bm25(core_entry_words, 10.0, 1.0), length(core_entry.title), ref LIMIT %s
"""


def put(kind: str, pk: int, title: str, body: str = "") -> None:
    """Let a thing be found by these words, instead of any earlier ones."""
    words = {"title": fold(title), "body": fold(body[:LONGEST])}
    Entry.objects.update_or_create(kind=kind, ref=pk, defaults=words)


def drop(kind: str, pk: int) -> None:
    """Let a thing no longer be found."""
    Entry.objects.filter(kind=kind, ref=pk).delete()


def find(kind: str, text: str, limit: int = 20) -> list[int]:
    """The primary keys of things in which every word of `text` begins a word, best first."""
    words = fold(text).split()
    if not words:
        return []
    if connection.vendor == "postgresql":
        statement, wanted = POSTGRESQL, " & ".join(f"{word}:*" for word in words)
    else:
        statement, wanted = SQLITE, " ".join(f'"{word}"*' for word in words)
    with connection.cursor() as cursor:
        cursor.execute(statement, [wanted, kind, limit])
        return [ref for (ref,) in cursor.fetchall()]


def fold(text: str) -> str:
    """Words without case, accents and punctuation, the same for every database."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return " ".join("".join(_kept(letter) for letter in plain).split())


def _kept(letter: str) -> str:
    if unicodedata.combining(letter):
        return ""
    return letter if letter.isalnum() else " "
