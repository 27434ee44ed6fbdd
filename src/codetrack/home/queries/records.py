"""Rated contests with the accounts that played them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from codetrack.home.queries.member import Played
from codetrack.ratings.models import RatingChange
from codetrack.ratings.queries import Reading


def played_of(readings: Sequence[Reading], changes: Iterable[RatingChange]) -> list[Played]:
    """In the order of the changes, each of which is of one of these accounts."""
    by_handle = {one.handle.pk: one for one in readings}
    return [Played(by_handle[change.handle_id], change) for change in changes]
