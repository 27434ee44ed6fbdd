"""What happens to handles, claims and ratings: ids and plain values only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from codetrack.core.events import Payload


@dataclass(frozen=True, kw_only=True)
class HandleLinked(Payload):
    """A member named an account; nothing is proven."""

    tag: ClassVar[str] = "ratings:handle:linked"
    handle_id: int
    platform: str


@dataclass(frozen=True, kw_only=True)
class HandleUnlinked(Payload):
    tag: ClassVar[str] = "ratings:handle:unlinked"
    handle_id: int
    platform: str
    was_verified: bool


@dataclass(frozen=True, kw_only=True)
class ProofStarted(Payload):
    tag: ClassVar[str] = "ratings:proof:started"
    handle_id: int
    method: str


@dataclass(frozen=True, kw_only=True)
class ProofAsked(Payload):
    """A member wants the token to be looked for now."""

    tag: ClassVar[str] = "ratings:proof:asked"
    handle_id: int
    proof_id: int


@dataclass(frozen=True, kw_only=True)
class ProofMissed(Payload):
    """The token was not there, or the platform could not be read."""

    tag: ClassVar[str] = "ratings:proof:missed"
    handle_id: int
    proof_id: int


@dataclass(frozen=True, kw_only=True)
class HandleVerified(Payload):
    tag: ClassVar[str] = "ratings:handle:verified"
    handle_id: int
    platform: str
    member_id: int
    method: str


@dataclass(frozen=True, kw_only=True)
class HandleLost(Payload):
    """Another member proved the account; `member_id` had proven it before."""

    tag: ClassVar[str] = "ratings:handle:lost"
    handle_id: int
    platform: str
    member_id: int


@dataclass(frozen=True, kw_only=True)
class RefreshAsked(Payload):
    tag: ClassVar[str] = "ratings:handle:refresh_asked"
    handle_id: int


@dataclass(frozen=True, kw_only=True)
class HandleRead(Payload):
    """An account was read for the first time."""

    tag: ClassVar[str] = "ratings:handle:read"
    handle_id: int
    platform: str


@dataclass(frozen=True, kw_only=True)
class HandleRenamed(Payload):
    tag: ClassVar[str] = "ratings:handle:renamed"
    handle_id: int
    old: str
    new: str


@dataclass(frozen=True, kw_only=True)
class HandleGone(Payload):
    """The platform said twice that there is no such account; what was read before is kept."""

    tag: ClassVar[str] = "ratings:handle:gone"
    handle_id: int
    platform: str


@dataclass(frozen=True, kw_only=True)
class HandleHidden(Payload):
    """Its owner has hidden the account on the platform, so that it cannot be read."""

    tag: ClassVar[str] = "ratings:handle:hidden"
    handle_id: int
    platform: str


@dataclass(frozen=True, kw_only=True)
class PlatformBlocked(Payload):
    """A platform that let this site in has begun to turn it away."""

    tag: ClassVar[str] = "ratings:platform:blocked"
    platform: str


@dataclass(frozen=True, kw_only=True)
class RatingChanged(Payload):
    """Contests were added to a known history, or numbers in it corrected (`revised` of them)."""

    tag: ClassVar[str] = "ratings:rating:changed"
    handle_id: int
    platform: str
    old: int | None
    new: int | None
    contests: int
    revised: int


@dataclass(frozen=True, kw_only=True)
class ProblemsSolved(Payload):
    """Problems that a known account had not solved before."""

    tag: ClassVar[str] = "ratings:problems:solved"
    handle_id: int
    platform: str
    count: int


@dataclass(frozen=True, kw_only=True)
class NumbersChanged(Payload):
    """What is shown of an account differs, and nothing else tells of it.

    Such as a history read for the first time, a count that the platform corrected, or a problem
    whose difficulty is known by now.
    """

    tag: ClassVar[str] = "ratings:numbers:changed"
    handle_id: int
    platform: str
