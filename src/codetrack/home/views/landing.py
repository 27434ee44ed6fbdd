"""Where visitors and members come in."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from codetrack.accounts import queries as accounts
from codetrack.accounts.caller import caller
from codetrack.home import permissions, queries
from codetrack.ratings import queries as ratings


@require_GET
def landing(request: HttpRequest) -> HttpResponse:
    """What this is, with a real board when an institute is public. Members go on to their page."""
    if request.user.is_authenticated:
        return redirect("home:start")
    institute = permissions.shown_to_everybody()
    best = list(queries.board(institute)[: queries.BEST]) if institute else []
    context = {
        "founded": accounts.is_founded(),
        "public": institute,
        "readings": ratings.with_trends(best),
    }
    return render(request, "home/landing.html", context)


@login_required
@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """Where a member goes after signing in: to their page, which shows how to begin."""
    return redirect(caller(request))
