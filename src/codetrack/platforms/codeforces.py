"""Codeforces, through its public API. One bad handle fails a whole `user.info`; most of the care
here is about that.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, ClassVar, Literal, override

import msgspec
from msgspec.json import Decoder

from .base import (
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
    Tier,
    Transient,
    Verdict,
    fit,
    read_json,
)

PAGE = 1_000  # submissions a request
FIRST_LOOK = 100  # the first page when only what is new is wanted
FIRST_GYM = 100_000  # contests from this id on are of the gym
LONG_FORM = 1_500  # characters of handles above which a GET becomes a POST
SPARE_REQUESTS = 50  # extra requests one batch may cost to be rid of its bad handles

SETTINGS_URL = "https://codeforces.com/settings/social"
TOO_MANY_BAD = "Too many unknown handles in one batch; this one is asked for again next time."

PHASES = {"BEFORE": Phase.BEFORE, "CODING": Phase.RUNNING, "FINISHED": Phase.FINISHED}
ROLES = {
    "CONTESTANT": Participation.CONTEST,
    "OUT_OF_COMPETITION": Participation.UNOFFICIAL,
    "VIRTUAL": Participation.VIRTUAL,
    "MANAGER": Participation.MANAGER,
}
VERDICTS = {
    None: Verdict.PENDING,
    "TESTING": Verdict.PENDING,
    "SUBMITTED": Verdict.PENDING,
    "OK": Verdict.ACCEPTED,
    "PARTIAL": Verdict.PARTIAL,
    "WRONG_ANSWER": Verdict.WRONG_ANSWER,
    "CHALLENGED": Verdict.WRONG_ANSWER,  # hacked: somebody found a test that breaks it
    "PRESENTATION_ERROR": Verdict.PRESENTATION_ERROR,
    "TIME_LIMIT_EXCEEDED": Verdict.TIME_LIMIT,
    "IDLENESS_LIMIT_EXCEEDED": Verdict.TIME_LIMIT,
    "MEMORY_LIMIT_EXCEEDED": Verdict.MEMORY_LIMIT,
    "RUNTIME_ERROR": Verdict.RUNTIME_ERROR,
    "COMPILATION_ERROR": Verdict.COMPILE_ERROR,
    "SKIPPED": Verdict.SKIPPED,
}


#: Since 1970, or a duration; bounded, so that nonsense fails while decoding.
type Seconds = Annotated[int, msgspec.Meta(ge=0, le=2**33)]
type Rating = Annotated[int, msgspec.Meta(ge=-(2**15), lt=2**15)]
type Place = Annotated[int, msgspec.Meta(ge=0, lt=2**31)]
type Handle = Annotated[str, msgspec.Meta(max_length=80, pattern=r"^[^\x00]+$")]


class Answer[T](msgspec.Struct):
    """The envelope of every reply: `result` with OK, `comment` with FAILED."""

    status: Literal["OK", "FAILED"]
    comment: str = ""
    result: T | None = None


class User(msgspec.Struct, rename="camel"):
    handle: Handle
    rating: Rating | None = None
    max_rating: Rating | None = None
    rank: str | None = None
    max_rank: str | None = None
    first_name: str = ""
    last_name: str = ""
    organization: str = ""
    last_online_time_seconds: Seconds | None = None


class Change(msgspec.Struct, rename="camel"):
    contest_id: int
    contest_name: str
    handle: Handle
    rank: Place
    rating_update_time_seconds: Seconds
    old_rating: Rating
    new_rating: Rating


class Round(msgspec.Struct, rename="camel"):
    id: int
    name: str
    phase: str
    duration_seconds: Seconds
    start_time_seconds: Seconds | None = None


class Task(msgspec.Struct, rename="camel"):
    index: str
    name: str
    contest_id: int | None = None
    problemset_name: str | None = None
    rating: Rating | None = None
    tags: tuple[str, ...] = ()


class Catalogue(msgspec.Struct, rename="camel"):
    problems: list[Task]


class Member(msgspec.Struct):
    handle: Handle


class Party(msgspec.Struct, rename="camel"):
    members: tuple[Member, ...]
    participant_type: str = "PRACTICE"


class Submission(msgspec.Struct, rename="camel"):
    id: int
    creation_time_seconds: Seconds
    problem: Task
    author: Party
    programming_language: str
    contest_id: int | None = None
    verdict: str | None = None


USERS = Decoder(Answer[list[msgspec.Raw]])
USER = Decoder(User)
CHANGES = Decoder(Answer[list[Change]])
ROUNDS = Decoder(Answer[list[Round]])
CATALOGUE = Decoder(Answer[Catalogue])
SUBMISSIONS = Decoder(Answer[list[Submission]])


class Codeforces(Platform):
    """https://codeforces.com/apiHelp, anonymous: one request in two seconds."""

    key = "codeforces"
    name = "Codeforces"
    home_url = "https://codeforces.com"
    hosts = ("codeforces.net", "codeforces.ml", "codeforces.es")
    profile_paths = ("/profile/{}", "/submissions/{}", "/contests/with/{}")
    handle_pattern = re.compile(r"[A-Za-z0-9_.-]{3,24}")
    handle_rule = "It has 3 to 24 Latin letters, digits, dots, hyphens or underscores."
    interval = 2.1
    batch = 1_000
    tiers = (
        Tier(level=1, name="Newbie", floor=0),
        Tier(level=3, name="Pupil", floor=1200),
        Tier(level=4, name="Specialist", floor=1400),
        Tier(level=5, name="Expert", floor=1600),
        Tier(level=6, name="Candidate Master", floor=1900),
        Tier(level=7, name="Master", floor=2100),
        Tier(level=8, name="International Master", floor=2300),
        Tier(level=9, name="Grandmaster", floor=2400),
        Tier(level=9, name="International Grandmaster", floor=2600),
        Tier(level=10, name="Legendary Grandmaster", floor=3000),
    )
    levels = ((0, "Easy"), (1400, "Medium"), (2000, "Hard"))
    gives_rounds = True
    proof_problems = tuple(
        ProofProblem(
            key=f"{contest}-{index}", title=title, path=f"/problemset/problem/{contest}/{index}"
        )
        for contest, index, title in (
            (1, "A", "Theatre Square"),
            (4, "A", "Watermelon"),
            (50, "A", "Domino piling"),
            (58, "A", "Chat room"),
            (69, "A", "Young Physicist"),
            (71, "A", "Way Too Long Words"),
            (96, "A", "Football"),
            (110, "A", "Nearly Lucky Number"),
            (112, "A", "Petya and Strings"),
            (118, "A", "String Task"),
            (122, "A", "Lucky Division"),
            (131, "A", "cAPS lOCK"),
            (158, "A", "Next Round"),
            (231, "A", "Team"),
            (236, "A", "Boy or Girl"),
            (263, "A", "Beautiful Matrix"),
            (266, "A", "Stones on the Table"),
            (281, "A", "Word Capitalization"),
            (282, "A", "Bit++"),
            (339, "A", "Helpful Maths"),
        )
    )
    proofs: ClassVar[tuple[ProofMethod, ...]] = tuple(
        ProofMethod(
            key=key,
            title=title,
            where=f"Settings → Social → {title}; keep what stands there and add the code after it",
            settings_url=SETTINGS_URL,
        )
        for key, title in (
            ("organization", "Organization"),
            ("first_name", "First name"),
            ("last_name", "Last name"),
        )
    )

    @override
    def profiles(self, handles: Sequence[str]) -> dict[str, Profile | PlatformError]:
        found: dict[str, Profile | PlatformError] = {}
        spellings: dict[str, list[str]] = defaultdict(list)
        for handle in handles:
            if self.handle_pattern.fullmatch(handle):
                spellings[handle.lower()].append(handle)
            else:
                found[handle] = Invalid(
                    f"“{handle[:40]}” cannot be a Codeforces handle. {self.handle_rule}"
                )
        wanted = [same[0] for same in spellings.values()]
        for start in range(0, len(wanted), self.batch):
            batch = wanted[start : start + self.batch]
            for handle, outcome in _Batch(self._users).settle(batch).items():
                found.update(dict.fromkeys(spellings[handle.lower()], outcome))
        return found

    @override
    def history(self, handle: str) -> list[RatingChange]:
        return [_change(row) for row in self._ask("user.rating", {"handle": handle}, CHANGES)]

    @override
    def attempts(self, handle: str, after: str | None = None) -> list[Attempt]:
        newest = int(after) if after else 0
        rows: dict[int, Submission] = {}
        start, count = 1, FIRST_LOOK if after else PAGE
        while True:
            params = {"handle": handle, "from": str(start), "count": str(count)}
            page = self._ask("user.status", params, SUBMISSIONS)
            # What is submitted while we read shifts the pages, so a row may come twice.
            fresh = {row.id: row for row in page if row.id > newest and row.id not in rows}
            rows.update(fresh)
            if len(page) < count or not fresh or page[-1].id <= newest:
                return [self._attempt(row) for row in rows.values()]
            start, count = start + count, PAGE

    @override
    def recent(self, handle: str) -> list[Attempt]:
        params = {"handle": handle, "from": "1", "count": str(FIRST_LOOK)}
        return [self._attempt(row) for row in self._ask("user.status", params, SUBMISSIONS)]

    @override
    def contests(self) -> list[Contest]:
        return [self._contest(row) for row in self._ask("contest.list", {"gym": "false"}, ROUNDS)]

    @override
    def contest_changes(self, contest_key: str) -> list[RatingChange]:
        try:
            rows = self._ask("contest.ratingChanges", {"contestId": contest_key}, CHANGES)
        except _Unsettled:
            return []
        return [_change(row) for row in rows]

    @override
    def problems(self) -> list[Problem]:
        return [
            self._problem(row) for row in self._ask("problemset.problems", {}, CATALOGUE).problems
        ]

    @classmethod
    @override
    def attempt_url(cls, remote_id: str, contest_key: str, base_url: str | None = None) -> str:
        base = (base_url or cls.home_url).rstrip("/")
        if not contest_key.isdigit():
            return ""
        folder = "gym" if int(contest_key) >= FIRST_GYM else "contest"
        return f"{base}/{folder}/{contest_key}/submission/{remote_id}"

    def _users(self, handles: Sequence[str]) -> list[User | ChangedLayout]:
        joined = ";".join(handles)
        params = {"handles": joined, "checkHistoricHandles": "true"}
        users = self._ask("user.info", params, USERS, post=len(joined) > LONG_FORM)
        if len(users) == len(handles):
            return _each_user(users)
        seen = f"Codeforces answered {len(users)} accounts for {len(handles)} handles."
        # An old and a new name of one account may come back as one: halving finds the pair.
        raise _Nameless(seen) if len(handles) > 1 else ChangedLayout(seen)

    def _ask[T](
        self,
        method: str,
        params: Mapping[str, str],
        decoder: Decoder[Answer[T]],
        *,
        post: bool = False,
    ) -> T:
        # Contests and ranks are named in the language of the caller's address unless we say one.
        sent = {**params, "lang": "en"}
        path = f"api/{method}"
        response = self.client.post(path, sent) if post else self.client.get(path, sent)
        answer = read_json(response, decoder)
        if answer.status == "FAILED":
            raise _failure(answer.comment)
        if answer.result is None:
            raise ChangedLayout(f"Codeforces answered {method} with no result.")
        return answer.result

    def _contest(self, row: Round) -> Contest:
        folder = "gym" if row.id >= FIRST_GYM else "contest"
        return Contest(
            key=str(row.id),
            name=fit(row.name, 300),
            url=f"{self.base_url}/{folder}/{row.id}",
            starts_at=_moment(row.start_time_seconds),
            duration=timedelta(seconds=row.duration_seconds),
            phase=PHASES.get(row.phase, Phase.JUDGING),
        )

    def _problem(self, row: Task) -> Problem:
        """A problem outside of contests (acmsguru) carries the name of its set instead."""
        if row.contest_id is None:
            home = row.problemset_name or "problemset"
            folder = f"problemsets/{home}/problem/99999"
        else:
            home = str(row.contest_id)
            gym = row.contest_id >= FIRST_GYM
            folder = f"gym/{home}/problem" if gym else f"problemset/problem/{home}"
        return Problem(
            key=f"{home}-{row.index}",
            title=fit(row.name, 300),
            url=f"{self.base_url}/{folder}/{row.index}",
            difficulty=row.rating,
            tags=row.tags,
            contest_key=None if row.contest_id is None else home,
            index=row.index,
        )

    def _attempt(self, row: Submission) -> Attempt:
        return Attempt(
            remote_id=str(row.id),
            problem=self._problem(row.problem),
            verdict=VERDICTS.get(row.verdict, Verdict.OTHER),
            language=fit(row.programming_language, 60),
            at=_time(row.creation_time_seconds),
            contest_key=None if row.contest_id is None else str(row.contest_id),
            participation=ROLES.get(row.author.participant_type, Participation.PRACTICE),
            members=tuple(member.handle for member in row.author.members),
        )


