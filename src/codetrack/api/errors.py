"""Errors as RFC 9457 `application/problem+json`: the same shape whatever went wrong."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import wraps
from http import HTTPStatus
from typing import Any

import structlog
from django.core.exceptions import PermissionDenied, RequestDataTooBig, SuspiciousOperation
from django.core.signals import got_request_exception
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from ninja import NinjaAPI, Schema
from ninja.errors import HttpError, ValidationError

from codetrack.core.db import origin, outage
from codetrack.core.errors import HouseError

type View = Callable[..., HttpResponse]

log = structlog.get_logger()


class FieldError(Schema):
    """One value that cannot be used."""

    field: str
    detail: str


class Problem(Schema):
    """What went wrong, for people (`detail`) and for programs (`code`)."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str
    code: str
    request_id: str = ""
    errors: list[FieldError] = []


def problem(
    request: HttpRequest,
    status: int,
    detail: str,
    *,
    code: str = "",
    errors: list[FieldError] | None = None,
) -> HttpResponse:
    """An answer that tells of an error."""
    phrase = HTTPStatus(status).phrase
    body = Problem(
        title=phrase,
        status=status,
        detail=detail or phrase,
        code=code or phrase.lower().replace(" ", "_"),
        request_id=getattr(request, "reference", ""),
        errors=errors or [],
    )
    return HttpResponse(
        body.model_dump_json(), status=status, content_type="application/problem+json"
    )


def handle(api: NinjaAPI) -> None:
    """Lets `api` answer every error this way."""
    api.add_exception_handler(HouseError, _house)
    api.add_exception_handler(ValidationError, _invalid)
    api.add_exception_handler(HttpError, _http)
    api.add_exception_handler(Http404, _missing)
    api.add_exception_handler(PermissionDenied, _denied)
    api.add_exception_handler(SuspiciousOperation, _suspicious)
    api.add_exception_handler(RequestDataTooBig, _too_big)
    api.add_exception_handler(Exception, _unexpected)


def told(view: View) -> View:
    """Lets a view of ninja tell of a wrong method in the same shape as of everything else."""

    @wraps(view)
    def inner(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        response = view(request, *args, **kwargs)
        if response.status_code != HTTPStatus.METHOD_NOT_ALLOWED:
            return response
        allowed = response.headers["Allow"]
        answer = problem(request, 405, _("This address takes %(methods)s.") % {"methods": allowed})
        answer.headers["Allow"] = allowed
        return answer

    return inner


def missing(request: HttpRequest, **kwargs: Any) -> HttpResponse:
    """For addresses under /api/ that do not exist."""
    return problem(request, 404, _("There is no such address in the API; see /api/docs."))


def _house(request: HttpRequest, error: Any) -> HttpResponse:
    fields = [FieldError(field=error.field, detail=error.message)] if error.field else None
    response = problem(request, error.status, error.message, code=error.code, errors=fields)
    wait = getattr(error, "retry_after", None)
    if wait is not None:
        response.headers["Retry-After"] = str(math.ceil(wait))
    return response


def _invalid(request: HttpRequest, error: Any) -> HttpResponse:
    fields = [FieldError(field=_field(item["loc"]), detail=item["msg"]) for item in error.errors]
    return problem(request, 422, _("Some values cannot be used."), code="invalid", errors=fields)


def _field(place: tuple[str | int, ...]) -> str:
    """Where the caller wrote it: after `body` comes what our function calls the one object."""
    return ".".join(str(part) for part in place[2 if place[0] == "body" else 1 :])


def _http(request: HttpRequest, error: Any) -> HttpResponse:
    response = problem(request, error.status_code, str(error))
    if error.status_code == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = 'Bearer realm="CodeTrack"'
    return response


def _missing(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(request, 404, _("There is nothing here, or nothing that you may see."))


def _denied(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(request, 403, _("You may not do that."))


def _suspicious(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(request, 400, _("This request cannot be read."))


def _too_big(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(request, 413, _("This is more than one call may send; send less at a time."))


def _unexpected(request: HttpRequest, error: Any) -> HttpResponse:
    if known := outage(error):
        log.error("unavailable", path=request.path, code=known.code, at=origin(error))
        return _house(request, known)
    log.error("api_error", path=request.path, exc_info=error)
    got_request_exception.send(sender=None, request=request)
    return problem(
        request, 500, _("Something went wrong here. Quote the request id when you tell us.")
    )
