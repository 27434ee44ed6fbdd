"""The feed: what the people a member follows did."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from codetrack.accounts import queries as accounts
from codetrack.accounts.caller import caller
from codetrack.standings import feeds
from codetrack.standings.queries import feed as queries
from codetrack.web.ui import Tab


@login_required
@require_GET
def feed(request: HttpRequest) -> HttpResponse:
    """The newest first, of all kinds or of one; whom to follow while there is nobody."""
    member, key = caller(request), request.GET.get("kind", "")
    chosen = feeds.kind(key)
    found = queries.feed_of(
        member, kinds=[key] if chosen else (), cursor=request.GET.get("cursor", "")
    )
    follows = bool(found.items) or accounts.followees_of(member).exists()
    context = {
        "tabs": _tabs(chosen),
        "chosen": chosen,
        "items": found.items,
        "next": found.next,
        "paged": "cursor" in request.GET,
        "follows": follows,
        "people": [] if follows else accounts.introduced(member, accounts.suggestions(member)),
    }
    return render(request, "standings/feed.html", context)


def _tabs(chosen: feeds.Kind | None) -> list[Tab]:
    every = Tab(_("Everything"), queries.address(), chosen is None)
    return [
        every,
        *[Tab(str(one.label), queries.address(one.key), one is chosen) for one in feeds.known()],
    ]
