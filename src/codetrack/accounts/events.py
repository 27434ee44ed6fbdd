"""What happens to accounts, memberships and keys: ids and plain values only."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from codetrack.core.events import Payload


@dataclass(frozen=True, kw_only=True)
class AccountCreated(Payload):
    """Somebody signed up. The address is not confirmed yet."""

    tag: ClassVar[str] = "accounts:account:created"
    invited_to: int | None


@dataclass(frozen=True, kw_only=True)
class AddressConfirmed(Payload):
    """A member showed that the address is theirs, at sign-up or after changing it."""

    tag: ClassVar[str] = "accounts:address:confirmed"


@dataclass(frozen=True, kw_only=True)
class ProfileChanged(Payload):
    tag: ClassVar[str] = "accounts:profile:changed"
    fields: list[str]


@dataclass(frozen=True, kw_only=True)
class SessionsEnded(Payload):
    """A member signed out elsewhere from here."""

    tag: ClassVar[str] = "accounts:sessions:ended"
    count: int


@dataclass(frozen=True, kw_only=True)
class ClubFounded(Payload):
    """The first admin and the first institute exist."""

    tag: ClassVar[str] = "accounts:club:founded"
    institute_id: int


@dataclass(frozen=True, kw_only=True)
class InstituteFounded(Payload):
    """One more institute on this server."""

    tag: ClassVar[str] = "accounts:institute:founded"
    institute_id: int


@dataclass(frozen=True, kw_only=True)
class MembershipRequested(Payload):
    tag: ClassVar[str] = "accounts:membership:requested"
    institute_id: int
    member_id: int


@dataclass(frozen=True, kw_only=True)
class MembershipStarted(Payload):
    tag: ClassVar[str] = "accounts:membership:started"
    institute_id: int
    member_id: int
    way: str


@dataclass(frozen=True, kw_only=True)
class MembershipDeclined(Payload):
    """A request was turned down, or taken back by the one who asked."""

    tag: ClassVar[str] = "accounts:membership:declined"
    institute_id: int
    member_id: int


@dataclass(frozen=True, kw_only=True)
class MembershipEnded(Payload):
    tag: ClassVar[str] = "accounts:membership:ended"
    institute_id: int
    member_id: int


@dataclass(frozen=True, kw_only=True)
class AdminNamed(Payload):
    tag: ClassVar[str] = "accounts:admin:named"
    institute_id: int
    member_id: int


@dataclass(frozen=True, kw_only=True)
class AdminWithdrawn(Payload):
    tag: ClassVar[str] = "accounts:admin:withdrawn"
    institute_id: int
    member_id: int


@dataclass(frozen=True, kw_only=True)
class InvitationRotated(Payload):
    tag: ClassVar[str] = "accounts:invitation:rotated"
    institute_id: int


@dataclass(frozen=True, kw_only=True)
class DomainAdded(Payload):
    tag: ClassVar[str] = "accounts:domain:added"
    institute_id: int
    domain: str


@dataclass(frozen=True, kw_only=True)
class DomainRemoved(Payload):
    tag: ClassVar[str] = "accounts:domain:removed"
    institute_id: int
    domain: str


@dataclass(frozen=True, kw_only=True)
class TokenCreated(Payload):
    tag: ClassVar[str] = "accounts:token:created"
    token_id: int
    may_write: bool


@dataclass(frozen=True, kw_only=True)
class TokenRevoked(Payload):
    tag: ClassVar[str] = "accounts:token:revoked"
    token_id: int
