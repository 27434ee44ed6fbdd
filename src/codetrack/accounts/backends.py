"""Knows whose API token it is, for everything that asks Django's `authenticate(token=…)`."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from django.contrib.auth.backends import BaseBackend

from codetrack.accounts import queries
from codetrack.accounts.models import ApiToken, User
from codetrack.api.auth import Grant
from codetrack.core import clock

if TYPE_CHECKING:
    from django.http import HttpRequest

USE_IS_NOTED_EVERY = timedelta(minutes=1)


class TokenBackend(BaseBackend):
    def authenticate(  # type: ignore[override]
        self, request: HttpRequest | None, token: str | None = None
    ) -> User | None:
        """The owner of `token`, carrying a `grant` that says what the token may do."""
        row = queries.token_of(token) if token else None
        if row is None:
            return None
        _note_use(row)
        row.owner.grant = Grant(may_write=row.may_write)
        return row.owner


def _note_use(token: ApiToken) -> None:
    now = clock.now()
    if token.last_used_at is None or now - token.last_used_at >= USE_IS_NOTED_EVERY:
        ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
