"""The settings of a member: profile, security, API tokens."""

from __future__ import annotations

from copy import copy

from allauth.account.decorators import reauthentication_required
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from codetrack.accounts import devices, queries, services
from codetrack.accounts.caller import caller
from codetrack.accounts.forms import ProfileForm, TokenForm
from codetrack.accounts.views.answers import done, told_in

#: Where the session carries the secret of a new token to the page that shows it.
MADE_NOW = "made_now"


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
            request.session[MADE_NOW] = secret
            return redirect("accounts:settings_tokens")
    context = {
        "form": form,
        "secret": request.session.pop(MADE_NOW, ""),
        "tokens": queries.tokens_of(caller(request)),
    }
    return render(request, "accounts/settings_tokens.html", context)


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
