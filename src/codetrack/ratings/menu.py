"""Where handles are found in the navigation, and what the foot of a page says of platforms."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from codetrack.ratings import adapters, queries
from codetrack.web import menu, sources


def platforms() -> list[sources.Source]:
    """How those answer that are switched on and on which somebody has a handle."""
    names = {one.key: one.name for one in adapters.enabled()}
    return [
        sources.Source(names[one.platform], one.read_at, one.fails)
        for one in queries.health()
        if one.platform in names
    ]


sources.register(platforms)
menu.register(
    menu.Item(place=menu.SETTINGS, label=_("Handles"), url="ratings:handles", icon="link", order=20)
)
