"""Where in the order of events a page was made: its socket is told of everything after that."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse

from codetrack.core import events

PROGRAMS = "/api/"


class PlaceMiddleware:
    """Asks for the place before anything else of a page is read, where somebody may be signed in.

    Whoever asks for a part of a page has a place already.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if _is_page_of_member(request):
            request.live_place = events.last()  # type: ignore[attr-defined]
        return self.get_response(request)


def place(request: HttpRequest) -> dict[str, Any]:
    """For templates: `live_place`, or None where nothing is live."""
    return {"live_place": getattr(request, "live_place", None)}


def _is_page_of_member(request: HttpRequest) -> bool:
    is_part = "HX-Request" in request.headers or request.path.startswith(PROGRAMS)
    return settings.SESSION_COOKIE_NAME in request.COOKIES and not is_part
