"""What the header, the settings and the account menu offer; each app's `menu.py` registers here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from django.urls import reverse

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.contrib.auth.models import AnonymousUser
    from django.http import HttpRequest
    from django.utils.functional import _StrPromise as Lazy

    type Visitor = AbstractBaseUser | AnonymousUser


class Place(StrEnum):
    NAV = "nav"
    SETTINGS = "settings"
    USER = "user"


NAV, SETTINGS, USER = Place.NAV, Place.SETTINGS, Place.USER


def everyone(user: Visitor) -> bool:
    return True


def members(user: Visitor) -> bool:
    return user.is_authenticated


@dataclass(frozen=True, kw_only=True)
class Item:
    """One entry. `url` is the name of a URL without arguments, or a function of the user.

    `keys` is a shortcut such as "g m"; `within` holds the beginnings of the addresses that belong
    to the entry, when that is not its own address alone.
    """

    place: Place
    label: str | Lazy
    url: str | Callable[[Visitor], str]
    icon: str = ""
    order: int = 50
    keys: str = ""
    within: tuple[str, ...] = ()
    visible: Callable[[Visitor], bool] = members

    def address(self, user: Visitor) -> str:
        return self.url(user) if callable(self.url) else reverse(self.url)


@dataclass(frozen=True)
class Entry:
    """An item as one visitor sees it on one page."""

    label: str
    url: str
    icon: str
    keys: str
    current: bool


_items: list[Item] = []


def register(*items: Item) -> None:
    _items.extend(item for item in items if item not in _items)


def entries(place: Place, request: HttpRequest) -> list[Entry]:
    """The entries of one place that this visitor may see, in order; at most one is current."""
    user = request.user
    items = [item for item in _items if item.place == place and item.visible(user)]
    addresses = {item: item.address(user) for item in items}
    current = _current({i: i.within or (addresses[i],) for i in items}, request.path)
    return [
        Entry(str(item.label), addresses[item], item.icon, item.keys, item is current)
        for item in sorted(items, key=lambda item: (item.order, str(item.label)))
    ]


def _current(areas: dict[Item, tuple[str, ...]], path: str) -> Item | None:
    """The item with the longest beginning of the path."""
    lengths = {
        item: max((len(start) for start in starts if path.startswith(start)), default=0)
        for item, starts in areas.items()
    }
    found = max(lengths, key=lambda item: lengths[item], default=None)
    return found if found and lengths[found] else None
