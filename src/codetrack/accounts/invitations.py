"""The invitation a visitor came with, kept in their session until they have an account."""

from __future__ import annotations

from typing import TYPE_CHECKING

from codetrack.accounts import queries

if TYPE_CHECKING:
    from django.http import HttpRequest

KEY = "invitation"


def keep(request: HttpRequest, invitation: str) -> None:
    request.session[KEY] = invitation


def kept(request: HttpRequest) -> str:
    """The invitation as long as its link works, else an empty string."""
    invitation = request.session.get(KEY, "")
    return invitation if queries.institute_of_invitation(invitation) else ""


def forget(request: HttpRequest) -> None:
    request.session.pop(KEY, None)
