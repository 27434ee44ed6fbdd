"""What happens to the inbox and to how a member wants to be told."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from codetrack.core.events import Payload


@dataclass(frozen=True, kw_only=True)
class InboxChanged(Payload):
    """Something came or was read; short-lived, so that the bell of every open page counts."""

    tag: ClassVar[str] = "notifications:inbox:changed"
    member_id: int


@dataclass(frozen=True, kw_only=True)
class PreferenceSet(Payload):
    tag: ClassVar[str] = "notifications:preference:set"
    kind: str
    channel: str
    how: str


@dataclass(frozen=True, kw_only=True)
class ScheduleSet(Payload):
    """Another hour for digests, or other quiet hours."""

    tag: ClassVar[str] = "notifications:schedule:set"


@dataclass(frozen=True, kw_only=True)
class ThreadMuted(Payload):
    tag: ClassVar[str] = "notifications:thread:muted"
    thread: str


@dataclass(frozen=True, kw_only=True)
class ThreadUnmuted(Payload):
    tag: ClassVar[str] = "notifications:thread:unmuted"
    thread: str


@dataclass(frozen=True, kw_only=True)
class Unsubscribed(Payload):
    """By the link of a mail; `kinds` are switched off for it."""

    tag: ClassVar[str] = "notifications:mail:unsubscribed"
    kinds: list[str]


@dataclass(frozen=True, kw_only=True)
class AddressBlocked(Payload):
    """Mail to an address came back, or its owner complained: nothing is sent there any more."""

    tag: ClassVar[str] = "notifications:address:blocked"
    member_id: int | None
    why: str


@dataclass(frozen=True, kw_only=True)
class AddressUnblocked(Payload):
    tag: ClassVar[str] = "notifications:address:unblocked"
    member_id: int
