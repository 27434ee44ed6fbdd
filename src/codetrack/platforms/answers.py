"""An HTTP answer of a platform, and what it means before anything in it is believed."""

import email.utils
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

import msgspec

from .errors import Blocked, ChangedLayout, RateLimited, Transient


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """An HTTP answer as adapters see it."""

    status: int
    #: By name in lower case.
    headers: Mapping[str, str]
    body: bytes
    #: Where redirects ended.
    url: str


LONGEST_WAIT = 86_400.0  # seconds that a `Retry-After` is believed
CHALLENGE = re.compile(
    rb"<title>\s*just a moment|_cf_chl_opt|/cdn-cgi/challenge-platform|<title>\s*attention required"
    rb"|slowaes|toNumbers\(",
    re.IGNORECASE,
)
# With spaces, so that no handle repeated in a message can look like it.
LIMIT_WORDS = re.compile(rb"call limit exceeded|too many requests", re.IGNORECASE)


def check(response: Response) -> None:
    """Raise what this answer means on every platform; return when only the adapter can tell.

    A 400 or 404 passes: only the adapter can say whether it means "no such handle".
    """
    site = urlsplit(response.url).hostname or "The platform"
    body = response.body
    if response.status == 429 or (response.status >= 400 and LIMIT_WORDS.search(body)):
        wait = _seconds(response.headers.get("retry-after"))
        raise RateLimited(site, wait)
    challenged = "cf-mitigated" in response.headers or (
        _is_html(response) and CHALLENGE.search(body)
    )
    if challenged or response.status in {401, 403}:
        raise Blocked(f"{site} does not let this server in (HTTP {response.status}).")
    if response.status >= 500 or response.status in {408, 425}:
        raise Transient(f"{site} is not available at the moment (HTTP {response.status}).")


def read_json[T](response: Response, decoder: msgspec.json.Decoder[T]) -> T:
    """Decode an answer of an API that speaks JSON.

    A whole document of another shape is `ChangedLayout`. Half a document, no document, or a web
    page is `Transient` (a page about maintenance comes with 200 too), except that a page with 404
    or 410 means that the call itself is gone.
    """
    site = urlsplit(response.url).hostname or "The platform"
    try:
        return decoder.decode(response.body)
    except msgspec.ValidationError as error:
        raise ChangedLayout(f"{site} answers in a form that we do not know: {error}.") from error
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        if response.status in {404, 410}:
            raise ChangedLayout(
                f"{site} does not know this call any more (HTTP {response.status})."
            ) from error
        what = "a web page" if _is_html(response) else "an incomplete answer"
        raise Transient(f"{site} sent {what} instead of data.") from error


def fit(text: str, length: int) -> str:
    """At most so many characters of a platform's text, and no null character: what a row takes."""
    return text.replace("\0", "")[:length]


def _is_html(response: Response) -> bool:
    kind = response.headers.get("content-type", "")
    return "html" in kind or response.body.lstrip()[:1] == b"<"


def _seconds(retry_after: str | None) -> float | None:
    """`Retry-After` as seconds from now: it is a number of seconds or an HTTP date.

    No longer than a day, since a slip there would keep us away for years.
    """
    if not retry_after:
        return None
    if retry_after.strip().isdecimal():
        return min(LONGEST_WAIT, float(retry_after))
    try:
        at = email.utils.parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return min(LONGEST_WAIT, max(0.0, (at - datetime.now(UTC)).total_seconds()))
