"""How these pages tell what a service refused: beside the field, or as a message."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from codetrack.core.errors import HouseError, NotAllowed


@contextmanager
def told_in(form: forms.BaseForm) -> Iterator[None]:
    """What a service refuses becomes an error of the form; `form.is_valid()` is false then."""
    try:
        yield
    except NotAllowed:
        raise
    except HouseError as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)


def done(request: HttpRequest, to: str, act: Callable[[], object], message: str) -> HttpResponse:
    """Does one thing, says so, and goes on to the page `to`."""
    try:
        act()
    except NotAllowed:
        raise
    except HouseError as error:
        messages.error(request, error.message)
    else:
        messages.success(request, message)
    return redirect(to)
