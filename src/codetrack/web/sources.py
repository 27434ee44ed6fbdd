"""How what our numbers come from answers, in the foot of every page; a `menu.py` registers them.

Asked at most every five seconds by each process, and kept in its memory: a page that is read writes
nothing, and most pages pay no query for it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.core.cache import caches

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as Lazy

KEPT_SECONDS = 5  # no longer: the pages themselves say how old their numbers are
KEY = "web.sources"


@dataclass(frozen=True)
class Source:
    """One source; `fails` says that it has not answered since `read_at`, None if it never did.

    One that is not read at times but is there or is not has words of its own in `said`.
    """

    name: str
    read_at: datetime | None
    fails: bool
    said: str | Lazy = ""


_readers: list[Callable[[], list[Source]]] = []


def register(reader: Callable[[], list[Source]]) -> None:
    if reader not in _readers:
        _readers.append(reader)


def known() -> list[Source]:
    """All that are registered, as of a few seconds ago."""
    memory = caches["process"]
    kept: list[Source] | None = memory.get(KEY)
    if kept is None:
        kept = [source for reader in _readers for source in reader()]
        memory.set(KEY, kept, KEPT_SECONDS)
    return kept
