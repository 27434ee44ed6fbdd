"""What other apps add to lists of people: columns, and what they know of mail to strangers.

An app's own `roster.py` registers it, so accounts knows no platform and no channel.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a roster besides the address, name, batch and role, and of the export."""

    key: str
    label: str
    #: What else it is called in the head of a list, in small letters.
    synonyms: frozenset[str] = frozenset()
    #: The value as it is kept; raises `Problem` for what cannot be one.
    read: Callable[[str], str]
    #: Of these values, those that a member has shown to be theirs: the value and the member's id.
    owners: Callable[[Collection[str]], Mapping[str, int]]
    #: The heads of its columns in an export, and their cells by member id.
    heads: tuple[str, ...]
    cells: Callable[[Collection[int]], Mapping[int, tuple[object, ...]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """What is known of addresses."""

    #: Of these addresses, those that get no mail from here, and why.
    refused: Callable[[Collection[str]], Mapping[str, str]]
    #: The link by which the reader at this address gets no more mail.
    stop_url: Callable[[str], str]
    #: The mail server says that there is no such address.
    unknown: Callable[[str, str], None]


type Columns = Callable[[], Iterable[Column]]

_sources: list[Columns] = []
_posts: list[Post] = []


def register(source: Columns) -> Columns:
    """Add the columns that `source` gives whenever it is asked."""
    _sources.append(source)
    return source


def columns() -> dict[str, Column]:
    """By key, in the order of registration."""
    return {column.key: column for source in _sources for column in source()}


def register_post(post: Post) -> None:
    _posts.append(post)


def refused(addresses: Collection[str]) -> dict[str, str]:
    """Of these addresses, those that get no mail from here, and why."""
    return {key: why for post in _posts for key, why in post.refused(addresses).items()}


def stop_url(address: str) -> str:
    """The link by which the reader at this address gets no more mail; "" where there is none."""
    return next((post.stop_url(address) for post in _posts), "")


def note_unknown(address: str, error: str) -> None:
    """Say that a mail server knows no such address."""
    for post in _posts:
        post.unknown(address, error)
