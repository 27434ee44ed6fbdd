"""Who may do what with handles and claims. Plain functions, asked by services."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from codetrack.core.errors import NotAllowed

if TYPE_CHECKING:
    from codetrack.accounts.models import User
    from codetrack.ratings.models import Claim, Handle


def owns(member: User, claim: Claim) -> bool:
    return claim.member_id == member.pk


def require_owner(member: User, claim: Claim) -> None:
    if not owns(member, claim):
        raise NotAllowed(_("This is another member's handle."))


def require_named(member: User, handle: Handle) -> None:
    """Whoever names a handle, proven or not, may have it read again; so may a site admin."""
    named = handle.claims.open().filter(member=member).exists()
    if not (named or member.is_superuser):
        raise NotAllowed(_("Only the member who linked this handle can ask for that."))
