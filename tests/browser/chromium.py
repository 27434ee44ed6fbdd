"""A real Chromium that talks to nobody but the club, and remembers everything that goes wrong."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal
from urllib.parse import urlsplit

from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

PLACES = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = Path(__file__).resolve().parents[2] / "node_modules" / "axe-core" / "axe.min.js"
RULES = ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]
TELL_VIOLATIONS = """
document.addEventListener("securitypolicyviolation", (event) =>
  console.error(`CSP: ${event.violatedDirective} ${event.blockedURI}`));
"""

Scheme = Literal["light", "dark"]
#: Milliseconds for whatever is waited for: much is done at once on the machine of a test.
PATIENCE = 60_000


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser of this machine, without a window."""
    found = next((path for place in PLACES if (path := shutil.which(place))), None)
    if not found:
        raise RuntimeError("The browser tests need Chromium; `make system` says how to get it.")
    expect.set_options(timeout=PATIENCE)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


class Visit:
    """One visitor with cookies of their own; `complaints` is empty when all went well."""

    def __init__(
        self,
        browser: Browser,
        url: str,
        *,
        width: int = 1280,
        scheme: Scheme = "light",
        **more: Any,
    ) -> None:
        self.url = url
        self.complaints: list[str] = []
        self.context: BrowserContext = browser.new_context(
            base_url=url,
            viewport={"width": width, "height": 900},
            color_scheme=scheme,
            reduced_motion="reduce",
            timezone_id="Asia/Kolkata",
            **more,
        )
        self.context.set_default_timeout(PATIENCE)
        self.context.add_init_script(TELL_VIOLATIONS)
        self.context.on("console", self._listen)
        self.context.on("weberror", lambda error: self.complaints.append(str(error.error)))
        self.context.on("request", self._watch)
        self.page: Page = self.context.new_page()

    def axe(self) -> list[str]:
        """What axe-core finds on the page as it is now, one line a violation."""
        self.page.wait_for_load_state()  # half a page names what is still to come
        self.page.evaluate(AXE.read_text())
        options = {"runOnly": {"type": "tag", "values": RULES}}
        # What is in order fills megabytes on a long page, and nobody reads them.
        run = "async options => (await axe.run(document, options)).violations"
        violations = self.page.evaluate(run, options)
        return [
            f"{violation['id']}: {violation['help']}: {node['html'][:200]}"
            for violation in violations
            for node in violation["nodes"]
        ]

    def sign_in(self, name: str, password: str) -> None:
        """Returns on the next page, with its scripts: keys that are pressed there do something."""
        self.page.goto("/accounts/login/")
        self.page.get_by_label("E-mail address or username").fill(name)
        self.page.get_by_label("Password", exact=True).fill(password)
        self.page.get_by_role("main").get_by_role("button", name="Sign in").click()
        self.page.wait_for_url(lambda address: "/accounts/login/" not in address)

    def close(self) -> None:
        self.context.close()

    def _listen(self, message: Any) -> None:
        if message.type == "error" and "status of 4" not in message.text:
            self.complaints.append(f"console: {message.text}")

    def _watch(self, request: Any) -> None:
        asked, own = urlsplit(request.url), urlsplit(self.url)
        if asked.scheme not in {"data", "blob", "about"} and asked.netloc != own.netloc:
            self.complaints.append(f"request to another origin: {request.url}")
