"""Following: the buttons on the page of a member, and the lists of who follows whom."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRedirect, trigger_client_event

from codetrack.accounts import permissions, queries, services
from codetrack.accounts.caller import caller
from codetrack.accounts.models import User
from codetrack.core import paging
from codetrack.core.errors import HouseError
from codetrack.web.ui import Tab

#: What a button is a part of, and so what comes anew once it was pressed.
PARTS = {"button": "accounts/follow.html", "relation": "accounts/relation.html"}
WHOLE = "page"  # as the leaderboard asks: it comes anew in place, and says what was done
SUGGESTED_BELOW = 2  # so many a member follows before nobody is suggested any more


@login_required
@require_POST
def follow(request: HttpRequest, username: str) -> HttpResponse:
    member = get_object_or_404(queries.visible_to(request.user), username=username.lower())
    return _act(
        request,
        member,
        lambda: services.follow(follower=caller(request), followed=member),
        _("You follow %(name)s.") % {"name": member},
    )


@login_required
@require_POST
def unfollow(request: HttpRequest, username: str) -> HttpResponse:
    member = _reachable(request, username)
    return _act(
        request,
        member,
        lambda: services.unfollow(follower=caller(request), followed=member),
        _("You no longer follow %(name)s.") % {"name": member},
    )


@login_required
@require_POST
def unfollow_unseen(request: HttpRequest) -> HttpResponse:
    services.unfollow_unseen(follower=caller(request))
    messages.success(request, _("You follow only members whose pages you may see."))
    return redirect("accounts:following")


@login_required
@require_POST
def remove(request: HttpRequest, username: str) -> HttpResponse:
    """Ends that somebody follows the caller."""
    member = get_object_or_404(queries.followers_of(caller(request)), username=username.lower())
    return _act(
        request,
        member,
        lambda: services.remove_follower(member=caller(request), follower=member),
        _("%(name)s no longer follows you, and is not told.") % {"name": member},
    )


@login_required
@require_POST
def remove_unseen(request: HttpRequest) -> HttpResponse:
    services.remove_unseen_followers(member=caller(request))
    messages.success(request, _("Only members whose pages you may see follow you."))
    return redirect("accounts:followers")


@login_required
@require_POST
def block(request: HttpRequest, username: str) -> HttpResponse:
    member = get_object_or_404(queries.visible_to(request.user), username=username.lower())
    return _act(
        request,
        member,
        lambda: services.block(blocker=caller(request), blocked=member),
        _("You blocked %(name)s. They are not told.") % {"name": member},
    )


@login_required
@require_POST
def unblock(request: HttpRequest, username: str) -> HttpResponse:
    member = _reachable(request, username)
    return _act(
        request,
        member,
        lambda: services.unblock(blocker=caller(request), blocked=member),
        _("You no longer block %(name)s.") % {"name": member},
    )


@login_required
@never_cache
@require_GET
def following(request: HttpRequest, username: str = "") -> HttpResponse:
    """Whom a member follows; without a name it is the caller."""
    return _list(request, username, "following")


@login_required
@never_cache
@require_GET
def followers(request: HttpRequest, username: str = "") -> HttpResponse:
    """Who follows a member; without a name it is the caller."""
    return _list(request, username, "followers")


def _list(request: HttpRequest, username: str, which: str) -> HttpResponse:
    viewer = caller(request)
    seen = queries.visible_to(viewer)
    member = get_object_or_404(seen, username=username.lower()) if username else viewer
    relation = queries.relation(viewer, member)
    is_following = which == "following"
    total = relation.following if is_following else relation.followers
    of = queries.followees_of if is_following else queries.followers_of
    rows = of(member, viewer)
    page = paging.cut(rows, by=("-since",), cursor=request.GET.get("cursor", ""))
    lonely = is_following and relation.own and total < SUGGESTED_BELOW
    context = {
        "member": member,
        "own": relation.own,
        "which": which,
        "removable": relation.own and not is_following,
        "tabs": _tabs(relation, which),
        "people": queries.introduced(viewer, page.items),
        "suggested": queries.introduced(viewer, queries.suggestions(viewer) if lonely else []),
        "next": page.next,
        "paged": "cursor" in request.GET,
        "unseen": 0 if page.next else total - rows.count(),
    }
    return render(request, "accounts/follows.html", context)


def _tabs(relation: queries.Relation, which: str) -> list[Tab]:
    base = "/" if relation.own else relation.member.get_absolute_url()
    return [
        Tab(_("Following"), f"{base}following/", which == "following", relation.following),
        Tab(_("Followers"), f"{base}followers/", which == "followers", relation.followers),
    ]


def _reachable(request: HttpRequest, username: str) -> User:
    return get_object_or_404(queries.reachable_by(caller(request)), username=username.lower())


def _act(request: HttpRequest, member: User, act: Callable[[], object], said: str) -> HttpResponse:
    """Does it, and gives the part of the page that it changed, or goes back to the page.

    Where that would be of a member who is not for the caller any more, it is the caller's own list.
    """
    tone = "success"
    try:
        act()
    except HouseError as error:
        tone, said = "error", error.message
    part, in_place = request.POST.get("part", ""), "HX-Request" in request.headers
    is_seen = permissions.may_see(caller(request), member)
    if in_place and part in PARTS and is_seen:
        response = render(request, PARTS[part], _context(request, member, part))
        return trigger_client_event(response, "toast", {"message": said, "tone": tone})
    if tone == "error":
        messages.error(request, said)
    elif part == WHOLE or not in_place or not is_seen:  # or the next page would say it
        messages.success(request, said)
    if not is_seen:
        own = reverse("accounts:following")
        return HttpResponseClientRedirect(own) if in_place else redirect(_wanted(request) or own)
    return redirect(_wanted(request) or member.get_absolute_url())


def _context(request: HttpRequest, member: User, part: str) -> dict[str, Any]:
    relation = queries.relation(caller(request), member)
    return {
        "relation": relation,
        "who": member,
        "follows": relation.follows,
        "followed_back": relation.followed_back,
        "part": part,
    }


def _wanted(request: HttpRequest) -> str:
    """The page that the button was on, if it says so and that is one of ours."""
    wanted = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(wanted, allowed_hosts=None)
    return wanted if safe and wanted.startswith("/") else ""
