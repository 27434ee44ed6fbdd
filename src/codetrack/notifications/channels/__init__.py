"""The ways to tell a member. A channel is one file here; one that is not there shows no column."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from codetrack.core import notices
from codetrack.core.errors import Unavailable
from codetrack.notifications.models import Delivery, Notice

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as Lazy


class Dropped(Exception):
    """Nobody is to be told this way any more; the text says why."""


class Unknown(Unavailable):
    """The recipient does not exist over there: nothing more is to be sent to them."""

    def __init__(self, message: str) -> None:
        super().__init__(message, permanent=True, code="unknown_recipient")


class Channel(ABC):
    """One way to tell."""

    key: ClassVar[str]
    label: ClassVar[str | Lazy]
    #: How it can tell, in the order in which the settings offer it.
    ways: ClassVar[tuple[str, ...]]
    #: What leaves this site is a delivery: a row with state, attempts and error.
    leaves: ClassVar[bool]

    @abstractmethod
    def is_there(self) -> bool:
        """Whether this site can tell in this way at all."""

    @abstractmethod
    def deliver(self, delivery: Delivery, told: Sequence[Notice]) -> None:
        """Hand one message to the other side, once or again, and note to whom; returns when it was
        taken.

        Raises Dropped, Unknown, a permanent Unavailable for what will never be taken, and any
        other Unavailable for what may be taken later.
        """


def every() -> dict[str, Channel]:
    """The channels of this site by key, the inbox first."""
    from codetrack.notifications.channels.email import Email
    from codetrack.notifications.channels.web import Web

    known: tuple[Channel, ...] = (Web(), Email())
    return {channel.key: channel for channel in known if channel.is_there()}


def named(key: str) -> Channel:
    """Raises Dropped when this site does not tell in this way any more."""
    channel = every().get(key)
    if channel is None:
        raise Dropped("This site does not tell in this way any more.")
    return channel


def default(kind: notices.Kind, channel: Channel) -> str:
    """How a channel tells of a kind those who chose nothing."""
    how = kind.defaults.get(channel.key, notices.OFF)
    return how if how in channel.ways else notices.NOW
