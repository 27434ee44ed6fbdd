"""The boards of what platforms say: the score, solved problems, and the rating on each platform."""

from __future__ import annotations

from functools import partial

from django.utils.translation import gettext_lazy as _

from codetrack.platforms.registry import all_platforms
from codetrack.ratings import adapters
from codetrack.ratings.queries import SCORE, SOLVED, rating_of
from codetrack.standings.kinds import Kind, Tier, register

register(
    Kind(key=SCORE, label=_("Score"), unit=_("Score"), order=10, explained="ratings:score"),
    Kind(key=SOLVED, label=_("Solved"), unit=_("Problems solved"), order=20),
    *(
        Kind(
            key=rating_of(platform.key),
            label=platform.name,
            unit=_("Rating"),
            order=30 + place,
            tiers=[Tier(tier.floor, tier.level, tier.name) for tier in platform.tiers],
            offered=partial(adapters.is_enabled, platform.key),
        )
        for place, platform in enumerate(all_platforms().values())
    ),
)
