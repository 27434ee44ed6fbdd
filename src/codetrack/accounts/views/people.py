"""The people of an institute: a table for its admins, with what they do to many at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse, StreamingHttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST, require_safe

from codetrack.accounts import people as queries
from codetrack.accounts import services, sheets
from codetrack.accounts.caller import caller
from codetrack.accounts.models import Institute, Invitation, Membership, User
from codetrack.accounts.queries import requests_to
from codetrack.accounts.views.roster import download, managed
from codetrack.core import paging
from codetrack.core.errors import HouseError
from codetrack.web.ui import Tab

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise as Lazy

INVITATIONS = {
    "open": gettext_lazy("Open"),
    "failed": gettext_lazy("Not delivered"),
    "expired": gettext_lazy("Expired"),
    "accepted": gettext_lazy("Accepted"),
    "withdrawn": gettext_lazy("Withdrawn"),
}


@dataclass(frozen=True)
class Action:
    """What can be done to the ticked rows of a tab; `says` is what happens, before it does."""

    tab: str
    label: Lazy
    says: Lazy
    act: Callable[[Any, User, str], object]
    danger: bool = False


def _remove(row: Membership, by: User, _batch: str) -> None:
    services.remove_other(membership=row, by=by)


ACTIONS = {
    "batch": Action(
        "people",
        gettext_lazy("Set batch"),
        gettext_lazy("Their batch is changed. They are not told."),
        lambda row, by, batch: services.set_batch(membership=row, batch=batch, by=by),
    ),
    "admin": Action(
        "people",
        gettext_lazy("Make admin"),
        gettext_lazy(
            "They see every address here, invite, let in, and end memberships, as you do."
        ),
        lambda row, by, _batch: services.make_institute_admin(membership=row, by=by),
    ),
    "step-down": Action(
        "people",
        gettext_lazy("No longer admin"),
        gettext_lazy("They stay members and look after nobody."),
        lambda row, by, _batch: services.withdraw_institute_admin(membership=row, by=by),
    ),
    "remove": Action(
        "people",
        gettext_lazy("End membership"),
        gettext_lazy(
            "They no longer see the members here, and are no longer seen. Their accounts, handles "
            "and history stay. To come back, they ask to be let in."
        ),
        _remove,
        danger=True,
    ),
    "approve": Action(
        "requests",
        gettext_lazy("Let in"),
        gettext_lazy("They are members at once, and are told."),
        lambda row, by, _batch: services.approve(membership=row, by=by),
    ),
    "decline": Action(
        "requests",
        gettext_lazy("Decline"),
        gettext_lazy("They are told, and can ask again."),
        lambda row, by, _batch: services.decline(membership=row, by=by),
        danger=True,
    ),
    "again": Action(
        "invitations",
        gettext_lazy("Send again"),
        gettext_lazy("Each gets the mail once more, good for another 60 days."),
        lambda row, by, _batch: services.send_again(invitation=row, by=by),
    ),
    "withdraw": Action(
        "invitations",
        gettext_lazy("Withdraw"),
        gettext_lazy("The links in their mails stop working. They are not told."),
        lambda row, by, _batch: services.withdraw_invitation(invitation=row, by=by),
        danger=True,
    ),
}


@login_required
@require_GET
def people(request: HttpRequest, slug: str) -> HttpResponse:
    """Members, requests or invitations, as the tab says."""
    row = managed(request, slug)
    tab = request.GET.get("tab", "people")
    shown = {"requests": _requests, "invitations": _invitations}.get(tab, _people)
    counts = queries.counts_of(row)
    context = {
        "institute": row,
        "tab": tab if tab in {"requests", "invitations"} else "people",
        "counts": counts,
        "tabs": _tabs(counts, tab),
        **shown(request, row),
    }
    context["actions"] = {k: a for k, a in ACTIONS.items() if a.tab == context["tab"]}
    return render(request, "accounts/people.html", context)


@login_required
@require_POST
def act(request: HttpRequest, slug: str) -> HttpResponse:
    """Says what happens to the ticked rows and, once that was confirmed, does it to each."""
    row = managed(request, slug)
    key, batch = request.POST.get("action", ""), request.POST.get("batch", "")
    action = ACTIONS.get(key)
    if action is None:
        raise Http404
    rows = _ticked(row, action, request.POST.getlist("row"))
    context = {
        "institute": row,
        "key": key,
        "action": action,
        "batch": batch,
        "rows": rows,
        "back": _back(row, action),
    }
    if "sure" not in request.POST or not rows:
        return render(request, "accounts/people_sure.html", context)
    refused = _act_on_each(rows, action, caller(request), batch)
    context |= {"refused": refused, "done": len(rows) - len(refused)}
    return render(request, "accounts/people_done.html", context)


@login_required
@require_safe
def export(request: HttpRequest, slug: str) -> StreamingHttpResponse:
    """All members as a table for a spreadsheet."""
    row = managed(request, slug)
    return download(f"{slug}-people.csv", sheets.write(queries.exported(row)))


def _people(request: HttpRequest, row: Institute) -> dict[str, Any]:
    asked = request.GET
    wanted = queries.Wanted(
        text=asked.get("q", "").strip()[:100],
        batch=asked.get("batch", ""),
        role=asked.get("role", ""),
        state=asked.get("state", "current"),
    )
    sort = asked.get("sort", "name")
    sort = sort if sort in queries.SORTS else "name"
    rows = queries.people_of(row, wanted)
    return {
        "page": paging.cut(rows, by=queries.SORTS[sort], cursor=asked.get("after", "")),
        "wanted": wanted,
        "sort": sort,
        "batches": queries.batches_of(row),
        "can_act": wanted.state == "current",
    }


def _requests(request: HttpRequest, row: Institute) -> dict[str, Any]:
    rows = requests_to(row)
    page = paging.cut(rows, by=("created_at", "pk"), cursor=request.GET.get("after", ""))
    return {"page": page, "can_act": True}


def _invitations(request: HttpRequest, row: Institute) -> dict[str, Any]:
    state = request.GET.get("state", "open")
    rows: QuerySet[Invitation] = queries.invitations_of(row, state)
    text = request.GET.get("q", "").strip()[:100]
    if text:
        rows = rows.filter(email__contains=text.lower())
    page = paging.cut(rows, by=("email", "pk"), cursor=request.GET.get("after", ""))
    can_act = state not in {"accepted", "withdrawn"}
    return {
        "page": page,
        "state": state,
        "states": INVITATIONS,
        "text": text,
        "can_act": can_act,
    }


def _tabs(counts: dict[str, int], tab: str) -> list[Tab]:
    labels = {
        "people": (_("Members"), counts["people"]),
        "requests": (_("Requests"), counts["requests"]),
        "invitations": (_("Invitations"), counts["open"]),
    }
    current = tab if tab in labels else "people"
    return [Tab(label, f"?tab={key}", key == current, n) for key, (label, n) in labels.items()]


def _ticked(row: Institute, action: Action, ticked: list[str]) -> list[Any]:
    pks = [int(pk) for pk in ticked if pk.isdecimal() and len(pk) < 18]
    if action.tab == "invitations":
        found = Invitation.objects.filter(institute=row, pk__in=pks[:500])
        return list(found.select_related("institute").order_by("email"))
    return queries.chosen(row, pks)


def _act_on_each(rows: list[Any], action: Action, by: User, batch: str) -> list[tuple[Any, str]]:
    """Each row in a transaction of its own; gives those that were refused, and why."""
    refused = []
    for row in rows:
        try:
            action.act(row, by, batch)
        except HouseError as error:
            refused.append((row, error.message))
    return refused


def _back(row: Institute, action: Action) -> str:
    query = urlencode({"tab": action.tab})
    return f"{reverse('accounts:people', args=[row.slug])}?{query}"
