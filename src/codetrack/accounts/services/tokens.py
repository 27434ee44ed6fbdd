"""Keys for programs: shown once, kept as a digest."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from codetrack.accounts import events, permissions
from codetrack.accounts.models import ApiToken, User, digest_of
from codetrack.core.errors import Problem
from codetrack.core.events import record

MOST = 20


@transaction.atomic
def create_token(
    *, owner: User, name: str, may_write: bool = False, expires_at: datetime | None = None
) -> tuple[ApiToken, str]:
    """A key of `owner` and its text, which nobody can read again."""
    if owner.api_tokens.count() >= MOST:
        raise Problem(
            _("You have %(count)d tokens. Revoke one that you no longer use.") % {"count": MOST},
            code="too_many_tokens",
        )
    prefix = secrets.token_hex(4)
    secret = f"ct_{prefix}_{secrets.token_urlsafe(32)}"
    token = ApiToken.objects.create(
        owner=owner,
        name=name,
        prefix=prefix,
        digest=digest_of(secret),
        may_write=may_write,
        expires_at=expires_at,
    )
    created = events.TokenCreated(token_id=token.pk, may_write=may_write)
    record(created, actor=owner, subject=owner, topics=[f"account:{owner.pk}"])
    return token, secret


@transaction.atomic
def revoke_token(*, token: ApiToken, by: User) -> None:
    """The key stops working now."""
    permissions.demand(permissions.may_revoke(by, token))
    payload = events.TokenRevoked(token_id=token.pk)
    token.delete()
    record(payload, actor=by, subject=token.owner, topics=[f"account:{token.owner_id}"])
