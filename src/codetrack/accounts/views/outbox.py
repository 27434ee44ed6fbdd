"""The outbox: what was mailed, kept or refused. For the site admin alone."""

from __future__ import annotations

import email
import email.policy
from functools import wraps
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from codetrack.accounts import permissions
from codetrack.accounts.views.answers import done
from codetrack.core import mail as post
from codetrack.core import paging
from codetrack.core.models import OutgoingMail
from codetrack.web.ui import Tab

if TYPE_CHECKING:
    from collections.abc import Callable

State = OutgoingMail.State
LABELS = {
    State.KEPT: gettext_lazy("Kept"),
    State.WAITING: gettext_lazy("On their way"),
    State.FAILED: gettext_lazy("Refused"),
    State.SENT: gettext_lazy("Sent"),
}


def site_admin_only(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """For everybody else the page does not exist."""

    @wraps(view)
    @login_required
    @never_cache
    def inner(request: HttpRequest, **kwargs: Any) -> HttpResponse:
        if not permissions.may_read_outbox(request.user):
            raise Http404
        return view(request, **kwargs)

    return inner


@site_admin_only
def outbox(request: HttpRequest) -> HttpResponse:
    chosen = request.GET.get("state", "")
    rows = OutgoingMail.objects.defer("message")
    if chosen in State.values:
        rows = rows.filter(state=chosen)
    mails = paging.cut(rows, by=("-created_at", "-pk"), cursor=request.GET.get("after", ""))
    tabs = [Tab(_("All"), "?", current=chosen not in State.values)]
    tabs += [Tab(str(LABELS[s]), f"?state={s}", current=chosen == s) for s in State]
    context = {"mails": mails, "tabs": tabs}
    return render(request, "accounts/outbox.html", context)


@site_admin_only
def mail(request: HttpRequest, pk: int) -> HttpResponse:
    """One mail as its reader sees it, its links to be clicked."""
    row = get_object_or_404(OutgoingMail, pk=pk)
    context = {
        "mail": row,
        "text": _text_of(row),
        "can_send_again": row.state in {State.KEPT, State.FAILED} and bool(settings.MAIL_URL),
    }
    return render(request, "accounts/mail.html", context)


@site_admin_only
@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(OutgoingMail, pk=pk)
    return done(
        request, "accounts:outbox", lambda: post.send_again(mail=row), _("It is on its way.")
    )


def _text_of(row: OutgoingMail) -> str:
    message = email.message_from_bytes(bytes(row.message), policy=email.policy.default)
    body = message.get_body(preferencelist=("plain", "html"))
    return str(body.get_content()) if body else ""
