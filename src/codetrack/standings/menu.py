"""Where the leaderboard and the feed are found."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from codetrack.web import menu

menu.register(
    menu.Item(
        place=menu.NAV,
        label=_("Leaderboard"),
        url="standings:leaderboard",
        icon="ranks",
        order=15,
        keys="g l",
    ),
    menu.Item(
        place=menu.NAV, label=_("Feed"), url="standings:feed", icon="list", order=20, keys="g f"
    ),
)