class _Unsettled(NotFound):
    """Codeforces has no rating changes for this contest, or not yet."""


class _Nameless(Invalid):
    """Codeforces refuses the handles of a request and does not say which."""


def _failure(comment: str) -> PlatformError:
    """The error that a FAILED answer means. Seen: `handles: User with handle … not found`."""
    text = comment.lower()
    if "call limit exceeded" in text:
        return RateLimited("Codeforces")
    if "rating changes are unavailable" in text:
        return _Unsettled("Codeforces has no rating changes for this contest.")
    if "not found" in text:
        return NotFound(f"Codeforces says: {comment}.")
    if "should contain" in text:
        return _Nameless(f"Codeforces says: {comment}.")
    return Transient(f"Codeforces could not answer: {comment or 'no reason given'}.")


UNKNOWN_USER = re.compile(r"user with handle (\S+) not found", re.IGNORECASE)


class _Batch:
    """Settles a batch: drops a bad handle that Codeforces names, halves when it names none."""

    def __init__(self, users: Callable[[Sequence[str]], list[User | ChangedLayout]]) -> None:
        self.users = users
        self.left = 1 + SPARE_REQUESTS
        self.settled: dict[str, Profile | PlatformError] = {}

    def settle(self, handles: Sequence[str]) -> dict[str, Profile | PlatformError]:
        todo = [list(handles)]
        while todo:
            group = todo.pop()
            if self.left == 0:
                self.settled.update({handle: Transient(TOO_MANY_BAD) for handle in group})
                continue
            self.left -= 1
            todo.extend(self._try(group))
        return self.settled

    def _try(self, group: list[str]) -> list[list[str]]:
        """Ask for a group; returns the groups that have to be asked for instead."""
        try:
            users = self.users(group)
        except (NotFound, Invalid) as error:
            return self._without_the_bad(group, error)
        by_name = {user.handle.lower(): user for user in users if isinstance(user, User)}
        for handle, user in zip(group, users, strict=True):
            # In the order asked, so a name not asked for is the new name of the account.
            one = by_name.get(handle.lower(), user)
            self.settled[handle] = _profile(one, handle) if isinstance(one, User) else one
        return []

    def _without_the_bad(self, group: list[str], error: PlatformError) -> list[list[str]]:
        named = UNKNOWN_USER.search(error.message)
        bad = [handle for handle in group if named and handle.lower() == named[1].lower()]
        if bad:
            self.settled[bad[0]] = NotFound(f"Codeforces has no account “{bad[0]}”.")
            rest = [handle for handle in group if handle not in bad]
            return [rest] if rest else []
        if len(group) == 1:
            self.settled[group[0]] = error
            return []
        middle = len(group) // 2
        return [group[:middle], group[middle:]]


