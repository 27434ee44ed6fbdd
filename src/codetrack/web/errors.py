"""The error pages: what happened, what to do, and a reference to quote."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

TEXTS = {
    400: (_("That request made no sense to us"), _("Go back, reload the page and try once more.")),
    403: (_("This is not yours to open"), _("Your account has no access to this page.")),
    404: (
        _("There is nothing here"),
        _("The address may be mistyped, or what was here has moved."),
    ),
    409: (_("Somebody else was faster"), _("Reload the page to see how things stand now.")),
    422: (_("That cannot be used"), _("Go back, correct it and try once more.")),
    429: (_("Too many tries"), _("Take a short break, then try once more.")),
    503: (_("Not available right now"), _("It should be back soon. Try again in a few minutes.")),
}


def page(request: HttpRequest, status: int, message: str = "") -> HttpResponse:
    """An error page in the frame of the site; `message` replaces the usual advice."""
    if not hasattr(request, "user"):  # refused before anybody asked who it is
        request.user = AnonymousUser()
    title, advice = TEXTS.get(status, TEXTS[400])
    context = {"status": status, "error_title": title, "advice": message or advice}
    response = HttpResponse(render_to_string("web/error.html", context, request), status=status)
    return whole(request, response)


def whole(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """Has htmx show this page as one, whichever part of another page was asked for."""
    if "HX-Request" in request.headers:
        response.headers["HX-Retarget"] = response.headers["HX-Reselect"] = "body"
        response.headers["HX-Reswap"] = "innerHTML"
    return response
