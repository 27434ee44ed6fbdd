"""The client that platform adapters are handed: paced across processes, retrying, polite."""

from __future__ import annotations

import atexit
from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import urlsplit

import httpx2
import stamina
import structlog
from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext
from stamina.instrumentation import RetryDetails, set_on_retry_hooks

from codetrack.core import clock
from codetrack.core.errors import Unavailable
from codetrack.core.models import Pace
from codetrack.platforms import registry
from codetrack.platforms.base import Platform, RateLimited, Response, Transient, check

log = structlog.get_logger(__name__)

#: Longer than this nobody waits in place: the job comes back later instead.
PATIENCE_SECONDS = 30.0
TRIES = 3
TIMEOUT = httpx2.Timeout(30.0, connect=10.0)
LARGEST_BODY = 64 * 1024 * 1024

_SLOT = """
INSERT INTO core_pace (host, next_at) VALUES (%(host)s, %(now)s + %(interval)s)
ON CONFLICT (host) DO UPDATE
SET next_at = {greatest}(core_pace.next_at, %(now)s) + %(interval)s
WHERE core_pace.next_at <= %(now)s + %(patience)s
RETURNING next_at - %(interval)s
"""


def platform(key: str) -> Platform:
    """The adapter of a platform, ready to ask.

    Raises Unavailable (permanent) when it is switched off or not installed.
    """
    adapter = registry.all_platforms().get(key)
    chosen: dict[str, Any] = settings.PLATFORMS.get(key, {})
    if adapter is None or not chosen.get("enabled"):
        name = adapter.name if adapter else key
        raise Unavailable(
            gettext("%(name)s is switched off on this server.") % {"name": name}, permanent=True
        )
    client = PacedClient(chosen["url"], chosen["interval"], chosen["proxy"])
    return adapter(client, chosen["url"])


class PacedClient:
    """A `platforms.base.Client` of one base URL; threads and processes share its pace."""

    def __init__(self, base_url: str, interval: float, proxy: str = "") -> None:
        self.base_url = base_url.rstrip("/")
        self.interval = interval
        self.host = urlsplit(self.base_url).netloc
        self.http = connections(proxy)

    def get(
        self,
        path: str,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        return self._retrying(self._request("GET", path, headers, params=params))

    def post(self, path: str, data: Mapping[str, str]) -> Response:
        return self._retrying(self._request("POST", path, data=data))

    def post_json(
        self, path: str, data: Mapping[str, object], headers: Mapping[str, str] | None = None
    ) -> Response:
        return self._retrying(self._request("POST", path, headers, json=data))

    def _request(
        self, method: str, path: str, headers: Mapping[str, str] | None = None, **what: Any
    ) -> httpx2.Request:
        sent = {**(headers or {}), "User-Agent": user_agent()}
        return self.http.build_request(method, f"{self.base_url}/{path}", headers=sent, **what)

    def _retrying(self, request: httpx2.Request) -> Response:
        for attempt in stamina.retry_context(
            on=_worth_another_try, attempts=TRIES, timeout=None, wait_initial=0.5, wait_max=10.0
        ):
            with attempt:
                return self._once(request)
        raise AssertionError("stamina returns or raises")

    def _once(self, request: httpx2.Request) -> Response:
        wait_for_slot(self.host, self.interval)
        try:
            response = self._read(request)
        except httpx2.HTTPError as error:
            raise Transient(
                f"{self.host} was not reached: {str(error) or type(error).__name__}."
            ) from error
        try:
            check(response)
        except RateLimited as error:
            slow_down(self.host, error.retry_after or max(1.0, 10 * self.interval))
            raise
        return response

    def _read(self, request: httpx2.Request) -> Response:
        answer = self.http.send(request, stream=True, follow_redirects=True)
        try:
            body = bytearray()
            for chunk in answer.iter_bytes():
                body += chunk
                if len(body) > LARGEST_BODY:
                    raise Transient(f"{self.host} sent more than we can take.")
            headers = {name.lower(): value for name, value in answer.headers.items()}
            return Response(
                status=answer.status_code, headers=headers, body=bytes(body), url=str(answer.url)
            )
        finally:
            answer.close()


def wait_for_slot(host: str, interval: float) -> None:
    """Sleep until the next request to `host` may go out, `interval` seconds after the last one.

    Raises RateLimited when that is more than 30 s away. Not to be called in a transaction: the
    waiting would keep its locks.
    """
    values: dict[str, str | float] = {"host": host, "interval": interval}
    greatest = "greatest" if connection.vendor == "postgresql" else "max"
    with transaction.atomic(durable=True), connection.cursor() as cursor:
        now = clock.timestamp()  # after SQLite let us in, which may take a while
        values |= {"now": now, "patience": PATIENCE_SECONDS}
        cursor.execute(_SLOT.format(greatest=greatest), values)
        slot = cursor.fetchall()
    if not slot:
        wait = Pace.objects.get(host=host).next_at - now
        raise RateLimited(host, wait)
    clock.sleep(slot[0][0] - clock.timestamp())


def slow_down(host: str, seconds: float) -> None:
    """Nobody asks `host` for so many seconds."""
    until = clock.timestamp() + seconds
    Pace.objects.filter(host=host, next_at__lt=until).update(next_at=until)


def user_agent() -> str:
    contact = f"; {settings.CONTACT}" if settings.CONTACT else ""
    return f"CodeTrack/{settings.VERSION} (+{settings.CODETRACK_URL}{contact})"


def _worth_another_try(error: Exception) -> bool | float:
    """What `wait_for_slot` waits for is not waited for again."""
    if isinstance(error, RateLimited):
        return 0.0 if (error.retry_after or 0) <= PATIENCE_SECONDS else False
    return isinstance(error, Transient)


def _say_again(details: RetryDetails) -> None:
    log.info("http.again", error=str(details.caused_by), seconds=round(details.wait_for, 1))


set_on_retry_hooks([_say_again])


@cache
def connections(proxy: str) -> httpx2.Client:
    """One pool of connections a process; clients of httpx2 may be shared by threads."""
    client = httpx2.Client(http2=True, proxy=proxy or None, timeout=TIMEOUT)
    atexit.register(client.close)
    return client
