"""Institutes: who is in, who asks to be, and what their admins look after."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import urlencode
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from codetrack.accounts import people, permissions, queries, services
from codetrack.accounts.caller import caller
from codetrack.accounts.forms import DomainForm
from codetrack.accounts.models import Institute
from codetrack.accounts.privacy_forms import JoinForm
from codetrack.accounts.views.answers import done, entered, told_in
from codetrack.core import paging

ACTIONS = {
    "approve": (services.approve, gettext_lazy("%(member)s is in.")),
    "decline": (services.decline, gettext_lazy("The request of %(member)s is declined.")),
    "remove": (services.remove, gettext_lazy("%(member)s is no longer a member.")),
    "admin": (services.make_institute_admin, gettext_lazy("%(member)s is an admin now.")),
    "step-down": (
        services.withdraw_institute_admin,
        gettext_lazy("%(member)s is no longer an admin."),
    ),
}


@login_required
def institutes(request: HttpRequest) -> HttpResponse:
    """Where a member without an institute finds theirs."""
    member = caller(request)
    context = {**queries.choices_for(member), "form": JoinForm(None, member)}
    if context["current"] is None:
        context["invitations"] = people.invitations_for(member)
    return render(request, "accounts/institutes.html", context)


def visible(request: HttpRequest, slug: str) -> Institute:
    return get_object_or_404(Institute.objects.visible_to(request.user), slug=slug)


def context(request: HttpRequest, row: Institute) -> dict[str, Any]:
    """Members, and for admins what they look after; `home` puts the ratings beside it."""
    cursor = request.GET.get("after", "")
    members = paging.cut(queries.members_of(row), by=("member__name", "pk"), cursor=cursor)
    found: dict[str, Any] = {
        "institute": row,
        "members": members,
        "seen": queries.seen_among(request.user, [one.member_id for one in members.items]),
        "manages": permissions.may_manage(request.user, row),
        "own": queries.members_of(row).filter(member=caller(request)).first(),
    }
    if found["manages"]:
        found |= {
            "only_admin": queries.only_admin_of(row.pk),
            "requests": queries.requests_to(row),
            "invited": queries.invited_to(row),
            "domains": row.domains.order_by("domain"),
            "domain_form": _domain_form(request, row),
            "invitation_url": settings.CODETRACK_URL + row.invitation_path(),
        }
    return found


def _domain_form(request: HttpRequest, row: Institute) -> DomainForm:
    """Empty, or what `add_domain` sent back in the address with what is wrong with it."""
    form = DomainForm(request.GET if "domain" in request.GET else None)
    if form.is_valid():
        with told_in(form):
            services.check_domain(institute=row, by=caller(request), **form.cleaned_data)
    return form


@login_required
@require_POST
def ask(request: HttpRequest, slug: str) -> HttpResponse:
    """Asks to be let in; any member may ask any institute."""
    row = get_object_or_404(queries.open_institutes(), slug=slug)
    on_boards = request.POST.get("on_boards", "")
    asked = services.request_membership(member=caller(request), institute=row, on_boards=on_boards)
    return entered(request, asked)


@login_required
@require_POST
def withdraw(request: HttpRequest, slug: str) -> HttpResponse:
    """Takes one's own request back."""
    asked = get_object_or_404(queries.requests_of(caller(request)), institute__slug=slug)
    return done(
        request,
        "accounts:institutes",
        lambda: services.decline(membership=asked, by=caller(request)),
        _("Your request is withdrawn."),
    )


@login_required
@require_POST
def leave(request: HttpRequest, slug: str) -> HttpResponse:
    row = visible(request, slug)
    return done(
        request,
        "accounts:institutes",
        lambda: services.leave(member=caller(request)),
        _("You have left. Your account and your handles stay."),
        refused=row.get_absolute_url(),
    )


@login_required
@require_POST
def act_on_member(request: HttpRequest, slug: str, pk: int, action: str) -> HttpResponse:
    """What an admin does to one membership of the institute."""
    row = visible(request, slug)
    if action not in ACTIONS:
        raise Http404
    permissions.demand(permissions.may_manage(request.user, row))
    membership = get_object_or_404(queries.memberships_of(row), pk=pk)
    service, text = ACTIONS[action]
    message = str(text) % {"member": membership.member}
    to = row.get_absolute_url()
    return done(request, to, lambda: service(membership=membership, by=caller(request)), message)


@login_required
@require_POST
def rotate_invitation(request: HttpRequest, slug: str) -> HttpResponse:
    row = visible(request, slug)
    return done(
        request,
        row.get_absolute_url(),
        lambda: services.rotate_invitation(institute=row, by=caller(request)),
        _("There is a new invitation link. The old one no longer works."),
    )


@login_required
@require_POST
def add_domain(request: HttpRequest, slug: str) -> HttpResponse:
    row = visible(request, slug)
    form = DomainForm(request.POST)
    if form.is_valid():
        with told_in(form):
            services.add_domain(institute=row, by=caller(request), **form.cleaned_data)
    if form.is_valid():
        messages.success(request, _("Confirmed addresses of this domain join from now on."))
        return redirect(row)
    refused = urlencode({"domain": request.POST.get("domain", "")})
    return redirect(f"{row.get_absolute_url()}?{refused}")  # the errors there take the focus


@login_required
@require_POST
def remove_domain(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    row = visible(request, slug)
    domain = get_object_or_404(row.domains, pk=pk)
    return done(
        request,
        row.get_absolute_url(),
        lambda: services.remove_domain(domain=domain, by=caller(request)),
        _("Nobody joins by %(domain)s any more. Who did stays.") % {"domain": domain},
    )


@login_required
def members(request: HttpRequest) -> HttpResponse:
    """Finds members by name or username; without a word it lists those one may see."""
    text = request.GET.get("q", "").strip()
    if text:
        page = paging.Slice(queries.found_members(request.user, text), next=None)
    else:
        rows = queries.visible_to(request.user).filter(is_active=True)
        page = paging.cut(rows, by=("username",), cursor=request.GET.get("after", ""))
    people = queries.introduced(caller(request), page.items)
    return render(request, "accounts/members.html", {"text": text, "people": people, "page": page})
