"""The first admin of a club, let in by a one-time token that only the console shows."""

from __future__ import annotations

import secrets

from django.db import transaction
from django.utils.translation import gettext as _

from codetrack.accounts import events, queries
from codetrack.accounts.models import Membership, SetupToken, User, digest_of
from codetrack.accounts.services.institute import new_institute
from codetrack.core import clock
from codetrack.core.errors import Conflict, Problem
from codetrack.core.events import record


@transaction.atomic
def setup_token() -> str | None:
    """A fresh token for the page that makes the first admin; None once there is one.

    Only the latest token works. It is printed by the console and kept as a digest.
    """
    if queries.is_founded():
        return None
    token = secrets.token_urlsafe(18)
    SetupToken.objects.update_or_create(
        pk=1, defaults={"digest": digest_of(token), "used_at": None}
    )
    return token


@transaction.atomic
def found_club(
    *,
    token: str,
    institute_name: str,
    email: str,
    username: str,
    password: str,
    time_zone: str = "UTC",
) -> User:
    """The site admin, who is admin of the first institute too. One of two at once wins."""
    _use(token)
    founder = User.objects.create_superuser(username, email, password, time_zone=time_zone)
    institute = new_institute(institute_name)
    Membership.objects.create(
        member=founder,
        institute=institute,
        state=Membership.State.CURRENT,
        way=Membership.Way.FOUNDER,
        is_admin=True,
        joined_at=clock.now(),
    )
    record(events.ClubFounded(institute_id=institute.pk), actor=founder, subject=institute)
    return founder


def _use(token: str) -> None:
    """Takes the token; the lock on its row makes the second of two wait and then be told."""
    row = SetupToken.objects.select_for_update().filter(pk=1).first()
    if queries.is_founded():
        raise Conflict(
            _("This club has an admin already. Sign in, or ask the admin for an invitation."),
            code="already_founded",
        )
    if row is None or not row.opens_with(token):
        raise Problem(
            _("This set-up link is not valid. The console prints a new one at every start."),
            code="bad_setup_token",
        )
    row.used_at = clock.now()
    row.save(update_fields=["used_at"])
