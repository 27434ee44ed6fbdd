"""Landing, start, member page, institute page: what several apps say, on one page."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET

from codetrack.accounts import queries as accounts
from codetrack.accounts.caller import caller
from codetrack.accounts.views import institutes
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


@login_required
@require_GET
def member(request: HttpRequest, username: str) -> HttpResponse:
    """One member, to those of the same institute; to others there is no such page."""
    shown = get_object_or_404(accounts.visible_to(request.user), username=username.lower())
    readings = ratings.readings(shown)
    contests = queries.played(readings)
    context = {
        "member": shown,
        "own": shown == request.user,
        "membership": shown.current_membership(),
        "readings": readings,
        "chart": queries.chart(readings),
        "recent": contests[: queries.RECENT],
        "contests": len(contests),
    }
    return render(request, "home/member.html", context)


@login_required
@require_GET
def institute(request: HttpRequest, slug: str) -> HttpResponse:
    """The members of an institute and their ratings; for its admins also what they look after."""
    row = institutes.visible(request, slug)
    page, readings = queries.board_page(row, request.GET.get("page", "1"))
    context = {**institutes.context(request, row), "page": page, "readings": readings}
    return render(request, "home/institute.html", context)
