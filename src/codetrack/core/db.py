"""The base QuerySet of the house (relations are fetched for all peers), and what a database that
cannot write at present means for people."""

from __future__ import annotations

import sqlite3
from typing import Any, Self

from django.db import OperationalError, models
from django.utils.translation import gettext

from codetrack.core.errors import Unavailable


class HouseQuerySet[M: models.Model](models.QuerySet[M]):
    """On FETCH_PEERS: a relation touched on one row is loaded for every row of the set."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._fetch_mode = models.FETCH_PEERS

    def raising(self) -> Self:
        """The same rows; a relation that was not loaded on purpose raises (for tests of lists)."""
        return self.fetch_mode(models.FETCH_RAISE)


def outage(error: BaseException | None) -> Unavailable | None:
    """What people are told when `error` is a database that cannot write at present; else None."""
    if not isinstance(error, OperationalError):
        return None
    cause = error.__cause__
    code = getattr(cause, "sqlstate", None) or getattr(cause, "sqlite_errorcode", 0) & 0xFF
    match code:  # a number of SQLite, a text of PostgreSQL
        case sqlite3.SQLITE_FULL | "53100":
            text = gettext(
                "The disk is full; what you sent was not saved. Once the admin of this server has "
                "made room, send it again."
            )
            return Unavailable(text, retry_after=300, code="disk_full")
        case sqlite3.SQLITE_IOERR:
            text = gettext("The disk cannot be written; what you sent was not saved.")
            return Unavailable(text, retry_after=300, code="disk_broken")
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED | "55P03":
            text = gettext(
                "Too much was written at once; what you sent was not saved. Send it again."
            )
            return Unavailable(text, retry_after=5, code="busy")
    return None
