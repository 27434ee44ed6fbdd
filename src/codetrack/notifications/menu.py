"""The bell in the header, and where the inbox and its settings are found."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _

from codetrack.accounts.caller import caller
from codetrack.notifications import queries
from codetrack.web import menu, tools

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.utils.safestring import SafeString


def bell(request: HttpRequest) -> SafeString:
    member = caller(request)
    context = {"unread": queries.unread_count(member), "user": member, "path": request.path}
    return render_to_string("notifications/bell.html", context)


tools.register(bell)
menu.register(
    menu.Item(
        place=menu.USER,
        label=_("Inbox"),
        url="notifications:inbox",
        icon="bell",
        order=20,
        keys="g n",
    ),
    menu.Item(
        place=menu.SETTINGS,
        label=_("Notifications"),
        url="notifications:settings",
        icon="bell",
        order=30,
    ),
)
