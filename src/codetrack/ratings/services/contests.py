"""The list of a platform's contests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import transaction

from codetrack.platforms.base import Contest as Read
from codetrack.platforms.registry import all_platforms
from codetrack.ratings.models import Contest

TIMES = ["starts_at", "duration", "phase"]
FIELDS = ["name", "url", *TIMES]


def apply_contests(*, platform: str, read: Sequence[Read]) -> None:
    """Write the contests that are new or were changed, as the platform lists them.

    A contest that is not in the list any more is kept: members may have taken part in it. One
    that is a division of a listed one and is not listed itself has the time of that one.
    """
    with transaction.atomic():
        stored = {row.key: row for row in Contest.objects.filter(platform=platform)}
        told = {one.key: _row(platform, one) for one in read}
        rows = [row for row in told.values() if _differs(row, stored.get(row.key))]
        rows += _divisions(platform, stored, told)
        Contest.objects.bulk_create(
            sorted(rows, key=lambda row: row.key),
            update_conflicts=True,
            unique_fields=["platform", "key"],
            update_fields=FIELDS,
        )


def _divisions(
    platform: str, stored: Mapping[str, Contest], told: Mapping[str, Contest]
) -> list[Contest]:
    """Those without a time, told by nobody, whose whole contest has one."""
    adapter, known = all_platforms()[platform], {**stored, **told}
    found = []
    for row in stored.values():
        whole = known.get(adapter.whole_contest(row.key))
        if row.starts_at is None and row.key not in told and whole and whole.starts_at:
            times = {name: getattr(whole, name) for name in TIMES}
            found.append(
                Contest(platform=platform, key=row.key, name=row.name, url=row.url, **times)
            )
    return found


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
