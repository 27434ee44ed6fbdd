"""Gives every request a reference to quote, and turns the errors of the house into pages."""

from __future__ import annotations

import codecs
import secrets
from collections.abc import Callable

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django_htmx.http import HttpResponseClientRefresh

from codetrack.core import patience
from codetrack.core.errors import HouseError
from codetrack.web.errors import page


def _is_readable(request: HttpRequest) -> bool:
    """Whether the request is text in UTF-8, its address and cookies without a null character.

    No row has one, and PostgreSQL refuses to look; Django believes in any charset that is named.
    """
    texts = (request.path, *request.COOKIES.values())
    has_null = "%00" in request.META.get("QUERY_STRING", "") or any("\0" in text for text in texts)
    charset = request.encoding or "utf-8"
    return not has_null and codecs.lookup(charset).name == "utf-8"


def _asks_to_sign_in(request: HttpRequest, response: HttpResponse) -> bool:
    """A part of a page was asked for after the session ended: the page itself is to be reloaded."""
    location = response.headers.get("Location", "")
    return "HX-Request" in request.headers and location.startswith(resolve_url(settings.LOGIN_URL))


class PatienceMiddleware:
    """No statement of a page holds its thread, and the rows that it locked, without end."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        with patience.limited(settings.STATEMENT_SECONDS):
            return self.get_response(request)


class ErrorsMiddleware:
    """Stands before the session, which looks for a row by a cookie."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        reference = secrets.token_hex(4)
        request.reference = reference  # type: ignore[attr-defined]
        with structlog.contextvars.bound_contextvars(request=reference):
            readable = _is_readable(request)
            response = self.get_response(request) if readable else page(request, 400)
        if _asks_to_sign_in(request, response):
            response = HttpResponseClientRefresh()
        response.headers["X-Request-Id"] = reference
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A `HouseError` that a view let through still has a sentence for the person."""
        if isinstance(error, HouseError):
            return page(request, error.status, error.message)
        return None
