"""Writing many rows that exist in one statement."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import models


def save_all[M: models.Model](rows: Sequence[M], fields: Sequence[str]) -> None:
    """Write `fields` of rows that are there and locked.

    An upsert on the primary key: `bulk_update` builds a CASE for each field and row, which takes
    twenty times as long for a thousand rows.
    """
    if rows:
        type(rows[0])._base_manager.bulk_create(
            rows, update_conflicts=True, unique_fields=["pk"], update_fields=fields
        )
