"""The inbox of a member, and the parts of it that a page fetches anew."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from codetrack.accounts.caller import caller
from codetrack.core import clock
from codetrack.notifications import queries, services
from codetrack.notifications.forms import MomentForm, UpToForm, stamp
from codetrack.notifications.queries import Thread


@dataclass(frozen=True)
class Done:
    """What was marked read in one go, and has not been taken back."""

    stamp: int
    count: int


@login_required
@never_cache
@require_GET
def inbox(request: HttpRequest) -> HttpResponse:
    """Threads with something unread first. A read, so nothing is marked."""
    member = caller(request)
    found = queries.inbox(member, cursor=request.GET.get("cursor", ""))
    context = {
        "threads": found.items,
        "next": found.next,
        "paged": "cursor" in request.GET,
        "unread": queries.unread_count(member),
        "newest": queries.newest(member),
        "blocked": queries.blocked_address(member),
        "done": _done(request),
    }
    return render(request, "notifications/inbox.html", context)


@login_required
@never_cache
@require_GET
def thread(request: HttpRequest, key: str) -> HttpResponse:
    """Everything that was told of one thing."""
    head = _thread(request, key)
    found = queries.thread(caller(request), key, cursor=request.GET.get("cursor", ""))
    context = {
        "thread": head,
        "texts": found.items,
        "next": found.next,
        "paged": "cursor" in request.GET,
        "done": _done(request, key),
    }
    return render(request, "notifications/thread.html", context)


@login_required
@require_POST
def read_thread(request: HttpRequest, key: str) -> HttpResponse:
    """Marks what the page showed of a thread; what came since stays unread."""
    _thread(request, key)
    up_to, at = UpToForm(request.POST).notice, clock.now()
    count = services.mark_thread_read(member=caller(request), thread=key, up_to=up_to, at=at)
    return _answer(request, key, at if count else None)


@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    """Marks all that was there when the page was loaded."""
    up_to, at = UpToForm(request.POST).notice, clock.now()
    count = services.mark_all_read(member=caller(request), up_to=up_to, at=at)
    return redirect(_page("inbox", at if count else None))


@login_required
@require_POST
def undo(request: HttpRequest) -> HttpResponse:
    """What was marked read in one go is unread again; what was read before stays read."""
    at = MomentForm(request.POST).at
    if at and services.mark_unread(member=caller(request), read_at=at):
        messages.success(request, _("It is unread again."))
    return redirect("notifications:inbox")


@login_required
@require_POST
def undo_thread(request: HttpRequest, key: str) -> HttpResponse:
    _thread(request, key)
    at = MomentForm(request.POST).at
    if at:
        services.mark_unread(member=caller(request), read_at=at, thread=key)
    return _answer(request, key)


@login_required
@require_POST
def mute(request: HttpRequest, key: str) -> HttpResponse:
    """Mutes a thread, or has it told again."""
    _thread(request, key)
    change = services.mute if request.POST.get("mute") == "on" else services.unmute
    change(member=caller(request), thread=key)
    return _answer(request, key)


@login_required
@never_cache
@require_GET
def bell(request: HttpRequest) -> HttpResponse:
    unread = queries.unread_count(caller(request))
    return render(request, "notifications/bell.html", {"unread": unread})


@login_required
@never_cache
@require_GET
def newer(request: HttpRequest) -> HttpResponse:
    """How much came since the inbox was loaded: it is not moved about under its reader."""
    newest = UpToForm(request.GET).notice
    count = queries.count_after(caller(request), newest)
    context = {"newest": newest, "count": count}
    return render(request, "notifications/inbox.html#newer", context)


def _thread(request: HttpRequest, key: str) -> Thread:
    found = queries.head(caller(request), key)
    if found is None:
        raise Http404
    return found


def _answer(request: HttpRequest, key: str, at: datetime | None = None) -> HttpResponse:
    """The row as it is now with the counts of the page, or the page that it was done on; with what
    was marked read at `at`, that it can be taken back.
    """
    if not request.headers.get("HX-Request"):
        alone = request.POST.get("page") == "thread"
        return redirect(_page("thread", at, key) if alone else _page("inbox", at))
    context = {
        "thread": _thread(request, key),
        "touched": True,
        "done": _marked(request, at, key),
        "unread": queries.unread_count(caller(request)),
    }
    return render(request, "notifications/inbox.html#answer", context)


def _page(name: str, at: datetime | None, *key: str) -> str:
    """A page of the inbox that offers to take back what was marked read at `at`."""
    query = {"marked": stamp(at)} if at else None
    return reverse(f"notifications:{name}", args=key, query=query)


def _done(request: HttpRequest, key: str = "") -> Done | None:
    """What the page before this one marked read."""
    return _marked(request, MomentForm(request.GET).at, key)


def _marked(request: HttpRequest, at: datetime | None, key: str) -> Done | None:
    count = queries.count_read_in_one(caller(request), at, key) if at else 0
    return Done(stamp(at), count) if at and count else None
