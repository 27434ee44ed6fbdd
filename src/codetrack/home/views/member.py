"""The page of a member."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from codetrack.accounts import countries
from codetrack.accounts import queries as accounts
from codetrack.accounts.caller import caller
from codetrack.accounts.permissions import may_open
from codetrack.home import queries
from codetrack.ratings import queries as ratings


@login_required
@require_GET
def member(request: HttpRequest, username: str) -> HttpResponse:
    """One member, to those who may see them; to others there is no such page."""
    viewer = caller(request)
    shown = get_object_or_404(accounts.visible_to(viewer), username=username.lower())
    membership = shown.current_membership()
    readings = ratings.readings(shown)
    contests = queries.played(readings)
    context = {
        "member": shown,
        "own": shown == viewer,
        "relation": accounts.relation(viewer, shown),
        "country": countries.name(shown.country),
        "membership": membership,
        "opens_institute": membership and may_open(viewer, membership.institute),
        "readings": readings,
        "drawn": queries.drawn(readings, request.GET.get("period", "")),
        "recent": contests[: queries.RECENT],
        "contests": len(contests),
        "activity": queries.activity(shown, readings),
        "solved": queries.summary(readings),
        "scored": ratings.score_parts(shown) if readings else None,
    }
    return render(request, "home/member.html", context)
