"""The invitation a visitor came with, kept in their session until they have an account.

It is the link of an institute, or the link in a mail to one person.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from codetrack.accounts import addresses, people, queries

if TYPE_CHECKING:
    from django.http import HttpRequest

    from codetrack.accounts.models import Invitation

KEY = "invitation"
PERSONAL = "invited"


def keep(request: HttpRequest, invitation: str) -> None:
    request.session[KEY] = invitation


def keep_personal(request: HttpRequest, invitation: Invitation, token: str) -> None:
    """Whoever holds the link in a mail may also come in as by the link of the institute."""
    keep(request, invitation.institute.invitation)
    request.session[PERSONAL] = token


def personal(request: HttpRequest) -> Invitation | None:
    """The invitation by mail that the visitor came with, while it is open."""
    row = people.invitation_of(request.session.get(PERSONAL, ""))
    return row if row and row.is_open else None


def proves(request: HttpRequest, email: str) -> bool:
    """Whether the visitor came by a link that was sent to this address alone."""
    row = personal(request)
    return row is not None and row.email == addresses.normal(email)


def kept(request: HttpRequest) -> str:
    """The invitation as long as its link works, else an empty string."""
    invitation = request.session.get(KEY, "")
    return invitation if queries.institute_of_invitation(invitation) else ""


def forget(request: HttpRequest) -> None:
    request.session.pop(KEY, None)
    request.session.pop(PERSONAL, None)
