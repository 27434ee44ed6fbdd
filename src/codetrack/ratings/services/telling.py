"""Says of accounts that their numbers differ, where no other event does."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import batched

from codetrack.core import events
from codetrack.ratings.events import NumbersChanged
from codetrack.ratings.models import Handle
from codetrack.ratings.services.audience import Audience

TOGETHER = 1_000


def tell_numbers(handles: Iterable[Handle]) -> None:
    """In the caller's transaction; two statements a thousand."""
    for some in batched(handles, TOGETHER):
        audience = Audience(some)
        events.record_all((_changed(handle), handle, audience.of(handle)) for handle in some)


def _changed(handle: Handle) -> NumbersChanged:
    return NumbersChanged(handle_id=handle.pk, platform=handle.platform)
