"""CodeChef, which has no public API: the pages and lists that its own site is made of."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Annotated, Any, ClassVar, override
from urllib.parse import quote, unquote, urlsplit

import msgspec
from msgspec.json import Decoder

from .base import (
    Activity,
    Attempt,
    ChangedLayout,
    Contest,
    Invalid,
    NotFound,
    Participation,
    Phase,
    Platform,
    PlatformError,
    Problem,
    Profile,
    ProofMethod,
    ProofProblem,
    RateLimited,
    RatingChange,
    Response,
    Transient,
    fit,
    read_json,
)
from .codechef_page import TIERS, Count, Key, Submission, read_profile, read_submissions

PAGES = 25  # of submissions, a dozen on each: what is read of an account at once
PROBLEMS = 500  # a request
PROBLEM_PAGES = 60

#: What every page of CodeChef has in it, and no page of anybody on the way to it.
OWN = re.compile(rb"cdn\.codechef\.com|Drupal\.settings|<title>[^<]*\bCodeChef\b")
# Where CodeChef sends everybody for a while.
AWAY = re.compile(r"login|signin|signup|maintenance|error|down", re.IGNORECASE)
# START200D is the fourth division of START200.
DIVISION = re.compile(r"(.*\d)[A-D]")
YEARS = range(2000, 3000)  # what is said to begin or end in another one is a slip
SETTINGS_URL = "https://www.codechef.com/users/edit"


class Answer(msgspec.Struct):
    """What every list has; `status` is missing in some."""

    status: Any = None


class Recent(msgspec.Struct):
    max_page: Count
    content: str


class Listed(msgspec.Struct):
    contest_code: Key
    contest_name: str
    contest_start_date_iso: Annotated[datetime, msgspec.Meta(tz=True)]
    contest_end_date_iso: Annotated[datetime, msgspec.Meta(tz=True)]


class Contests(msgspec.Struct):
    present_contests: list[msgspec.Raw]
    future_contests: list[msgspec.Raw]
    past_contests: list[msgspec.Raw]


class Task(msgspec.Struct):
    code: Key
    name: str
    difficulty_rating: Annotated[int, msgspec.Meta(ge=-1, lt=2**15)] | None = None


class Catalogue(msgspec.Struct):
    data: list[Task]
    count: Count


# Numbers come as text in some lists.
ANSWER = Decoder(Answer)
RECENT = Decoder(Recent, strict=False)
CONTESTS = Decoder(Contests)
LISTED = Decoder(Listed)
CATALOGUE = Decoder(Catalogue, strict=False)


class CodeChef(Platform):
    """https://www.codechef.com, anonymous: a request in two and a half seconds.

    A profile page tells all but the submissions: `profiles` gives the history and the calendar
    too. Contests have a code for each division: START200D.
    """

    key = "codechef"
    name = "CodeChef"
    home_url = "https://www.codechef.com"
    hosts = ("codechef.com",)
    profile_paths = ("/users/{}",)
    handle_pattern = re.compile(r"[A-Za-z0-9_.-]{2,40}")
    handle_rule = "It has 2 to 40 Latin letters, digits, dots, hyphens or underscores."
    interval = 2.5
    tiers = TIERS
    levels = ((0, "Easy"), (1400, "Medium"), (2000, "Hard"))
    counts_solved = True
    tells_contests = True
    calendar_zone = "Asia/Kolkata"
    proof_problems = tuple(
        ProofProblem(key=code, title=title, path=f"/problems/{code}")
        for code, title in (
            ("START01", "Number Mirror"),
            ("TEST", "Life, the Universe, and Everything"),
            ("HS08TEST", "ATM"),
            ("INTEST", "Enormous Input Test"),
            ("FLOW001", "Add Two Numbers"),
            ("FLOW002", "Find Remainder"),
            ("FLOW004", "First and Last Digit"),
            ("FLOW006", "Sum of Digits"),
            ("FLOW007", "Reverse The Number"),
            ("FLOW008", "Helping Chef"),
            ("FLOW009", "Total Expenses"),
            ("FLOW010", "ID and Ship"),
            ("FSQRT", "Finding Square Roots"),
            ("LUCKFOUR", "Lucky Four"),
            ("CHOPRT", "Chef And Operators"),
            ("FCTRL", "Factorial"),
            ("FCTRL2", "Small factorials"),
            ("AMR15A", "Mahasena"),
        )
    )
    proofs: ClassVar[tuple[ProofMethod, ...]] = tuple(
        ProofMethod(
            key=key,
            title=title,
            where=f"Your profile → Edit → {title}; keep what is there and add the code after it",
            settings_url=SETTINGS_URL,
        )
        for key, title in (("name", "Name"), ("institution", "Institution"))
    )

    @override
    def profiles(self, handles: Sequence[str]) -> dict[str, Profile | PlatformError]:
        found = {handle: self._settle(handle) for handle in handles}
        strange = [one for one in found.values() if isinstance(one, ChangedLayout)]
        if strange and len(strange) == len(found):
            raise strange[0]
        return found

    @override
    def history(self, handle: str) -> list[RatingChange]:
        changes = self._profile(handle).history
        if changes is None:
            raise ChangedLayout("The profile pages of CodeChef do not tell the contests any more.")
        return list(changes)

    @override
    def activity(self, handle: str) -> Activity:
        return self._profile(handle).activity or Activity()

    @override
    def attempts(self, handle: str, after: str | None = None) -> list[Attempt]:
        """The newest 25 pages at most, about 300 submissions; what is older is not read."""
        rows: dict[str, Submission] = {}
        for page in range(PAGES):
            listed, pages = self._recent(handle, page)
            # What is submitted while we read shifts the pages, so a row may come twice.
            fresh = [row for row in listed if row.id not in rows]
            new = [row for row in fresh if after is None or not _reached(row.id, after)]
            rows.update((row.id, row) for row in new)
            if len(new) < len(fresh) or not listed or page + 1 >= pages:
                break
        return [self._attempt(row, handle) for row in rows.values()]

    @override
    def recent(self, handle: str) -> list[Attempt]:
        listed, _ = self._recent(handle, 0)
        return [self._attempt(row, handle) for row in listed]

    @override
    def contests(self) -> list[Contest]:
        """Those to come, those on, and the latest of the past ones; not one with an odd date."""
        params = {"sort_by": "START", "sorting_order": "asc", "offset": "0", "mode": "all"}
        lists = self._ask("api/list/contests/all", params, CONTESTS)
        told = [
            self._contest(row, phase)
            for rows, phase in (
                (lists.past_contests, Phase.FINISHED),
                (lists.present_contests, Phase.RUNNING),
                (lists.future_contests, Phase.BEFORE),
            )
            for row in rows
        ]
        found = {one.key: one for one in told if isinstance(one, Contest)}
        odd = next((one for one in told if isinstance(one, ChangedLayout)), None)
        if odd and not found:
            raise odd
        return sorted(found.values(), key=lambda one: (one.starts_at, one.key), reverse=True)

    @override
    def problems(self) -> list[Problem]:
        """Those with a difficulty. No contest: one problem is in the contests of all divisions."""
        found: dict[str, Task] = {}
        for page in range(PROBLEM_PAGES):
            params = {"page": str(page), "limit": str(PROBLEMS), "category": "rated"}
            params |= {"sort_by": "difficulty_rating", "sort_order": "asc", "group": "all"}
            listed = self._ask("api/list/problems", params, CATALOGUE)
            known = len(found)
            found.update((row.code, row) for row in listed.data)
            if len(found) in {known, listed.count}:
                break
        return [self._problem(row.code, row) for row in found.values()]

    @classmethod
    @override
    def whole_contest(cls, contest_key: str) -> str:
        division = DIVISION.fullmatch(contest_key)
        return division[1] if division else ""

    @classmethod
    @override
    def attempt_url(cls, remote_id: str, contest_key: str, base_url: str | None = None) -> str:
        base = (base_url or cls.home_url).rstrip("/")
        return f"{base}/viewsolution/{remote_id}" if remote_id.isdigit() else ""

    def _settle(self, handle: str) -> Profile | PlatformError:
        try:
            return self._profile(handle)
        except (NotFound, Invalid, ChangedLayout) as error:
            return error

    def _profile(self, handle: str) -> Profile:
        if not self.handle_pattern.fullmatch(handle):
            raise Invalid(f"“{handle[:40]}” cannot be a CodeChef handle. {self.handle_rule}")
        response = self.client.get(f"users/{quote(handle, safe='')}")
        page = _whole_page(response, handle)
        profile = read_profile(page, _shown_handle(response.url, handle))
        renamed = profile.handle.lower() != handle.lower()
        return replace(profile, renamed_from=handle) if renamed else profile

    def _recent(self, handle: str, page: int) -> tuple[list[Submission], int]:
        """One page of submissions and how many pages there are; the first has the number 0."""
        path, params = "recent/user", {"page": str(page), "user_handle": handle}
        response = self.client.get(path, params)
        recent = _read(response, RECENT)
        rows = read_submissions(recent.content, _answered_at(response))
        if recent.max_page > page and not rows:
            if page:  # what is older would be taken for read
                raise Transient("CodeChef sent an empty page of submissions.")
            raise ChangedLayout("The submissions on CodeChef are listed in another way.")
        return rows, recent.max_page

    def _ask[T](self, path: str, params: Mapping[str, str], decoder: Decoder[T]) -> T:
        return _read(self.client.get(path, params), decoder)

    def _contest(self, told: msgspec.Raw, phase: Phase) -> Contest | ChangedLayout:
        try:
            row = LISTED.decode(told)
        except msgspec.ValidationError as error:
            return ChangedLayout(f"CodeChef lists contests in a form that we do not know: {error}.")
        if not {row.contest_start_date_iso.year, row.contest_end_date_iso.year} <= set(YEARS):
            return ChangedLayout(f"CodeChef lists {row.contest_code} at an impossible time.")
        starts_at = row.contest_start_date_iso.astimezone(UTC)
        return Contest(
            key=row.contest_code,
            name=fit(row.contest_name, 300),
            url=f"{self.base_url}/{quote(row.contest_code, safe='')}",
            starts_at=starts_at,
            duration=row.contest_end_date_iso - starts_at,
            phase=phase,
        )

    def _problem(self, code: str, row: Task | None = None) -> Problem:
        """Of a problem that was only seen with a submission, the code has to do for the title."""
        rating = row.difficulty_rating if row else None
        return Problem(
            key=code,
            title=fit(row.name, 300) if row else code,
            url=f"{self.base_url}/problems/{quote(code, safe='')}",
            difficulty=None if rating == -1 else rating,
            index=code,
        )

    def _attempt(self, row: Submission, handle: str) -> Attempt:
        role = Participation.CONTEST if row.contest else Participation.PRACTICE
        return Attempt(
            remote_id=row.id,
            problem=self._problem(row.problem),
            verdict=row.verdict,
            language=row.language,
            at=row.at,
            contest_key=row.contest,
            participation=role,
            members=(handle,),
        )


def _read[T](response: Response, decoder: Decoder[T]) -> T:
    """A list as data. Asked too often, CodeChef says so with HTTP 200."""
    if "rate_limit" in str(read_json(response, ANSWER).status):
        raise RateLimited("CodeChef")
    return read_json(response, decoder)


def _whole_page(response: Response, handle: str) -> str:
    """A page of CodeChef itself, from the first to the last character. Raises `NotFound`."""
    own = OWN.search(response.body)
    if response.status in {404, 410}:
        if own:
            raise NotFound(f"CodeChef has no account “{handle}”.")
        raise ChangedLayout(f"CodeChef has no such page any more (HTTP {response.status}).")
    if not own or response.status >= 400:
        raise Transient("Something else than a page of CodeChef came back.")
    if b"</html>" not in response.body.lower():
        raise Transient("CodeChef sent half a page.")
    return response.body.decode(errors="replace")


def _shown_handle(url: str, asked: str) -> str:
    """The handle in the address where the redirects ended. Raises `NotFound` for another page."""
    path = urlsplit(url).path
    _, _, shown = path.rstrip("/").partition("/users/")
    if shown:
        return unquote(shown)
    if "/teams/" in path:
        raise NotFound(f"“{asked}” is a team on CodeChef. Link the account of a person.")
    if AWAY.search(path):
        raise Transient("CodeChef does not show profiles at the moment.")
    raise NotFound(f"CodeChef has no account “{asked}”.")


def _answered_at(response: Response) -> datetime:
    """By the clock of CodeChef, where the answer tells it."""
    try:
        at = parsedate_to_datetime(response.headers["date"])
    except (KeyError, ValueError):
        at = datetime.now(UTC)
    return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)


def _reached(row: str, after: str) -> bool:
    """Whether a row is the one with the id `after` or older. Ids rise; some rows have none."""
    if row.isdigit() and after.isdigit():
        return int(row) <= int(after)
    return row == after
