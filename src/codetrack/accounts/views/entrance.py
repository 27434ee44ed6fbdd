"""The way in: the first admin, invitations, sign-up, the mail link."""

from __future__ import annotations

from typing import Any

from allauth.account import views as allauth_views
from allauth.account.internal.flows import email_verification
from allauth.account.internal.flows.login import perform_login
from allauth.account.models import EmailAddress, Login
from allauth.account.stages import EmailVerificationStage, LoginStageController
from allauth.account.utils import has_verified_email
from django.conf import settings
from django.contrib import messages
from django.db import IntegrityError, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST
from django_htmx.http import HttpResponseClientRedirect

from codetrack.accounts import invitations, people, permissions, queries, services
from codetrack.accounts.forms import ResendForm, SetupForm
from codetrack.accounts.models import Institute, Membership, User
from codetrack.accounts.privacy_forms import JoinForm
from codetrack.accounts.views.answers import entered, told_in
from codetrack.core import limits
from codetrack.core.errors import Conflict


@never_cache
@sensitive_post_parameters("password", "token")
def setup(request: HttpRequest) -> HttpResponse:
    """Makes the first admin and the first institute."""
    if request.user.is_authenticated:
        return redirect(settings.LOGIN_REDIRECT_URL)
    if queries.is_founded():
        raise Conflict(_("This club has an admin already. Sign in, or ask them for an invitation."))
    token = request.POST.get("token") or request.GET.get("token", "")
    if not queries.is_setup_link(token):
        return render(request, "accounts/setup_link.html", status=403)
    form = SetupForm(request.POST or None, initial={"token": token})
    if form.is_valid():
        with told_in(form):
            founder = _found(form.cleaned_data)
        if form.is_valid():
            return _sign_in(request, founder)
    return render(request, "accounts/setup.html", {"form": form})


@never_cache
def join(request: HttpRequest, invitation: str) -> HttpResponse:
    """The page behind an institute's invitation link."""
    institute = queries.institute_of_invitation(invitation)
    if institute is None:
        raise Http404(_("This invitation link is no longer valid. Ask for a new one."))
    member = request.user
    if not member.is_authenticated:
        invitations.keep(request, invitation)
        open_to_new = permissions.may_sign_up(invited=True)
        context = {"institute": institute, "open_to_new": open_to_new}
        return render(request, "accounts/join.html", context)
    current = member.current_membership()
    if request.method == "POST":
        on_boards = request.POST.get("on_boards", "")
        entry = services.join_by_link(member=member, invitation=invitation, on_boards=on_boards)
        return entered(request, entry)
    if current and current.institute_id == institute.pk:
        return redirect(institute)
    asks = queries.was_refused(member, institute)
    form = JoinForm(institute, member)
    context = {"institute": institute, "current": current, "asks": asks, "form": form}
    return render(request, "accounts/join.html", context)


class SignupView(allauth_views.SignupView):  # type: ignore[misc]
    """Account, invitation and mail in one transaction; sent twice, it makes one account."""

    def form_valid(self, form: Any) -> HttpResponse:
        try:
            with transaction.atomic():
                response: HttpResponse = super().form_valid(form)
        except IntegrityError:
            # Somebody, most likely the same person, was faster by a moment: ask the form again.
            form = self.get_form_class()(**self.get_form_kwargs())
            return self.form_valid(form) if form.is_valid() else self.form_invalid(form)
        invitations.forget(self.request)
        member = self.request.user
        if member.is_authenticated and (current := member.current_membership()):
            messages.success(self.request, _("Welcome to %(name)s.") % {"name": current.institute})
        return response

    def get_initial(self) -> dict[str, Any]:
        by_mail = invitations.personal(self.request)
        initial: dict[str, Any] = super().get_initial()
        return {**initial, "email": by_mail.email} if by_mail else initial

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        institute = queries.institute_of_invitation(invitations.kept(self.request))
        own = {"institute": institute, "by_mail": invitations.personal(self.request)}
        return {**super().get_context_data(**kwargs), **own}


