"""Who calls: a browser by its session, with CSRF; a program by `Authorization: Bearer ct_…`."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.auth import authenticate
from django.utils.translation import gettext as _
from ninja.errors import AuthenticationError, AuthorizationError, HttpError
from ninja.security import HttpBearer, SessionAuth

from codetrack.core import limits

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser
    from django.http import HttpRequest

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
CALLS, SECONDS = 600, 60


@dataclass(frozen=True)
class Grant:
    """What a token allows; the authentication backend hangs it on the user as `grant`."""

    may_write: bool


class Token(HttpBearer):
    """A token that is sent has to be right: a wrong one never falls back to the session."""

    def authenticate(self, request: HttpRequest, token: str) -> AbstractBaseUser:
        user = authenticate(request, token=token)
        grant: Grant | None = getattr(user, "grant", None)
        if user is None or grant is None:
            raise AuthenticationError(401, _("This token is unknown, revoked or expired."))
        if request.method not in SAFE and not grant.may_write:
            raise AuthorizationError(403, _("This token may only read."))
        request.user = user
        return counted(user)


class Session(SessionAuth):
    """Signed in by the page; whatever writes needs the CSRF header."""

    def __init__(self) -> None:
        super().__init__()
        # The cookie's real name has the port in it, which is no news for the schema.
        self.openapi_security_schema["name"] = "session"

    def authenticate(self, request: HttpRequest, key: str | None) -> Any:
        user = super().authenticate(request, key)
        if user is None:
            raise AuthenticationError(
                401,
                _("Sign in, or send a token from Settings, API tokens: Authorization: Bearer ct_…"),
            )
        return counted(user)

    def _get_key(self, request: HttpRequest) -> str | None:
        try:
            return super()._get_key(request)
        except HttpError as error:
            text = _("A page has to send the header X-CSRFToken; a program sends a token instead.")
            raise AuthorizationError(403, text) from error


def counted(user: AbstractBaseUser) -> AbstractBaseUser:
    """Counts the call; raises TooMany when a member calls too often, by whichever key."""
    limits.take("api", user, times=CALLS, per=SECONDS)
    return user
