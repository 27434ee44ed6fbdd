"""How long the database may work on one statement: pages have a limit, jobs and commands none.

A connection is given the limit when it is made, and threads that serve pages do nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_seconds: ContextVar[float] = ContextVar("seconds", default=0)


@contextmanager
def limited(seconds: float) -> Iterator[None]:
    """Connections made in here drop a statement after so many seconds; 0 is without a limit."""
    token = _seconds.set(seconds)
    try:
        yield
    finally:
        _seconds.reset(token)


def options() -> str:
    """What PostgreSQL is told when a connection is made; nothing where there is no limit.

    By half of the time it is known that another holds the row. Whoever stops amid a transaction
    has three times as long until what they hold is let go.
    """
    whole = int(1_000 * _seconds.get())
    if not whole:
        return ""
    limits = {
        "statement_timeout": whole,
        "lock_timeout": whole // 2,
        "idle_in_transaction_session_timeout": 3 * whole,
    }
    return " ".join(f"-c {name}={milliseconds}" for name, milliseconds in limits.items())
