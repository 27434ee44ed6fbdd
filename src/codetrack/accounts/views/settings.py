"""The settings of a member: profile, privacy, security, API tokens."""

from __future__ import annotations

from copy import copy

from allauth.account.decorators import reauthentication_required
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from codetrack.accounts import devices, queries, services
from codetrack.accounts.caller import caller
from codetrack.accounts.forms import ProfileForm, TokenForm
from codetrack.accounts.models import User
from codetrack.accounts.privacy_forms import PrivacyForm
from codetrack.accounts.views.answers import done, told_in
from codetrack.core import paging

#: The cookie that carries the secret of a new token to the page that shows it, and no further:
#: nothing of the secret is ever written down here.
MADE_NOW = "made_now"
MINUTE = 60  # seconds


@login_required
def profile(request: HttpRequest) -> HttpResponse:
    form = ProfileForm(request.POST or None, instance=copy(caller(request)))
    if form.is_valid():
        with told_in(form):
            services.update_profile(member=caller(request), **form.cleaned_data)
        if form.is_valid():
            messages.success(request, _("Saved."))
            return redirect("accounts:settings_profile")
    return render(request, "accounts/settings_profile.html", {"form": form})


@login_required
@never_cache
def privacy(request: HttpRequest) -> HttpResponse:
    """Who sees a member, how they stand on boards, and whom they blocked."""
    form = PrivacyForm(request.POST or None, instance=copy(caller(request)))
    if form.is_valid():
        services.change_privacy(member=caller(request), **form.cleaned_data)
        messages.success(request, _("Saved."))
        return redirect("accounts:settings_privacy")
    page = paging.cut(
        queries.blocked_by(caller(request)), by=("-pk",), cursor=request.GET.get("cursor", "")
    )
    context = {
        "form": form,
        "blocks": page.items,
        "next": page.next,
        "paged": "cursor" in request.GET,
    }
    return render(request, "accounts/settings_privacy.html", context)


@login_required
@never_cache
def security(request: HttpRequest) -> HttpResponse:
    sessions = queries.sessions_of(caller(request))
    context = {
        "addresses": queries.addresses_of(caller(request)),
        "sessions": [(row, devices.name_of(row.user_agent)) for row in sessions],
        "this_session": request.session.session_key,
    }
    return render(request, "accounts/settings_security.html", context)


@login_required
@require_POST
def end_sessions(request: HttpRequest) -> HttpResponse:
    """Signs out one other session, or all others."""
    here = request.session.session_key
    others = {row.pk for row in queries.sessions_of(caller(request)) if row.session_key != here}
    chosen = request.POST.get("session", "")
    ended = others if chosen == "others" else {pk for pk in others if str(pk) == chosen}
    return done(
        request,
        "accounts:settings_security",
        lambda: services.end_sessions(member=caller(request), sessions=ended),
        _("Signed out there."),
    )


@login_required
@never_cache
@reauthentication_required(allow_get=True)  # type: ignore[untyped-decorator]
def tokens(request: HttpRequest) -> HttpResponse:
    """Lists the member's keys; a new one is shown on the next page, this once."""
    form = TokenForm(request.POST or None)
    if form.is_valid():
        with told_in(form):
            _token, secret = services.create_token(owner=caller(request), **form.values())
            return _shown_next(redirect("accounts:settings_tokens"), caller(request), secret)
    secret = _made_now(request)
    context = {"form": form, "secret": secret, "tokens": queries.tokens_of(caller(request))}
    response = render(request, "accounts/settings_tokens.html", context)
    if secret:
        response.delete_cookie(MADE_NOW, path=reverse("accounts:settings_tokens"))
    return response


@login_required
@require_POST
def revoke_token(request: HttpRequest, pk: int) -> HttpResponse:
    token = get_object_or_404(queries.tokens_of(caller(request)), pk=pk)
    return done(
        request,
        "accounts:settings_tokens",
        lambda: services.revoke_token(token=token, by=caller(request)),
        _("%(name)s no longer works.") % {"name": token.name},
    )


def _shown_next(response: HttpResponse, owner: User, secret: str) -> HttpResponse:
    """Gives the browser the secret to bring to the page of the tokens, within a minute."""
    response.set_signed_cookie(
        MADE_NOW,
        secret,
        salt=_salt(owner),
        max_age=MINUTE,
        path=reverse("accounts:settings_tokens"),
        secure=settings.SECURE,
        httponly=True,
        samesite="Strict",
    )
    return response


def _made_now(request: HttpRequest) -> str:
    """What `_shown_next` gave to this member; empty when it is over or not theirs."""
    salt = _salt(caller(request))
    return request.get_signed_cookie(MADE_NOW, default="", salt=salt, max_age=MINUTE) or ""


def _salt(owner: User) -> str:
    return f"{MADE_NOW}:{owner.pk}"
