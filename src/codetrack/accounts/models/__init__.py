"""Members, institutes and how they belong together; keys for programs; who is asked to come."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codetrack.accounts.models.members import (
    ApiToken,
    ApiTokenQuerySet,
    Block,
    EmailDomain,
    Follow,
    Institute,
    InstituteQuerySet,
    MemberManager,
    Membership,
    MembershipQuerySet,
    OnBoards,
    SeenBy,
    SetupToken,
    User,
    UserQuerySet,
    digest_of,
    new_invitation,
    no_null,
    valid_username,
)
from codetrack.accounts.models.rosters import (
    Invitation,
    InvitationQuerySet,
    Outcome,
    Roster,
    RosterLine,
    RosterLineQuerySet,
    Trouble,
)

if TYPE_CHECKING:
    from codetrack.accounts.models.members import Visitor as Visitor

__all__ = [
    "ApiToken",
    "ApiTokenQuerySet",
    "Block",
    "EmailDomain",
    "Follow",
    "Institute",
    "InstituteQuerySet",
    "Invitation",
    "InvitationQuerySet",
    "MemberManager",
    "Membership",
    "MembershipQuerySet",
    "OnBoards",
    "Outcome",
    "Roster",
    "RosterLine",
    "RosterLineQuerySet",
    "SeenBy",
    "SetupToken",
    "Trouble",
    "User",
    "UserQuerySet",
    "digest_of",
    "new_invitation",
    "no_null",
    "valid_username",
]
