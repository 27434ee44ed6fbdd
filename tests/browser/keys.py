"""Keys that are pressed one after the other."""

from __future__ import annotations

from contextlib import suppress

from playwright.sync_api import Page
from playwright.sync_api import TimeoutError as TooLate

TRIES = 10


def go_by_keys(page: Page, *keys: str, to: str) -> None:
    """Press them until they lead there: on a busy machine they may come too far apart."""
    for _ in range(TRIES):
        for key in keys:
            page.keyboard.press(key)
        with suppress(TooLate):
            page.wait_for_url(to, timeout=5_000)
            return
    page.wait_for_url(to)
