"""The base QuerySet of the house: related rows are fetched for all peers at once."""

from __future__ import annotations

from typing import Any, Self

from django.db import models


class HouseQuerySet[M: models.Model](models.QuerySet[M]):
    """On FETCH_PEERS: a relation touched on one row is loaded for every row of the set."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._fetch_mode = models.FETCH_PEERS

    def raising(self) -> Self:
        """The same rows; a relation that was not loaded on purpose raises (for tests of lists)."""
        return self.fetch_mode(models.FETCH_RAISE)
