"""Where a member comes in: the dashboard, and the steps before there is anything on it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods

from codetrack.accounts.caller import caller
from codetrack.core import clock
from codetrack.home import queries
from codetrack.home.queries.welcome import Step
from codetrack.ratings import queries as ratings
from codetrack.standings.queries import feed

LATER = "welcome"  # the cookie of whoever said "not now": it holds who that was
FRIENDS = 5  # the newest of what they did
YEAR = 365 * 24 * 60 * 60


@login_required
@require_GET
def start(request: HttpRequest) -> HttpResponse:
    """Where a member goes after signing in: to the steps that are left, else to the dashboard."""
    asked = request.COOKIES.get(LATER) != str(caller(request).pk)
    return redirect("home:welcome" if asked and queries.left(_way(request)) else "home:dashboard")


@login_required
@require_GET
def dashboard(request: HttpRequest) -> HttpResponse:
    """What changed, what comes, how it stands and what is left. A read, so nothing is noted."""
    member = caller(request)
    readings = ratings.with_trends(list(ratings.claims_of(member)))
    membership = member.current_membership()
    way = queries.steps(member, [one.claim for one in readings], membership)
    following, week = queries.upcoming({one.claim.platform for one in readings})
    context = {
        "now": clock.now(),
        "readings": readings,
        "membership": membership,
        "steps": way,
        "left": queries.left(way),
        "news": queries.news(member, readings),
        "next": following,
        "week": week,
        "stopped": queries.stopped(member, readings, way),
        "fellows": queries.fellows(member, membership),
        "friends": feed.feed_of(member, size=FRIENDS).items,
    }
    return render(request, "home/dashboard.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def welcome(request: HttpRequest) -> HttpResponse:
    """The steps of a new account; a POST says "not now", which this browser remembers."""
    if request.method != "POST":
        way = _way(request)
        return render(request, "home/welcome.html", {"steps": way, "left": queries.left(way)})
    response = redirect("home:dashboard")
    pk = str(caller(request).pk)
    response.set_cookie(
        LATER, pk, max_age=YEAR, samesite="Lax", secure=request.is_secure(), httponly=True
    )
    return response


def _way(request: HttpRequest) -> tuple[Step, ...]:
    member = caller(request)
    claims = list(ratings.claims_of(member))
    return queries.steps(member, claims, member.current_membership())
