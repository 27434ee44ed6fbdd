"""What visitors see first."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from codetrack.accounts import queries as accounts
from codetrack.home import permissions, queries


@require_GET
def landing(request: HttpRequest) -> HttpResponse:
    """What this is, with a real board when an institute is public. Members go on to theirs."""
    if request.user.is_authenticated:
        return redirect("home:start")
    institute = permissions.shown_to_everybody()
    context = {
        "founded": accounts.is_founded(),
        "public": institute,
        "top": queries.best_in_public(institute) if institute else None,
    }
    return render(request, "home/landing.html", context)
