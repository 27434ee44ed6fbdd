"""The pages of the frame itself: theme, appearance, help, style guide, errors."""

from __future__ import annotations

import sys

import structlog
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseRedirect,
)
from django.shortcuts import redirect, render
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from codetrack.core import limits
from codetrack.core.db import origin, outage
from codetrack.web import errors, preferences, samples

#: Nothing can be saved for now. What else ails a database is over when somebody tries again.
DISK = {"disk_full", "disk_broken"}

log = structlog.get_logger()


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keeps the theme and returns to the page it was chosen on."""
    response = HttpResponseRedirect(_came_from(request))  # `redirect` takes "abc" for a view
    preferences.keep_theme(response, request.POST.get("theme", ""), secure=request.is_secure())
    return response


def appearance(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return render(request, "web/appearance.html", {"themes": preferences.THEMES})
    response = redirect("web:appearance")
    secure = request.is_secure()
    preferences.keep_theme(response, request.POST.get("theme", ""), secure=secure)
    preferences.keep_single_keys(response, "keys" in request.POST, secure=secure)
    return response


@require_safe
def help_index(request: HttpRequest) -> HttpResponse:
    return render(request, "web/help.html")


@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    return render(request, "web/styleguide.html", samples.context())


def _came_from(request: HttpRequest) -> str:
    target = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(
        target, {request.get_host()}, require_https=request.is_secure()
    )
    return target if safe and target.startswith("/") else "/"


# --- errors ------------------------------------------------------------------


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    return errors.page(request, 400)


def permission_denied(request: HttpRequest, exception: PermissionDenied) -> HttpResponse:
    return errors.page(request, 403, _sentence(exception))


def not_found(request: HttpRequest, exception: Http404) -> HttpResponse:
    return errors.page(request, 404, _sentence(exception))


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """Not before a row could be written: to allauth, a cache that cannot be looks like a limit."""
    limits.probe()
    return errors.page(request, 429)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    log.info("csrf_failure", reason=reason)
    text = _(
        "The form was open too long or cookies are off. Go back, reload the page and send it again."
    )
    return errors.page(request, 403, text)


def server_error(request: HttpRequest) -> HttpResponse:
    """Needs neither the database nor a session: both may be what broke."""
    error = sys.exception()
    known = outage(error)
    context = {"status": 500, "reference": getattr(request, "reference", "")}
    if error and known:
        log.error("unavailable", path=request.path, code=known.code, at=origin(error))
        context |= {
            "status": known.status,
            "title": _("Not saved") if known.code in DISK else _("This took too long"),
            "advice": known.message,
        }
    response = HttpResponse(render_to_string("500.html", context), status=context["status"])
    if known and known.retry_after:
        response.headers["Retry-After"] = str(int(known.retry_after))
    return errors.whole(request, response)


def _sentence(exception: Exception) -> str:
    """The exception's own text where it is a sentence for people.

    Django's resolver puts a dict there, and what looks for a row the name of a table.
    """
    if isinstance(exception.__context__, ObjectDoesNotExist) and exception.__cause__ is None:
        return ""
    text = exception.args[0] if exception.args else ""
    return text if isinstance(text, str) and text.endswith(".") else ""
