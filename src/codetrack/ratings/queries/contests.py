"""The contests of all platforms: to come, under way and past."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from django.db.models import DateTimeField, DurationField, ExpressionWrapper, F, QuerySet, Value
from django.db.models.functions import Coalesce

from codetrack.ratings.models import Contest

ENDS = ExpressionWrapper(
    F("starts_at") + Coalesce("duration", Value(timedelta(0)), output_field=DurationField()),
    output_field=DateTimeField(),
)


def contests(at: datetime, *, platform: str = "", phase: str = "") -> QuerySet[Any]:
    """Those with a time, each with `ends_at`. `phase` is before, running or finished at `at`:
    the stored one is as old as the last reading.
    """
    rows = Contest.objects.filter(starts_at__isnull=False).annotate(ends_at=ENDS)
    if platform:
        rows = rows.filter(platform=platform)
    if phase == "before":
        return rows.filter(starts_at__gt=at)
    if phase == "running":
        return rows.filter(starts_at__lte=at, ends_at__gt=at)
    return rows.filter(ends_at__lte=at) if phase == "finished" else rows
