"""What time it is: the one seam through which code asks, so that a test can hold the clock."""

from __future__ import annotations

import time as _time
from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

_source: Callable[[], float] = _time.time


def now() -> datetime:
    """The current time, aware, in UTC."""
    return datetime.fromtimestamp(_source(), UTC)


def timestamp() -> float:
    """The current time in Unix seconds."""
    return _source()


def today(zone: str = "UTC") -> date:
    """The current day in a member's time zone."""
    return now().astimezone(ZoneInfo(zone)).date()


def set_source(source: Callable[[], float] | None) -> None:
    """Let `source` tell the time; None gives the system's clock back. For `core.testing` alone."""
    global _source
    _source = source or _time.time
