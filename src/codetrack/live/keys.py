"""By what a client shows that it may connect: the session of a browser, the token of a program."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Protocol

from django.conf import settings
from django.contrib.auth import authenticate, get_user
from django.http import HttpRequest, parse_cookie
from django.http.request import split_domain_port, validate_host

if TYPE_CHECKING:
    from django.contrib.auth.base_user import AbstractBaseUser

_SESSION_KEY = re.compile(r"[0-9a-z]{32}")


class Key(Protocol):
    def user(self) -> AbstractBaseUser | None:
        """Whose key it is now; None when it opens nothing (any more). Asks the database."""


@dataclass(frozen=True, slots=True)
class SessionKey:
    session_key: str

    def user(self) -> AbstractBaseUser | None:
        request = HttpRequest()
        request.session = import_module(settings.SESSION_ENGINE).SessionStore(self.session_key)
        user = get_user(request)
        return user if user.is_authenticated else None


@dataclass(frozen=True, slots=True)
class TokenKey:
    token: str

    def user(self) -> AbstractBaseUser | None:
        return authenticate(HttpRequest(), token=self.token)


def key_in(headers: Mapping[str, str]) -> Key | None:
    """The key that came with a handshake; a token that is sent has to be right."""
    scheme, _, token = headers.get("authorization", "").partition(" ")
    if scheme.lower() == "bearer" and token:
        return TokenKey(token.strip())
    session_key = parse_cookie(headers.get("cookie", "")).get(settings.SESSION_COOKIE_NAME, "")
    return SessionKey(session_key) if _SESSION_KEY.fullmatch(session_key) else None


def is_own_page(headers: Mapping[str, str]) -> bool:
    """Whether a page of this site asks. Browsers send the cookie along for any page."""
    host = headers.get("host", "")
    scheme = "https" if settings.SECURE else "http"
    own = {settings.CODETRACK_URL}
    if validate_host(split_domain_port(host)[0], settings.ALLOWED_HOSTS):
        own.add(f"{scheme}://{host}")
    return headers.get("origin") in own


def read(headers: Iterable[tuple[bytes, bytes]]) -> dict[str, str]:
    """Headers by name; cookies that came in several are one again."""
    found: dict[str, str] = {}
    for name, value in headers:
        key, text = name.decode("latin-1").lower(), value.decode("latin-1")
        found[key] = f"{found[key]}; {text}" if key in found else text
    return found
