"""Gives every request a reference to quote, and turns the errors of the house into pages."""

from __future__ import annotations

import secrets
from collections.abc import Callable

import structlog
from django.http import HttpRequest, HttpResponse

from codetrack.core.errors import HouseError
from codetrack.web.errors import page


def _has_null(request: HttpRequest) -> bool:
    """Whether the address has a null character: no row can, and PostgreSQL refuses to look."""
    return "\0" in request.path or "%00" in request.META.get("QUERY_STRING", "")


class ErrorsMiddleware:
    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        reference = secrets.token_hex(4)
        request.reference = reference  # type: ignore[attr-defined]
        with structlog.contextvars.bound_contextvars(request=reference):
            response = page(request, 400) if _has_null(request) else self.get_response(request)
        response.headers["X-Request-Id"] = reference
        return response

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """A `HouseError` that a view let through still has a sentence for the person."""
        if isinstance(error, HouseError):
            return page(request, error.status, error.message)
        return None
