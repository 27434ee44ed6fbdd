"""Long lists in the API: `limit` and an opaque `cursor`; the answer names the next one."""

from __future__ import annotations

from typing import Annotated

from django.db.models import Model, QuerySet
from ninja import Field, Query, Schema

from codetrack.core import paging

MOST = 100


class Page[T](Schema):
    """Some items; `next` is the cursor of the following ones, or null at the end."""

    items: list[T]
    next: str | None


class Window(Schema):
    """Which part of a list is asked for."""

    cursor: str = Field("", max_length=500, description="`next` of the page before.")
    limit: int = Field(paging.SIZE, ge=1, le=MOST)


Asked = Annotated[Window, Query()]


def page[M: Model](rows: QuerySet[M], window: Window, *, by: tuple[str, ...]) -> paging.Slice[M]:
    """The part of `rows` that was asked for, in the order `by` (see `core.paging.cut`)."""
    return paging.cut(rows, by=by, cursor=window.cursor, size=window.limit)
