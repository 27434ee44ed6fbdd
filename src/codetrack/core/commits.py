"""How a thread hears, soon, that some process has committed something to the database."""

from __future__ import annotations

import threading
from collections.abc import Callable

from django.db import DEFAULT_DB_ALIAS, connection, connections

type Ring = Callable[[], object]

PATIENCE_SECONDS = 0.5


def follow(
    stopping: threading.Event, ring: Ring, *, channel: str, every: float, doubt: bool = False
) -> None:
    """Call `ring` at first, and after each commit that may matter, until `stopping`.

    PostgreSQL tells by `NOTIFY channel`; who is in `doubt` whether all that is said arrives looks
    after half a second of silence, too. SQLite tells nobody, but counts its commits: reading that
    costs 20 µs, and is done each `every` seconds. Raises `django.db.Error` when the connection
    breaks; the caller closes it.
    """
    if connection.vendor == "postgresql":
        _hear_postgresql(stopping, ring, channel, doubt)
    else:
        _watch_sqlite(stopping, ring, every)


def tell(channel: str) -> None:
    """Have those who follow `channel` hear of the transaction that is open now, once it is over."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_notify(%s, '')", [channel])


def _hear_postgresql(stopping: threading.Event, ring: Ring, channel: str, doubt: bool) -> None:
    ear = connections.create_connection(DEFAULT_DB_ALIAS)
    try:
        with ear.cursor() as cursor:
            cursor.execute(f"LISTEN {channel}")
        ring()  # for what was said before we listened
        while not stopping.is_set():
            with ear.wrap_database_errors:
                heard = list(ear.connection.notifies(timeout=PATIENCE_SECONDS, stop_after=1))
            if heard or doubt:
                ring()
    finally:
        ear.close()


def _watch_sqlite(stopping: threading.Event, ring: Ring, every: float) -> None:
    seen = None
    with connection.cursor() as cursor:
        while not stopping.is_set():
            version = cursor.execute("PRAGMA data_version").fetchone()
            if version != seen:
                ring()
            seen = version
            stopping.wait(every)
