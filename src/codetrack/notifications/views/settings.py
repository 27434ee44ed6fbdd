"""How a member wants to be told: what by which channel, when, and of what no more."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms.models import model_to_dict
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from codetrack.accounts.caller import caller
from codetrack.accounts.views.answers import done, told_in
from codetrack.notifications import queries, services
from codetrack.notifications.forms import MatrixForm, TimetableForm

HERE = "notifications:settings"


@login_required
@never_cache
def settings(request: HttpRequest) -> HttpResponse:
    member = caller(request)
    if request.method != "POST":
        return _page(request)
    form = MatrixForm(queries.matrix(member), request.POST)
    if form.is_valid():
        with told_in(form):
            services.set_preferences(member=member, chosen=form.chosen())
        if form.is_valid():
            messages.success(request, _("Saved."))
            return redirect(HERE)
    return _page(request, matrix=form)


@login_required
@require_POST
def timetable(request: HttpRequest) -> HttpResponse:
    form = TimetableForm(request.POST)
    if form.is_valid():
        with told_in(form):
            services.set_timetable(member=caller(request), **form.cleaned_data)
        if form.is_valid():
            messages.success(request, _("Saved."))
            return redirect(HERE)
    return _page(request, times=form)


@login_required
@require_POST
def unmute(request: HttpRequest) -> HttpResponse:
    thread = request.POST.get("thread", "")
    return done(
        request,
        HERE,
        lambda: services.unmute(member=caller(request), thread=thread),
        _("You are told of it again."),
    )


@login_required
@require_POST
def unblock(request: HttpRequest) -> HttpResponse:
    member = caller(request)
    return done(
        request,
        HERE,
        lambda: services.unblock(member=member),
        _("Mail goes to %(address)s again.") % {"address": member.email},
    )


def _page(
    request: HttpRequest, *, matrix: MatrixForm | None = None, times: TimetableForm | None = None
) -> HttpResponse:
    """The page with what is chosen; a form that was refused keeps what was typed."""
    member = caller(request)
    saved = queries.timetable_of(member)
    rows = queries.matrix(member)
    context: dict[str, Any] = {
        "matrix": matrix or MatrixForm(rows),
        "channels": [cell.channel for cell in rows[0].cells] if rows else [],
        "times": times or TimetableForm(initial=model_to_dict(saved)),
        "digests": queries.next_digests(member, saved),
        "zone": member.time_zone,
        "muted": queries.muted_threads(member),
        "blocked": queries.blocked_address(member),
        "mail_is_possible": queries.mail_is_possible(member),
    }
    return render(request, "notifications/settings.html", context)
