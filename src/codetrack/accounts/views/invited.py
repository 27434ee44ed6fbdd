"""What the link in an invitation mail opens, and invitations to who has an account already."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from codetrack.accounts import invitations, people, permissions, services
from codetrack.accounts.caller import caller
from codetrack.accounts.models import Invitation
from codetrack.accounts.privacy_forms import JoinForm
from codetrack.accounts.views.answers import entered


@never_cache
def invited(request: HttpRequest, token: str) -> HttpResponse:
    """Looking joins nothing: what looks into mails follows links without being told to."""
    row = people.invitation_of(token)
    if row is None:
        raise Http404(_("This is no invitation link of ours. Copy the whole line from the mail."))
    member = request.user
    current = member.current_membership() if member.is_authenticated else None
    if current and current.institute_id == row.institute_id:
        return redirect(row.institute)
    if member.is_authenticated and request.method == "POST" and row.is_open:
        return _accepted(request, row)
    if not member.is_authenticated and row.is_open:
        invitations.keep_personal(request, row, token)
    context = {
        "institute": row.institute,
        "invitation": row,
        "current": current,
        "has_account": people.has_account(row.email),
        "form": JoinForm(row.institute, member) if member.is_authenticated else None,
        "open_to_new": permissions.may_sign_up(invited=True),
    }
    return render(request, "accounts/invited.html", context, status=200 if row.is_open else 410)


@login_required
@require_POST
def accept(request: HttpRequest, pk: int) -> HttpResponse:
    """Joins by an invitation that was sent to an address of one's own."""
    own = {row.pk: row for row in people.invitations_for(caller(request))}
    if pk not in own:
        raise Http404(_("This invitation is no longer valid. Ask for a new one."))
    return _accepted(request, own[pk])


def _accepted(request: HttpRequest, row: Invitation) -> HttpResponse:
    chosen = request.POST.get("on_boards", "")
    return entered(
        request,
        services.accept_invitation(member=caller(request), invitation=row, on_boards=chosen),
    )
