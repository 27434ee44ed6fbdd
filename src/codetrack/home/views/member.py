"""The page of a member."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from codetrack.accounts import queries as accounts
from codetrack.home import queries
from codetrack.ratings import queries as ratings


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
        "drawn": queries.drawn(readings, request.GET.get("period", "")),
        "recent": contests[: queries.RECENT],
        "contests": len(contests),
        "activity": queries.activity(shown, readings),
        "solved": queries.summary(readings),
    }
    return render(request, "home/member.html", context)
