"""Waiting, in a test, for what another thread or process does."""

from __future__ import annotations

import time
from collections.abc import Callable


def until(
    true: Callable[[], bool], *, seconds: float = 20, told: Callable[[], object] = str
) -> None:
    """Look again and again; fail when it is not true in time, with what `told` has to say."""
    end = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < end, f"It did not happen in {seconds} s. {told()}"
        time.sleep(0.01)
