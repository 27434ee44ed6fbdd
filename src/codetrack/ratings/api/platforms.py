"""The platforms that CodeTrack knows, for programs."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpRequest
from ninja import Router, Schema

from codetrack.platforms.registry import all_platforms
from codetrack.ratings import adapters, queries

platforms = Router(tags=["ratings"])


class WayOut(Schema):
    """A way to prove a handle; `key` is the `method` of a proof."""

    key: str
    title: str
    where: str


class TierOut(Schema):
    """A band of ratings from `floor` up; `level`, 1 to 10, picks its colour."""

    level: int
    name: str
    floor: int


class PlatformOut(Schema):
    """A platform as this club has set it.

    `answered_at` is when it last gave a profile, null for never; `fails` says that it has not
    answered as it should since.
    """

    key: str
    name: str
    url: str
    enabled: bool
    handle_rule: str
    proofs: list[WayOut]
    tiers: list[TierOut]
    answered_at: datetime | None
    fails: bool


@platforms.get("", response=list[PlatformOut], summary="Platforms, and how they answer")
def list_platforms(request: HttpRequest) -> list[PlatformOut]:
    health = {one.platform: one for one in queries.health()}
    return [_shown(one, health.get(key)) for key, one in all_platforms().items()]


def _shown(one: adapters.Adapter, health: queries.Health | None) -> PlatformOut:
    enabled = adapters.is_enabled(one.key)
    ways = adapters.ways(one) if enabled else []
    return PlatformOut(
        key=one.key,
        name=one.name,
        url=one.home_url,
        enabled=enabled,
        handle_rule=one.handle_rule,
        proofs=[WayOut(key=way.key, title=way.title, where=way.where) for way in ways],
        tiers=[TierOut(level=tier.level, name=tier.name, floor=tier.floor) for tier in one.tiers],
        answered_at=health.read_at if health else None,
        fails=health.fails if health else False,
    )
