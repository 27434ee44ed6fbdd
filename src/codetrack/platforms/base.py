"""What every platform adapter builds on: import all of it from here.

No database, no Django, no HTTP library: the client is handed in (`codetrack.core.http` builds it).
"""

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from typing import ClassVar, Protocol, override
from urllib.parse import quote, unquote, urlsplit

from .answers import Response, check, fit, read_json
from .errors import (
    Blocked,
    ChangedLayout,
    Invalid,
    NotFound,
    PlatformError,
    Private,
    RateLimited,
    Transient,
)
from .values import (
    UNNUMBERED,
    Activity,
    Attempt,
    Contest,
    Participation,
    Phase,
    Problem,
    Profile,
    ProofMethod,
    ProofProblem,
    RatingChange,
    Tier,
    Verdict,
)

__all__ = [
    "UNNUMBERED",
    "Activity",
    "Attempt",
    "Blocked",
    "ChangedLayout",
    "Client",
    "Contest",
    "Invalid",
    "NotFound",
    "Participation",
    "Phase",
    "Platform",
    "PlatformError",
    "Private",
    "Problem",
    "Profile",
    "ProofMethod",
    "ProofProblem",
    "RateLimited",
    "RatingChange",
    "Response",
    "Tier",
    "Transient",
    "Verdict",
    "check",
    "fit",
    "read_json",
]


class Client(Protocol):
    """Asks one platform. `path` is relative to its base URL, with no leading slash.

    Paces, retries and calls `check` itself; a fault of the network arrives as `Transient`.
    Adapters only read, so a POST may be repeated like a GET.
    """

    def get(
        self,
        path: str,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response: ...

    def post(self, path: str, data: Mapping[str, str]) -> Response: ...

    def post_json(
        self, path: str, data: Mapping[str, object], headers: Mapping[str, str] | None = None
    ) -> Response: ...


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
    #: Words for difficulties on the platform's scale, by the floor of each, from the lowest up.
    levels: ClassVar[tuple[tuple[int, str], ...]] = ()
    proofs: ClassVar[tuple[ProofMethod, ...]] = ()
    #: Where a compile error can prove a handle: at least a dozen. None: there is no such way.
    proof_problems: ClassVar[tuple[ProofProblem, ...]] = ()
    #: `Profile.solved` is the platform's own count, and `attempts` lists a part of what it counts.
    counts_solved: ClassVar[bool] = False
    #: `Profile.contests` is told of everybody who is rated; elsewhere those in `history` count.
    tells_contests: ClassVar[bool] = False
    #: `Profile.max_rating` is; elsewhere it is the highest that `history` leads to.
    tells_max_rating: ClassVar[bool] = True
    #: `contest_changes` answers for everybody in a contest at once.
    gives_rounds: ClassVar[bool] = False
    #: The time zone whose days `Activity.days` are; None where the platform has no calendar.
    calendar_zone: ClassVar[str | None] = None

    def __init__(self, client: Client, base_url: str | None = None) -> None:
        self.client = client
        self.base_url = (base_url or self.home_url).rstrip("/")

    @classmethod
    def parse_handle(cls, text: str, base_url: str | None = None) -> str:
        """The handle in `text`: bare, `@handle` or a link. `Invalid` says what was seen."""
        seen = text.strip()
        handle = cls._from_link(seen, base_url) if "/" in seen else seen.removeprefix("@")
        if not cls.handle_pattern.fullmatch(handle):
            shown = handle or seen
            shown = shown if len(shown) <= 40 else f"{shown[:40]}…"
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
    def attempt_url(cls, remote_id: str, contest_key: str, base_url: str | None = None) -> str:
        """Where an attempt is shown; empty where only its author may see it."""
        return ""

    @classmethod
    def whole_contest(cls, contest_key: str) -> str:
        """The contest of which this one is a division, held at the same time; empty for others."""
        return ""

    @classmethod
    def level(cls, difficulty: int | None) -> str:
        """The word for a difficulty on the platform's scale; empty for an unknown one."""
        if difficulty is None:
            return ""
        return next((word for floor, word in reversed(cls.levels) if floor <= difficulty), "")

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

    def recent(self, handle: str) -> list[Attempt]:
        """The newest submissions, newest first: what one request gives. Raises `NotFound`.

        To be written where `attempts` may take more than one.
        """
        return self.attempts(handle)

    @abstractmethod
    def contests(self) -> list[Contest]:
        """All contests the platform lists, newest first."""

    def activity(self, handle: str) -> Activity:
        """What the platform counts by day and topic, where `Profile.activity` does not tell it.

        Raises `NotFound`.
        """
        return Activity()

    def contest_changes(self, contest_key: str) -> list[RatingChange]:
        """The changes of everybody in it; empty when unrated or not settled. Raises `NotFound`.

        To be asked where `gives_rounds`.
        """
        raise NotImplementedError

    @abstractmethod
    def problems(self) -> list[Problem]:
        """The whole catalogue."""

    @override
    def __repr__(self) -> str:
        return f"<{type(self).__name__} at {self.base_url}>"
