"""SQLite, where whoever wrote for long lets the others have a turn.

One may write at a time, and whoever waits asks again after 100 ms at the most. Long transactions
that follow one another leave no such moment between them: a click beside a job of many would wait
until it failed.
"""

from __future__ import annotations

import time

from django.db.backends.sqlite3 import base

LONG_SECONDS = 0.25
TURN_SECONDS = 0.11


class DatabaseWrapper(base.DatabaseWrapper):
    _began = 0.0

    def _start_transaction_under_autocommit(self) -> None:
        super()._start_transaction_under_autocommit()  # type: ignore[misc]  # not in the stubs
        self._began = time.monotonic()

    def _commit(self) -> None:
        super()._commit()  # type: ignore[misc]
        if time.monotonic() - self._began > LONG_SECONDS:
            time.sleep(TURN_SECONDS)
