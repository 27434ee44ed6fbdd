"""What can be listened to, and by whom: each app says so in its own `topics.py`."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

type MayListen = Callable[[AbstractBaseUser, int], bool]

_TOPIC = re.compile(r"([a-z][a-z-]{0,39}):([1-9]\d{0,17})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """A kind of topic; where `of_user`, its numbers are keys of users.

    A `quiet` one says that something changed, not what: not every listener may see whose it is.
    """

    may_listen: MayListen
    of_user: bool
    quiet: bool = False


kinds: dict[str, Kind] = {}
#: Tags of events after which the users whom they name by a topic may hear more, or less.
shifting: set[str] = set()


def topic(
    name: str, *, of_user: bool = False, quiet: bool = False
) -> Callable[[MayListen], MayListen]:
    """Let a function of a `topics.py` say who may listen to `name:pk`; it runs in a thread."""

    def register(function: MayListen) -> MayListen:
        if name in kinds:
            raise ValueError(f"There are two kinds of topic named {name}.")
        kinds[name] = Kind(may_listen=function, of_user=of_user, quiet=quiet)
        return function

    return register


def shift_rights(*tags: str) -> None:
    """Have the rights of users asked again at each event with one of these tags.

    Those are the users whom a topic of the event names, and whoever listens to that topic.
    """
    shifting.update(tags)


def allowed(user: AbstractBaseUser, names: Iterable[str]) -> set[str]:
    """Those of these topics that `user` may listen to now; none that does not exist."""
    return {name for name in names if _may_listen(user, name)}


def user_of(name: str) -> int | None:
    """The key of the user whom a topic is about."""
    kind, pk = _parsed(name)
    return pk if kind and kind.of_user else None


def is_quiet(name: str) -> bool:
    """Whether those who listen to this topic alone are told no more than that something changed."""
    kind, _pk = _parsed(name)
    return kind is not None and kind.quiet


def _may_listen(user: AbstractBaseUser, name: str) -> bool:
    kind, pk = _parsed(name)
    return kind is not None and kind.may_listen(user, pk)


def _parsed(name: str) -> tuple[Kind | None, int]:
    found = _TOPIC.fullmatch(name)
    return (kinds.get(found[1]), int(found[2])) if found else (None, 0)
