"""How these pages tell what a service refused: beside the field, or as a message."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from codetrack.accounts.models import Membership
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


def done(
    request: HttpRequest, to: str, act: Callable[[], object], message: str, *, refused: str = ""
) -> HttpResponse:
    """Does one thing, says so, and goes on to the page `to`; when refused, to that page instead."""
    try:
        act()
    except NotAllowed:
        raise
    except HouseError as error:
        messages.error(request, error.message)
        return redirect(refused or to)
    messages.success(request, message)
    return redirect(to)


def entered(request: HttpRequest, membership: Membership) -> HttpResponse:
    """Welcomes a member to their institute, or says that its admins are asked first."""
    name = {"name": membership.institute}
    if membership.state == Membership.State.CURRENT:
        messages.success(request, _("Welcome to %(name)s.") % name)
        return redirect(membership.institute)
    text = _("Your request is with the admins of %(name)s: one of them lets you in.")
    messages.success(request, text % name)
    return redirect("accounts:institutes")
