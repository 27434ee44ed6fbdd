"""The page of an institute."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from codetrack.accounts.caller import caller
from codetrack.accounts.views import institutes
from codetrack.home import queries


@login_required
@require_GET
def institute(request: HttpRequest, slug: str) -> HttpResponse:
    """The members of an institute and the best of them; for its admins what they look after."""
    row = institutes.visible(request, slug)
    context = {**institutes.context(request, row), "top": queries.best_of(row, caller(request))}
    return render(request, "home/institute.html", context)
