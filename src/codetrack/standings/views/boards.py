"""The leaderboard."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET
from django_htmx.http import trigger_client_event

from codetrack.accounts import countries
from codetrack.accounts.caller import caller
from codetrack.accounts.models import Institute, OnBoards, User
from codetrack.core import clock
from codetrack.core.errors import Problem
from codetrack.standings import kinds, lines, queries
from codetrack.standings.forms import WishForm
from codetrack.standings.models import Period
from codetrack.standings.queries import sheets
from codetrack.standings.queries.sheets import Sheet, Tab, Wish
from codetrack.web.errors import whole

PAGE = "standings/leaderboard.html"
RESTORED = "HX-History-Restore-Request"  # of one who went back: the whole page
#: What links within the page do: exchange it in place, as its forms do.
BOOST = "swap:outerMorph target:#leaderboard select:#leaderboard"


@login_required
@never_cache
@require_GET
def leaderboard(request: HttpRequest) -> HttpResponse:
    """One board, and the place in it that the address asks for; for htmx a part of the page."""
    member, offered = caller(request), kinds.offered()
    if not offered:
        return render(request, PAGE)
    membership = member.membership
    own = membership.institute if membership else None
    institutes = _institutes(member, own)
    wish = WishForm(request.GET, kinds=offered, institutes=institutes).wish(own)
    try:
        found = sheets.sheet(wish, member, kinds=offered)
    except Problem as problem:
        lost = render(request, "standings/lost.html", {"problem": problem}, status=400)
        return whole(request, lost)
    context = _context(wish, found) | {
        "kinds": offered,
        "hidden": member.on_boards == OnBoards.HIDDEN,
        "nameless": not queries.has_name(member.on_boards, member.seen_by),
        "manages": membership is not None and membership.is_admin,
        "institutes": institutes,
        "batches": sheets.batches_of(wish.institute) if wish.tab == Tab.INSTITUTE else [],
    }
    if "HX-Request" in request.headers and RESTORED not in request.headers:
        return _say(request, render(request, f"{PAGE}#leaderboard", context))
    return render(request, PAGE, context)


def _say(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    """What was done by a button, which led back here: a part of a page has no place for it."""
    for said in messages.get_messages(request):
        toast = {"message": str(said), "tone": said.level_tag}
        response = trigger_client_event(response, "toast", toast)
    return response


def _institutes(member: User, own: Institute | None) -> list[Institute]:
    """Those a member may choose from: a site admin among all."""
    if member.is_superuser:
        return list(Institute.objects.visible_to(member).order_by("name", "pk"))
    return [own] if own else []


def _context(wish: Wish, found: Sheet) -> dict[str, Any]:
    """What the templates need besides who asks."""
    period = Period.WEEK if wish.period == Period.ALL else wish.period
    return {
        "boost": BOOST,
        "wish": wish,
        "sheet": found,
        "rows": [lines.html(line) for line in found.lines],
        "own_row": lines.html(found.own) if found.own else "",
        "since": period.start(clock.today()),
        "tabs": Tab.choices,
        "periods": Period.choices,
        "countries": _countries(wish.country, get_language() or ""),
    }


@lru_cache(512)
def _countries(chosen: str, language: str) -> SafeString:
    """The options of a list of countries, of which there are too many to make them each time."""
    first = format_html('<option value="">{}</option>', gettext("Every country"))
    options = format_html_join(
        "",
        '<option value="{}"{}>{}</option>',
        ((code, " selected" * (code == chosen), name) for code, name in countries.offered()),
    )
    return first + options
