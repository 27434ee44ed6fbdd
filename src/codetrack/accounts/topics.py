"""Who may listen to what happens to members and institutes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codetrack.accounts import events, permissions, queries
from codetrack.accounts.models import Institute, User
from codetrack.live.topics import shift_rights, topic

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser


@topic("member", of_user=True)
def may_see_page(user: AbstractBaseUser, pk: int) -> bool:
    """What is seen on the page of a member, by whoever may see that page."""
    return isinstance(user, User) and queries.visible_to(user).filter(pk=pk).exists()


@topic("account", of_user=True)
def is_oneself(user: AbstractBaseUser, pk: int) -> bool:
    """What is nobody's business but the member's own."""
    return bool(user.pk == pk)


@topic("rights", of_user=True)
def nobody(user: AbstractBaseUser, pk: int) -> bool:
    """Names a member whose rights an event shifts without their being told of it."""
    return False


@topic("institute", quiet=True)
def may_see_institute(user: AbstractBaseUser, pk: int) -> bool:
    """That something changed in it: whose it is, some members may not see (who is private to all,
    who blocked one of them)."""
    return isinstance(user, User) and Institute.objects.visible_to(user).filter(pk=pk).exists()


@topic("admins")
def may_manage_institute(user: AbstractBaseUser, pk: int) -> bool:
    """What only those see who look after the institute."""
    institute = Institute.objects.filter(pk=pk).first()
    return (
        institute is not None and isinstance(user, User) and permissions.may_manage(user, institute)
    )


shift_rights(
    events.MembershipStarted.tag,
    events.MembershipEnded.tag,
    events.AdminNamed.tag,
    events.AdminWithdrawn.tag,
    events.PrivacyChanged.tag,
    events.MemberBlocked.tag,
    events.SessionsEnded.tag,
    events.TokenRevoked.tag,
)
