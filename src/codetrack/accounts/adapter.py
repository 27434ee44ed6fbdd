"""Where allauth asks us: who may sign up, how names are spelt, what a confirmed address brings."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.stages import EmailVerificationStage
from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from codetrack.accounts import invitations, permissions, services
from codetrack.accounts.models import Membership, User

if TYPE_CHECKING:
    from allauth.account.models import EmailAddress
    from django.http import HttpRequest, HttpResponse

# The same for a wrong password and for an unknown name: nobody can find out who is a member.
DO_NOT_FIT = _("These two do not fit together. Check both, or choose a new password.")
SAID_BY_THE_PAGE = "account/messages/email_confirmation_sent.txt"


class AddressStage(EmailVerificationStage):  # type: ignore[misc]
    """Asks for a confirmed address, except where no mail can come.

    While no mail server is set, whoever joined by an invitation link is let in all the same. Their
    address stays unconfirmed: once there is a server, the next sign-in asks for it.
    """

    def handle(self) -> tuple[HttpResponse | None, bool]:
        if not settings.MAIL_URL and _joined_by_link(self.login.user):
            return None, True
        response: tuple[HttpResponse | None, bool] = super().handle()
        return response


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc]
    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "username_taken": User._meta.get_field("username").error_messages["unique"],
        "email_password_mismatch": DO_NOT_FIT,
        "username_password_mismatch": DO_NOT_FIT,
        "too_many_login_attempts": _("Too many tries. Wait a few minutes, then try once more."),
        "incorrect_password": _("That is not your password. Try once more."),
        "enter_current_password": _("That is not your password. Try once more."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        return permissions.may_sign_up(invited=bool(invitations.kept(request)))

    def is_email_verified(self, request: HttpRequest, email: str) -> bool:
        """Who came by the link in an invitation mail has read the mail of this address."""
        return invitations.proves(request, email)

    def clean_email(self, email: str) -> str:
        return User.objects.normalize_email(email)

    def clean_username(self, username: str, shallow: bool = False) -> str:
        cleaned: str = super().clean_username(username.lower(), shallow)
        return cleaned

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Every link leads here: allauth makes them from the Host of whoever sent the request."""
        links = {name: _at_home(url) for name, url in context.items() if name.endswith("_url")}
        super().send_mail(template_prefix, email, {**context, **links})

    def _get_login_attempts_cache_key(self, request: HttpRequest, **credentials: Any) -> str:
        """Guesses are counted by account, not by account and Host: nobody begins a new count."""
        login: str = credentials.get("email") or credentials.get("username", "")
        return login.lower()

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whoever gave the password to sign in a moment ago is not asked for it again."""
        given = get_authentication_records(self.request, self.request.user)
        since = time.time() - app_settings.REAUTHENTICATION_TIMEOUT
        if any(one["method"] == "password" and one["at"] > since for one in given):
            return False
        required: bool = super().is_reauthentication_required(app=app, **kwargs)
        return required

    def add_message(
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        *args: Any,
        **kwargs: Any,
    ) -> None:
        """What the page itself says already, and may say better, is not said again."""
        if message_template != SAID_BY_THE_PAGE:
            super().add_message(request, level, message_template, *args, **kwargs)

    def get_login_stages(self) -> list[str]:
        ours = f"{AddressStage.__module__}.{AddressStage.__qualname__}"
        theirs = f"{EmailVerificationStage.__module__}.{EmailVerificationStage.__qualname__}"
        return [ours if path == theirs else path for path in super().get_login_stages()]

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """The address counts and its membership begins in one transaction."""
        with transaction.atomic():
            confirmed: bool = super().confirm_email(request, email_address)
            if confirmed:
                member = User.objects.get(pk=email_address.user_id)
                services.confirm_address(
                    member=member,
                    email=email_address.email,
                    on_boards=request.POST.get("on_boards", ""),
                )
        return confirmed

    def get_email_verification_redirect_url(self, email_address: EmailAddress) -> str:
        """Where an address is changed; a new member goes to the start, signing in if need be."""
        if self.request.user.is_authenticated:
            return reverse("accounts:settings_security")
        start: str = super().get_email_verification_redirect_url(email_address)
        return start

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        return reverse("accounts:settings_security")


def _at_home(url: str) -> str:
    """The same page under the address of this site."""
    path: str = urlsplit(url)._replace(scheme="", netloc="").geturl()
    return settings.CODETRACK_URL + path


def _joined_by_link(member: User | None) -> bool:
    current = member.current_membership() if member else None
    return current is not None and current.way in {Membership.Way.LINK, Membership.Way.MAIL}
