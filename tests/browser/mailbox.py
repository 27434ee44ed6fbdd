"""The pretend mailbox, into which jobs send what visitors wait for."""

from __future__ import annotations

from playwright.sync_api import Locator, Page, expect

TRIES = 240  # every half second


def look_for(mail: Locator, page: Page) -> None:
    """Look into the mailbox again and again until this is in it."""
    for _ in range(TRIES):
        page.goto("/demo/mailbox/")
        if mail.count():
            return
        page.wait_for_timeout(500)
    expect(mail).not_to_have_count(0)
