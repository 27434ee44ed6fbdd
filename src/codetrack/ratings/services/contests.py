"""The list of a platform's contests."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from codetrack.platforms.base import Contest as Read
from codetrack.ratings.models import Contest

FIELDS = ["name", "url", "starts_at", "duration", "phase"]


def apply_contests(*, platform: str, read: Sequence[Read]) -> None:
    """Write the contests that are new or were changed, as the platform lists them.

    A contest that is not in the list any more is kept: members may have taken part in it.
    """
    with transaction.atomic():
        stored = {row.key: row for row in Contest.objects.filter(platform=platform)}
        rows = [row for told in read if _differs(row := _row(platform, told), stored.get(told.key))]
        Contest.objects.bulk_create(
            sorted(rows, key=lambda row: row.key),
            update_conflicts=True,
            unique_fields=["platform", "key"],
            update_fields=FIELDS,
        )


def _row(platform: str, told: Read) -> Contest:
    return Contest(
        platform=platform,
        key=told.key,
        name=told.name,
        url=told.url,
        starts_at=told.starts_at,
        duration=told.duration,
        phase=told.phase,
    )


def _differs(row: Contest, stored: Contest | None) -> bool:
    return stored is None or any(getattr(row, name) != getattr(stored, name) for name in FIELDS)
