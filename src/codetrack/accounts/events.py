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
class AccountErased(Payload):
    """The account is gone, and what hung on it."""

    tag: ClassVar[str] = "accounts:account:erased"
    member_id: int


@dataclass(frozen=True, kw_only=True)
class AddressConfirmed(Payload):
    """A member showed that the address is theirs, at sign-up or after changing it."""

    tag: ClassVar[str] = "accounts:address:confirmed"


@dataclass(frozen=True, kw_only=True)
class ProfileChanged(Payload):
    tag: ClassVar[str] = "accounts:profile:changed"
    fields: list[str]


@dataclass(frozen=True, kw_only=True)
class PrivacyChanged(Payload):
    """Who sees a member (`seen_by`), or how they stand on leaderboards (`on_boards`)."""

    tag: ClassVar[str] = "accounts:privacy:changed"
    fields: list[str]


@dataclass(frozen=True, kw_only=True)
class MemberFollowed(Payload):
    """The actor wants to hear what this member does.

    Everybody who may see the member hears of it, so that the actor is not named in it.
    """

    tag: ClassVar[str] = "accounts:member:followed"
    member_id: int


@dataclass(frozen=True, kw_only=True)
class MemberUnfollowed(Payload):
    tag: ClassVar[str] = "accounts:member:unfollowed"
    member_id: int


@dataclass(frozen=True, kw_only=True)
class FollowersRemoved(Payload):
    """So many follow this member no more, who wished it so; whoever sees the member hears of it."""

    tag: ClassVar[str] = "accounts:followers:removed"
    member_id: int
    count: int


@dataclass(frozen=True, kw_only=True)
class MemberBlocked(Payload):
    """The actor wants to be left alone by this member. Both follow each other no more."""

    tag: ClassVar[str] = "accounts:member:blocked"
    member_id: int


@dataclass(frozen=True, kw_only=True)
class MemberUnblocked(Payload):
    tag: ClassVar[str] = "accounts:member:unblocked"
    member_id: int


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
    invitation_id: int | None = None


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


@dataclass(frozen=True, kw_only=True)
class BatchSet(Payload):
    """An admin said to which year or group a member belongs."""

    tag: ClassVar[str] = "accounts:batch:set"
    institute_id: int
    member_id: int


@dataclass(frozen=True, kw_only=True)
class RosterRead(Payload):
    """An admin handed in a list of people; nobody is invited yet."""

    tag: ClassVar[str] = "accounts:roster:read"
    institute_id: int
    roster_id: int
    lines: int


@dataclass(frozen=True, kw_only=True)
class PeopleInvited(Payload):
    """The people of a list are invited, one after the other from now on."""

    tag: ClassVar[str] = "accounts:people:invited"
    institute_id: int
    roster_id: int
    count: int


@dataclass(frozen=True, kw_only=True)
class RosterCancelled(Payload):
    """So many of a list are not invited any more."""

    tag: ClassVar[str] = "accounts:roster:cancelled"
    institute_id: int
    roster_id: int
    count: int


@dataclass(frozen=True, kw_only=True)
class InvitationWithdrawn(Payload):
    tag: ClassVar[str] = "accounts:invitation:withdrawn"
    institute_id: int
    invitation_id: int


@dataclass(frozen=True, kw_only=True)
class InvitationRenewed(Payload):
    """It is sent once more."""

    tag: ClassVar[str] = "accounts:invitation:renewed"
    institute_id: int
    invitation_id: int
