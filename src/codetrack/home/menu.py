"""Where a member finds the dashboard and their own page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from codetrack.web import menu

if TYPE_CHECKING:
    from codetrack.web.menu import Visitor


def own_page(user: Visitor) -> str:
    return reverse("home:member", args=[user.get_username()])


menu.register(
    menu.Item(
        place=menu.NAV,
        label=_("Dashboard"),
        url="home:dashboard",
        within=("/dashboard/", "/welcome/"),
        icon="gauge",
        order=5,
        keys="g d",
    ),
    menu.Item(place=menu.NAV, label=_("My page"), url=own_page, icon="chart", order=10, keys="g p"),
    menu.Item(place=menu.USER, label=_("My page"), url=own_page, icon="chart", order=10),
)
