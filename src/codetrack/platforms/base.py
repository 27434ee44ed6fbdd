"""What every platform adapter shares: the values it returns, its errors, how an answer is judged.

No database, no Django, no HTTP library: the client is handed in (`codetrack.core.http` builds it).
"""

import email.utils
import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import ClassVar, Protocol, override
from urllib.parse import quote, unquote, urlsplit

import msgspec


class PlatformError(Exception):
    """A platform did not give what was asked; `message` can be shown to a member.

    Only `NotFound` says something about a handle. On any other kind nothing may be written but the
    failure itself.
    """

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class NotFound(PlatformError):
    """The platform itself says that this handle, contest or problem does not exist."""


class Invalid(PlatformError):
    """What was asked for can never exist there: a handle too long, a link to another site."""


class RateLimited(PlatformError):
    """Asked too often; `retry_after` is the wait in seconds, where the platform named one."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class Blocked(PlatformError):
    """The platform answers people but not us: a challenge page, a refused address."""


class Transient(PlatformError):
    """Down, overloaded, cut off on the way: the same question may well be answered later."""


class ChangedLayout(PlatformError):
    """A whole answer that is not built as this adapter expects: the adapter has to be mended."""


class Verdict(StrEnum):
    """How a platform judged an attempt, in the words of CodeTrack."""

    ACCEPTED = "AC"
    PARTIAL = "PA"
    WRONG_ANSWER = "WA"
    TIME_LIMIT = "TLE"
    MEMORY_LIMIT = "MLE"
    RUNTIME_ERROR = "RE"
    COMPILE_ERROR = "CE"
    PRESENTATION_ERROR = "PE"
    SKIPPED = "SK"
    OTHER = "OTHER"
    PENDING = "PENDING"


class Phase(StrEnum):
    """Where a contest stands. `JUDGING`: over for the contestants, results not final."""

    BEFORE = "before"
    RUNNING = "running"
    JUDGING = "judging"
    FINISHED = "finished"


class Participation(StrEnum):
    """In what role an attempt was made. `UNOFFICIAL`: during the contest, out of competition."""

    CONTEST = "contest"
    UNOFFICIAL = "unofficial"
    VIRTUAL = "virtual"
    PRACTICE = "practice"
    MANAGER = "manager"


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """What a platform shows of one account. `rating` is None for somebody never rated."""

    #: As the platform writes it, which may differ in case from what was asked.
    handle: str
    rating: int | None = None
    max_rating: int | None = None
    rank_name: str | None = None
    max_rank_name: str | None = None
    #: The platform itself calls the rating preliminary.
    provisional: bool = False
    #: Number of solved problems, where the profile tells it.
    solved: int | None = None
    #: Texts that the member can edit there, by the key of the `ProofMethod` that reads them.
    texts: Mapping[str, str] = field(default_factory=dict)
    #: The handle asked for, when the account has been renamed since.
    renamed_from: str | None = None
    #: When the account was last seen there, where the platform tells it: no attempt is newer.
    active_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RatingChange:
    """One rated contest of one account. `old` is 0 in the first one on Codeforces."""

    handle: str
    contest_key: str
    contest_name: str
    rank: int
    old: int
    new: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A problem of a platform's catalogue."""

    key: str
    title: str
    url: str
    #: On the platform's scale of ratings; None while it has not been rated.
    difficulty: int | None = None
    tags: tuple[str, ...] = ()
    contest_key: str | None = None
    #: Its letter or number within the contest.
    index: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One submission on the platform."""

    remote_id: str
    problem: Problem
    verdict: Verdict
    language: str
    at: datetime
    contest_key: str | None = None
    participation: Participation
    #: The handles of everybody credited with it: more than one in a team.
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contest:
    """A contest, past or to come. `starts_at` is None while the platform has not set it."""

    key: str
    name: str
    url: str
    starts_at: datetime | None
    duration: timedelta
    phase: Phase


@dataclass(frozen=True, slots=True, kw_only=True)
class Tier:
    """A band of ratings from `floor` up. `level`, 1 to 10, picks its colour; two may share one."""

    level: int
    name: str
    floor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ProofMethod:
    """A place where a member puts a one-time token; `key` finds it again in `Profile.texts`."""

    key: str
    title: str
    where: str
    settings_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """An HTTP answer as adapters see it."""

    status: int
    #: By name in lower case.
    headers: Mapping[str, str]
    body: bytes
    #: Where redirects ended.
    url: str


class Client(Protocol):
    """Asks one platform. `path` is relative to its base URL, with no leading slash.

    Paces, retries and calls `check` itself; a fault of the network arrives as `Transient`.
    Adapters only read, so a POST may be repeated like a GET.
    """

    def get(self, path: str, params: Mapping[str, str] | None = None) -> Response: ...

    def post(self, path: str, data: Mapping[str, str]) -> Response: ...


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
        raise RateLimited(f"{site} asks us to slow down.", wait)
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
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
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
    """`Retry-After` as seconds from now: it is a number of seconds or an HTTP date."""
    if not retry_after:
        return None
    if retry_after.strip().isdigit():
        return float(retry_after)
    try:
        at = email.utils.parsedate_to_datetime(retry_after)
    except ValueError:
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(0.0, (at - datetime.now(UTC)).total_seconds())


class Platform(ABC):
    """One platform, with a class of its own in a file of its own; `registry` finds it.

    Every method may raise `RateLimited`, `Blocked`, `Transient` or `ChangedLayout`. Times are
    aware, in UTC.
    """

    key: ClassVar[str]
    name: ClassVar[str]
    #: Where it is on the web; settings may name another base URL (a mirror, the demo world).
    home_url: ClassVar[str]
    #: Hosts, besides that of `home_url` and any subdomain, whose links mean this platform.
    hosts: ClassVar[tuple[str, ...]] = ()
    #: Path of a profile with `{}` for the handle, the canonical one first.
    profile_paths: ClassVar[tuple[str, ...]]
    handle_pattern: ClassVar[re.Pattern[str]]
    #: The same in words, for people.
    handle_rule: ClassVar[str]
    #: Seconds between two requests.
    interval: ClassVar[float]
    #: How many handles one `profiles` request may carry.
    batch: ClassVar[int] = 1
    #: From the lowest floor up.
    tiers: ClassVar[tuple[Tier, ...]] = ()
    proofs: ClassVar[tuple[ProofMethod, ...]] = ()

    def __init__(self, client: Client, base_url: str | None = None) -> None:
        self.client = client
        self.base_url = (base_url or self.home_url).rstrip("/")

    @classmethod
    def parse_handle(cls, text: str, base_url: str | None = None) -> str:
        """The handle in `text`: bare, `@handle` or a link. `Invalid` says what was seen."""
        seen = text.strip()
        handle = cls._from_link(seen, base_url) if "/" in seen else seen.removeprefix("@")
        if not cls.handle_pattern.fullmatch(handle):
            shown = handle if len(handle) <= 40 else f"{handle[:40]}…"
            raise Invalid(f"“{shown}” cannot be a {cls.name} handle. {cls.handle_rule}")
        return handle

    @classmethod
    def _from_link(cls, link: str, base_url: str | None) -> str:
        try:
            url = urlsplit(link if "//" in link else f"https://{link}")
        except ValueError as error:
            raise Invalid(f"“{link[:40]}” is not an address we can read.") from error
        host = url.hostname or ""
        base = urlsplit(base_url or cls.home_url)
        known = (urlsplit(cls.home_url).hostname or "", base.hostname or "", *cls.hosts)
        if not any(host == name or host.endswith(f".{name}") for name in known):
            raise Invalid(f"“{host}” is not {cls.name}. Give a {cls.name} handle or profile link.")
        path = url.path.removeprefix(base.path.rstrip("/"))
        for template in cls.profile_paths:
            before, _, _ = template.partition("{}")
            if path.startswith(before):
                return unquote(path.removeprefix(before)).split("/")[0]
        example = cls.profile_url("name")
        raise Invalid(f"“{link[:80]}” does not lead to a profile; one looks like {example}.")

    @classmethod
    def profile_url(cls, handle: str, base_url: str | None = None) -> str:
        base = (base_url or cls.home_url).rstrip("/")
        return base + cls.profile_paths[0].format(quote(handle, safe=""))

    @classmethod
    def tier(cls, rating: int | None) -> Tier | None:
        """The tier of a rating; ratings below the lowest floor belong to the lowest tier."""
        if rating is None or not cls.tiers:
            return None
        return next((tier for tier in reversed(cls.tiers) if tier.floor <= rating), cls.tiers[0])

    @abstractmethod
    def profiles(self, handles: Sequence[str]) -> dict[str, Profile | PlatformError]:
        """What is known of each handle, keyed as asked.

        The error beside a handle is of that handle alone: `NotFound`, `Invalid`, `ChangedLayout`,
        or `Transient` for one not settled within a bounded number of requests. What hits the whole
        call raises.
        """

    @abstractmethod
    def history(self, handle: str) -> list[RatingChange]:
        """All rated contests, oldest first; empty for somebody never rated. Raises `NotFound`."""

    @abstractmethod
    def attempts(self, handle: str, after: str | None = None) -> list[Attempt]:
        """Submissions made after the one with the remote id `after`, newest first."""

    @abstractmethod
    def contests(self) -> list[Contest]:
        """All contests the platform lists, newest first."""

    @abstractmethod
    def contest_changes(self, contest_key: str) -> list[RatingChange]:
        """The changes of everybody in it; empty when unrated or not settled. Raises `NotFound`."""

    @abstractmethod
    def problems(self) -> list[Problem]:
        """The whole catalogue."""

    @override
    def __repr__(self) -> str:
        return f"<{type(self).__name__} at {self.base_url}>"
