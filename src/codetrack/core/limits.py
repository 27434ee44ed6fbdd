"""How often somebody may do something: a token bucket a row, so that it holds across processes."""

from __future__ import annotations

import hashlib
from contextlib import suppress

from django.db import connection
from django.utils.translation import gettext, ngettext

from codetrack.core import clock
from codetrack.core.errors import TooMany
from codetrack.core.models import Bucket

_TAKE = """
INSERT INTO core_bucket (key, tokens, at) VALUES (%(key)s, %(times)s - 1.0, %(now)s)
ON CONFLICT (key) DO UPDATE SET tokens = {filled} - 1.0, at = excluded.at
WHERE {filled} >= 1.0
RETURNING tokens
"""
_FILLED = "{least}(%(times)s, core_bucket.tokens + (excluded.at - core_bucket.at) * %(rate)s)"
FORGET_SECONDS = 7 * 86_400
PROBE_SECONDS = 5


def take(scope: str, who: object, *, times: int, per: float, message: str | None = None) -> None:
    """Count one act of `who` in `scope`; raise TooMany after `times` of them in `per` seconds.

    `who` is a row, an address or any text; only its digest is kept. Call it before the transaction
    of the act: what is rolled back was not counted.
    """
    key = f"{scope}:{_digest(getattr(who, 'pk', who))}"
    now, rate = clock.timestamp(), times / per
    least = "least" if connection.vendor == "postgresql" else "min"
    values: dict[str, str | float] = {"key": key, "times": float(times), "now": now, "rate": rate}
    with connection.cursor() as cursor:
        cursor.execute(_TAKE.format(filled=_FILLED.format(least=least)), values)
        if cursor.fetchall():
            return
    bucket = Bucket.objects.get(key=key)
    wait = max(1.0, (1 - bucket.tokens) / rate - (now - bucket.at))
    raise TooMany(message or _wait_text(wait), retry_after=wait)


def probe() -> None:
    """Write and commit a row, unless one was a moment ago; raise DatabaseError when it cannot be.

    Only what is committed finds out that the disk is full.
    """
    with suppress(TooMany):
        take("probe", "", times=1, per=PROBE_SECONDS)


def prune() -> int:
    """Delete buckets that nobody touched for a week; return how many."""
    return Bucket.objects.filter(at__lt=clock.timestamp() - FORGET_SECONDS).delete()[0]


def _digest(who: object) -> str:
    return hashlib.sha256(str(who).encode()).hexdigest()[:32]


def _wait_text(seconds: float) -> str:
    minutes = round(seconds / 60)
    if minutes < 1:
        return gettext("That was a bit too often. Please try again in a moment.")
    return ngettext(
        "That was a bit too often. Please try again in %(n)s minute.",
        "That was a bit too often. Please try again in %(n)s minutes.",
        minutes,
    ) % {"n": minutes}
