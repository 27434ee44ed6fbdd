"""What a visitor chose about the look: kept in cookies, so that it holds before signing in too."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse

THEMES = ("system", "light", "dark")
YEAR = 365 * 24 * 60 * 60


def theme(request: HttpRequest) -> str:
    chosen = request.COOKIES.get("theme", "system")
    return chosen if chosen in THEMES else "system"


def single_keys(request: HttpRequest) -> bool:
    """Whether one-letter shortcuts are on (WCAG 2.1.4 asks for a way to switch them off)."""
    return request.COOKIES.get("keys") != "off"


def keep_theme(response: HttpResponse, value: str, *, secure: bool) -> None:
    _keep(response, "theme", value if value in THEMES else "system", secure)


def keep_single_keys(response: HttpResponse, value: bool, *, secure: bool) -> None:
    _keep(response, "keys", "on" if value else "off", secure)


def _keep(response: HttpResponse, name: str, value: str, secure: bool) -> None:
    response.set_cookie(name, value, max_age=YEAR, samesite="Lax", secure=secure)
