"""The judges of the club, for the site admin: whether they are safe, and what they can run."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from codetrack.core import stations
from codetrack.home import permissions, queries


@login_required
@never_cache
@require_safe
def judge(request: HttpRequest) -> HttpResponse:
    """For everybody else the page does not exist."""
    if not permissions.may_look_after_judges(request.user):
        raise Http404
    places = queries.judges()
    context = {"places": places, "asked": any(place.is_asked for place in places)}
    part = "#places" if "HX-Request" in request.headers else ""
    return render(request, f"home/judge.html{part}", context)


@login_required
@require_POST
def ask_judge(request: HttpRequest) -> HttpResponse:
    """Lets every judge look at itself again; each does so within seconds."""
    if not permissions.may_look_after_judges(request.user):
        raise Http404
    if stations.ask(kind=stations.JUDGE):
        messages.success(request, _("Asked. The answer appears here, mostly within seconds."))
    else:
        messages.error(request, _("No judge is running that could be asked: start one first."))
    return redirect("home:judge")
