"""What accounts adds to the navigation."""

from __future__ import annotations

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from codetrack.accounts import permissions
from codetrack.accounts.models import User
from codetrack.web import banners, menu


def own_institute(user: menu.Visitor) -> str:
    """The page of the member's institute, or the one for finding it."""
    current = user.membership if isinstance(user, User) else None
    return current.institute.get_absolute_url() if current else reverse("accounts:institutes")


def may_read_outbox(user: menu.Visitor) -> bool:
    return isinstance(user, User) and permissions.may_read_outbox(user)


def mail_is_kept_from(user: menu.Visitor) -> bool:
    """Whether this is the site admin of a club that cannot send mail."""
    return not settings.MAIL_URL and may_read_outbox(user)


banners.register(
    banners.Banner(
        text=_("No mail server is set, so mails do not leave. They are kept for you to pass on."),
        url="accounts:outbox",
        action=_("Open the outbox"),
        visible=mail_is_kept_from,
    )
)
menu.register(
    menu.Item(
        place=menu.NAV,
        label=_("Institute"),
        url=own_institute,
        within=("/institutes/",),
        icon="people",
        order=30,
        keys="g i",
    ),
    menu.Item(
        place=menu.SETTINGS,
        label=_("Profile"),
        url="accounts:settings_profile",
        icon="user",
        order=10,
    ),
    menu.Item(
        place=menu.SETTINGS,
        label=_("Privacy"),
        url="accounts:settings_privacy",
        icon="eye",
        order=15,
    ),
    menu.Item(
        place=menu.SETTINGS,
        label=_("Security"),
        url="accounts:settings_security",
        within=("/settings/security/", "/accounts/"),
        icon="lock",
        order=40,
    ),
    menu.Item(
        place=menu.SETTINGS,
        label=_("API tokens"),
        url="accounts:settings_tokens",
        icon="key",
        order=50,
    ),
    menu.Item(
        place=menu.USER,
        label=_("Following"),
        url="accounts:following",
        within=("/following/", "/followers/"),
        icon="people",
        order=20,
    ),
    menu.Item(
        place=menu.USER,
        label=_("Settings"),
        url="accounts:settings_profile",
        within=("/settings/", "/accounts/"),
        icon="user",
        order=60,
    ),
    menu.Item(
        place=menu.USER,
        label=_("Outbox"),
        url="accounts:outbox",
        icon="mail",
        order=80,
        visible=may_read_outbox,
    ),
)
