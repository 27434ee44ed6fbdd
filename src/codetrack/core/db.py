"""The base QuerySet of the house (relations are fetched for all peers), and what a database that
cannot write, or not answer in time, means for people."""

from __future__ import annotations

import sqlite3
import traceback
from typing import Any, Self

from django.db import DatabaseError, models
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
    """What people are told when `error` is a database that cannot serve at present; else None."""
    if not isinstance(error, DatabaseError):
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
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED | "55P03" | "40P01":
            text = gettext(
                "Too much was written at once. If you sent something, it was not saved: send it "
                "again."
            )
            return Unavailable(text, retry_after=5, code="busy")
        case "57014" | "25P03":  # a statement, or what lies between two of a transaction
            text = gettext(
                "This took too long and was stopped. If you sent something, it was not saved. Try "
                "again in a minute; should it happen again, tell the admin of this server."
            )
            return Unavailable(text, retry_after=60, code="too_slow")
    return None


def origin(error: BaseException) -> str:
    """Where in our own code it was that `error` came up, such as "home.queries.news:92 news"."""
    ours = ""
    for frame, line in traceback.walk_tb(error.__traceback__):
        package, _, module = str(frame.f_globals.get("__name__")).partition(".")
        if package == "codetrack":
            ours = f"{module}:{line} {frame.f_code.co_name}"
    return ours