def _each_user(rows: Sequence[msgspec.Raw]) -> list[User | ChangedLayout]:
    """One account that is not as expected spoils nothing for the others; all of them do."""
    users = [_user(row) for row in rows]
    if isinstance(users[0], ChangedLayout) and not any(isinstance(user, User) for user in users):
        raise users[0]
    return users


def _user(row: msgspec.Raw) -> User | ChangedLayout:
    try:
        return USER.decode(row)
    except msgspec.ValidationError as error:
        return ChangedLayout(f"Codeforces answers in a form that we do not know: {error}.")


def _profile(user: User, asked: str) -> Profile:
    return Profile(
        handle=user.handle,
        rating=user.rating,
        max_rating=user.max_rating,
        rank_name=fit(user.rank or "", 40) or None,
        max_rank_name=fit(user.max_rank or "", 40) or None,
        texts={
            "organization": fit(user.organization, 300),
            "first_name": fit(user.first_name, 300),
            "last_name": fit(user.last_name, 300),
        },
        renamed_from=None if user.handle.lower() == asked.lower() else asked,
        active_at=_moment(user.last_online_time_seconds),
    )


def _change(row: Change) -> RatingChange:
    return RatingChange(
        handle=row.handle,
        contest_key=str(row.contest_id),
        contest_name=fit(row.contest_name, 300),
        rank=row.rank,
        old=row.old_rating,
        new=row.new_rating,
        at=_time(row.rating_update_time_seconds),
    )


def _time(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)


def _moment(seconds: int | None) -> datetime | None:
    return None if seconds is None else _time(seconds)
