"""The page of an institute."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from codetrack.accounts.views import institutes
from codetrack.home import queries


@login_required
@require_GET
def institute(request: HttpRequest, slug: str) -> HttpResponse:
    """The members of an institute and their ratings; for its admins also what they look after."""
    row = institutes.visible(request, slug)
    page, readings = queries.board_page(row, request.GET.get("page", "1"))
    context = {**institutes.context(request, row), "page": page, "readings": readings}
    return render(request, "home/institute.html", context)
