"""What a member did: every submission, and the history of ranks and counts."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_GET

from codetrack.accounts import queries as accounts
from codetrack.accounts.models import User
from codetrack.core import clock, paging
from codetrack.home import queries
from codetrack.home.forms import FilterForm
from codetrack.ratings import queries as ratings
from codetrack.ratings.queries import Reading

NEWEST_FIRST = ("-at", "-pk")


@login_required
@require_GET
def submissions(request: HttpRequest, username: str) -> HttpResponse:
    """A member's submissions on the platforms, the newest first."""
    member = _visible(request, username)
    readings = [Reading(claim) for claim in ratings.claims_of(member)]
    platforms, topics = _platforms(readings), ratings.topics_of(member)
    form = FilterForm(request.GET, platforms, ratings.levels_of(platforms), topics)
    wanted = form.wanted
    tags = topics.get(wanted.pop("topic", ""), [])
    rows = ratings.chosen(ratings.attempts_of(member), tags=tags, **wanted)
    found = paging.cut(rows, by=NEWEST_FIRST, cursor=request.GET.get("cursor", ""))
    context = _context(request, member, readings) | {
        "form": form,
        "submissions": ratings.as_submissions(found.items),
        "next": found.next,
        "partly": [
            one for one in readings if one.counts_solved and one.snapshot and one.snapshot.solved
        ],
    }
    return render(request, "home/submissions.html", context)


@login_required
@require_GET
def history(request: HttpRequest, username: str) -> HttpResponse:
    """What each account was rated, month by month, and every rated contest."""
    member = _visible(request, username)
    records = ratings.records_of(member, localdate(clock.now()))
    readings = [one.reading for one in records]
    form = FilterForm(request.GET, _platforms(readings))
    rows = ratings.changes_of(member).filter(
        **{f"contest__{name}": value for name, value in form.wanted.items() if name == "platform"}
    )
    found = paging.cut(rows, by=NEWEST_FIRST, cursor=request.GET.get("cursor", ""))
    context = _context(request, member, readings) | {
        "form": form,
        "records": records,
        "contests": queries.played_of(readings, found.items),
        "next": found.next,
    }
    return render(request, "home/history.html", context)


def _visible(request: HttpRequest, username: str) -> User:
    return get_object_or_404(accounts.visible_to(request.user), username=username.lower())


def _platforms(readings: list[Reading]) -> dict[str, str]:
    return {one.claim.platform: one.platform_name for one in readings}


def _context(request: HttpRequest, member: User, readings: list[Reading]) -> dict[str, Any]:
    return {
        "member": member,
        "own": member == request.user,
        "readings": readings,
        "paged": "cursor" in request.GET,
    }
