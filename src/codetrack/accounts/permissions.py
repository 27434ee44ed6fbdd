"""Who may do what to accounts, institutes and keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.utils.translation import gettext as _

from codetrack.accounts.models import ApiToken, Institute, Membership, User
from codetrack.core.errors import NotAllowed

if TYPE_CHECKING:
    from codetrack.accounts.models import Visitor


def demand(allowed: bool, message: str = "") -> None:
    """Raises NotAllowed unless `allowed`; the message is for the person."""
    if not allowed:
        raise NotAllowed(message or _("You may not do that."))


def may_sign_up(invited: bool) -> bool:
    """Whether a visitor may make an account, with or without an invitation that holds."""
    return settings.SIGNUP == "open" or (settings.SIGNUP == "invitation" and invited)


def may_manage(user: Visitor, institute: Institute) -> bool:
    """Admins of the institute, and of the site, look after its members, link and domains."""
    if not user.is_authenticated:
        return False
    if user.is_superuser:
        return True
    held = Membership.objects.current().filter(member=user, institute=institute, is_admin=True)
    return held.exists()


def may_see(user: Visitor, member: User) -> bool:
    return User.objects.visible_to(user).filter(pk=member.pk).exists()


def may_open(user: Visitor, institute: Institute) -> bool:
    """Whether the page of the institute is theirs to read."""
    return Institute.objects.visible_to(user).filter(pk=institute.pk).exists()


def may_revoke(user: User, token: ApiToken) -> bool:
    return user.is_superuser or token.owner_id == user.pk


def may_read_outbox(user: Visitor) -> bool:
    """Mails carry links that open accounts: the site admin alone sees them."""
    return user.is_authenticated and user.is_superuser
