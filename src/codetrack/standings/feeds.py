"""What a feed tells of: each app's `feed.py` registers its kinds, the pages of standings read them.

An app says what happened by `services.feed.note`, in the items and scopes of this file.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as Lazy

type Plain = str | int | bool | None

#: So long an item is kept.
KEPT = timedelta(days=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """One kind of thing that members do.

    Its texts are the templates `<app>/feed/<key>.txt`, one sentence, and `.html`, the same as parts
    of a list item. Both are given `who` (the name, or a link with it), `member`, `at`, `url` and
    the params of the item.
    """

    key: str
    app: str
    label: str | Lazy
    icon: str
    order: int

    @property
    def template(self) -> str:
        return f"{self.app}/feed/{self.key}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One thing that a member did; the member, the kind and the key tell it from all others."""

    member: int
    kind: str
    key: str
    at: datetime
    url: str = ""
    params: Mapping[str, Plain] = field(default_factory=dict)

    @property
    def name(self) -> tuple[int, str, str]:
        return (self.member, self.kind, self.key)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """All that a member did of these kinds since then, of keys that begin so.

    Whoever notes items within a scope notes all of it: what is stored besides is taken away.
    """

    member: int
    kinds: Collection[str]
    since: datetime
    prefix: str = ""

    def holds(self, kind: str, key: str, at: datetime) -> bool:
        """Whether an item of this member lies within."""
        return kind in self.kinds and key.startswith(self.prefix) and at >= self.since


_kinds: dict[str, Kind] = {}


def register(*kinds: Kind) -> None:
    for it in kinds:
        if it.key in _kinds:
            raise ValueError(f"There are two kinds of feed items named {it.key}.")
        _kinds[it.key] = it


def kind(key: str) -> Kind | None:
    return _kinds.get(key)


def known() -> list[Kind]:
    """All kinds, in the order in which a page offers them."""
    return sorted(_kinds.values(), key=lambda it: it.order)
