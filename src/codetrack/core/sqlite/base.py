"""SQLite, where threads write in turn, and jobs that wrote for long let other processes write."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db.backends.sqlite3 import base

from codetrack.core.sqlite.turns import Turns
from codetrack.core.sqlite.waiting import Waiting

WRITES = re.compile(r"\s*(INSERT|UPDATE|DELETE|REPLACE)\b", re.IGNORECASE)


class TurnsOfAll(dict[str, Turns]):
    """By the path of a database."""

    def __missing__(self, path: str) -> Turns:
        return self.setdefault(path, Turns(Waiting(path)))


_turns = TurnsOfAll()


class Cursor(base.SQLiteCursorWrapper):
    """What is written without a transaction is one of its own, in its turn."""

    def __init__(self, connection: sqlite3.Connection, db: DatabaseWrapper) -> None:
        super().__init__(connection)
        self.db = db

    def execute(self, query: Any, params: Any = None) -> Any:
        if self.connection.in_transaction or not WRITES.match(query):
            return super().execute(query, params)
        with self.db.turn():
            return super().execute(query, params)


class DatabaseWrapper(base.DatabaseWrapper):
    _turn: Turns | None = None

    def create_cursor(self, name: str | None = None) -> Cursor:
        cursor: Cursor = self.connection.cursor(factory=lambda connection: Cursor(connection, self))
        return cursor

    @contextmanager
    def turn(self) -> Iterator[None]:
        """A turn for one statement."""
        waiting = self._take_turn()
        try:
            with waiting.told():
                yield
        finally:
            self._end_turn()

    def _start_transaction_under_autocommit(self) -> None:
        waiting = self._take_turn()
        try:
            with waiting.told():
                super()._start_transaction_under_autocommit()  # type: ignore[misc]  # not in the stubs
        except BaseException:
            self._end_turn()
            raise

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]
        self._end_turn()

    def _rollback(self) -> None:
        try:
            super()._rollback()  # type: ignore[misc]
        finally:
            self._end_turn()

    def _close(self) -> None:
        try:
            super()._close()  # type: ignore[misc]
        finally:
            self._end_turn()

    def _take_turn(self) -> Waiting:
        """Returns how other processes are told while this one waits for theirs to end."""
        turns = _turns[str(self.settings_dict["NAME"])]
        # Who does not get it is told by SQLite what it says to all who waited for too long.
        if turns.take(self.settings_dict["OPTIONS"]["timeout"] / 2):
            self._turn = turns
        return turns.waiting

    def _end_turn(self) -> None:
        if self._turn is not None:
            turn, self._turn = self._turn, None
            turn.give()
