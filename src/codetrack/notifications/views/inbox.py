"""The inbox of a member, and the parts of it that a page fetches anew."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from codetrack.accounts.caller import caller
from codetrack.notifications import queries, services
from codetrack.notifications.forms import UpToForm
from codetrack.notifications.queries import Thread


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
    }
    return render(request, "notifications/thread.html", context)


@login_required
@require_POST
def read_thread(request: HttpRequest, key: str) -> HttpResponse:
    """Marks what the page showed of a thread; what came since stays unread."""
    _thread(request, key)
    up_to = UpToForm(request.POST).notice
    services.mark_thread_read(member=caller(request), thread=key, up_to=up_to)
    return _answer(request, key)


@login_required
@require_POST
def read_all(request: HttpRequest) -> HttpResponse:
    up_to = UpToForm(request.POST).notice
    if services.mark_all_read(member=caller(request), up_to=up_to):
        messages.success(request, _("Everything is marked read."))
    return redirect("notifications:inbox")


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


def _answer(request: HttpRequest, key: str) -> HttpResponse:
    """The row as it is now with the counts of the page, or the page that it was done on."""
    if not request.headers.get("HX-Request"):
        alone = request.POST.get("page") == "thread"
        return redirect("notifications:thread", key) if alone else redirect("notifications:inbox")
    context = {
        "thread": _thread(request, key),
        "touched": True,
        "unread": queries.unread_count(caller(request)),
    }
    return render(request, "notifications/inbox.html#answer", context)