class CheckMailView(allauth_views.EmailVerificationSentView):  # type: ignore[misc]
    """Says where the mail went; goes on by itself once its link was opened, here or elsewhere."""

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        login = _pending_login(self.request)
        address = (login.email or getattr(login.user, "email", "")) if login else ""
        own = {"address": address, "resend_form": ResendForm(initial={"email": address})}
        return {**super().get_context_data(**kwargs), **own}


class ConfirmEmailView(allauth_views.ConfirmEmailView):  # type: ignore[misc]
    """The page behind a mail link; a used or expired one says so and offers a new one."""

    def post(self, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            response: HttpResponse = super().post(*args, **kwargs)
        except Http404:
            return redirect(self.request.path)
        return response

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        address = queries.address_of_link(self.kwargs["key"])
        joins = _joined_by_confirming(address) if address else None
        own = {
            "joins": joins,
            "join_form": JoinForm(joins, address.user) if address and joins else None,
            "already_confirmed": bool(address and address.verified),
            "is_change": bool(address and has_verified_email(address.user)),
            "resend_form": ResendForm(),
        }
        return {**super().get_context_data(**kwargs), **own}


@never_cache
def resend(request: HttpRequest) -> HttpResponse:
    """Sends a new mail link. Known or not, the answer is the same, and so is the work."""
    form = ResendForm(request.POST or None)
    if not form.is_valid():
        return render(request, "accounts/resend.html", {"form": form})
    limits.take("resend", _visitor(request), times=20, per=600)
    email = form.cleaned_data["email"]
    address = queries.unconfirmed_address(email) or EmailAddress(user=None, email=email)
    email_verification.send_verification_email_to_address(
        request, address, skip_enumeration_mails=True
    )
    if settings.MAIL_URL:
        text = _("If %(email)s waits to be confirmed, a link is on its way. Allow a minute or two.")
    else:
        text = _("If %(email)s waits to be confirmed, the admin finds a link for it in the outbox.")
    messages.info(request, text % {"email": email})
    return redirect("account_email_verification_sent")


# Exempt, because the token of the waiting page is stale once its link was opened in another tab of
# the same browser; a forged request could only finish what its victim began.
@csrf_exempt
@require_POST
def go_on(request: HttpRequest) -> HttpResponse:
    """Finishes signing in once the address is confirmed; asked every few seconds by the page."""
    stage = LoginStageController.enter(request, EmailVerificationStage.key)
    asked_by_page = "HX-Request" in request.headers
    if request.user.is_authenticated:
        response: HttpResponse = redirect(settings.LOGIN_REDIRECT_URL)
    elif stage and has_verified_email(stage.login.user, stage.login.email):
        response = stage.exit()
    elif asked_by_page:
        return HttpResponse(status=204)
    else:
        text = _("The address is not confirmed yet. Open the link in the mail first.")
        messages.info(request, text)
        return redirect("account_email_verification_sent")
    return HttpResponseClientRedirect(response["Location"]) if asked_by_page else response


def _joined_by_confirming(address: EmailAddress) -> Institute | None:
    """Where this address brings somebody who was not told so yet."""
    member = address.user
    waiting = member.memberships.filter(state=Membership.State.INVITED)
    if address.verified or member.current_membership() or waiting.exists():
        return None
    for invitation in people.invitations_for(member)[:1]:
        return invitation.institute
    institute = queries.institute_of_address(address.email)
    return None if institute and queries.was_refused(member, institute) else institute


def _found(club: dict[str, Any]) -> User:
    """The founder stands on the boards as they chose from the beginning."""
    on_boards = club.pop("on_boards")
    with transaction.atomic():
        founder = services.found_club(**club)
        services.change_privacy(member=founder, on_boards=on_boards)
    return founder


def _sign_in(request: HttpRequest, founder: User) -> HttpResponse:
    """Opens the new club to its founder, on the page of the first institute."""
    current = founder.current_membership()
    page = current.institute.get_absolute_url() if current else None
    response: HttpResponse = perform_login(request, Login(user=founder, redirect_url=page))
    return response


def _pending_login(request: HttpRequest) -> Login | None:
    stage = LoginStageController.enter(request, EmailVerificationStage.key)
    return stage.login if stage else None


def _visitor(request: HttpRequest) -> str:
    from allauth.account.adapter import get_adapter

    return str(get_adapter().get_client_ip(request))
