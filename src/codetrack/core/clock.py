"""What time it is: the one seam through which code asks and waits, so that tests can hold it."""

from __future__ import annotations

import time as _time
from collections.abc import Callable
from datetime import UTC, date, datetime, tzinfo

_source: Callable[[], float] = _time.time
_sleep: Callable[[float], object] = _time.sleep


def now() -> datetime:
    """The current time, aware, in UTC."""
    return datetime.fromtimestamp(_source(), UTC)


def timestamp() -> float:
    """The current time in Unix seconds."""
    return _source()


def today(zone: tzinfo = UTC) -> date:
    """The current day in a time zone."""
    return now().astimezone(zone).date()


def sleep(seconds: float) -> None:
    """Wait; a held clock goes forward instead."""
    if seconds > 0:
        _sleep(seconds)


def source() -> tuple[Callable[[], float], Callable[[float], object]]:
    """Who tells the time and who waits, for `set_source` to give it back to them."""
    return _source, _sleep


def set_source(
    source: Callable[[], float] | None, sleep: Callable[[float], object] | None = None
) -> None:
    """Let `source` tell the time; None gives the system's clock back. For `core.testing` alone."""
    global _source, _sleep  # noqa: PLW0603 - this module is the one place that holds the clock
    _source = source or _time.time
    _sleep = sleep or _time.sleep
