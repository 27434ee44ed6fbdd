"""The housekeeping of accounts."""

from __future__ import annotations

from django.contrib.sessions.backends.db import SessionStore

from codetrack.core import jobs


@jobs.every(hours=24)
@jobs.task()
def clear_sessions() -> None:
    """Delete sessions that are over; nobody is signed in by them."""
    SessionStore.clear_expired()
