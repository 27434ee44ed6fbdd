"""Where the feed is found."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from codetrack.web import menu

menu.register(
    menu.Item(
        place=menu.NAV, label=_("Feed"), url="standings:feed", icon="list", order=20, keys="g f"
    ),
)
