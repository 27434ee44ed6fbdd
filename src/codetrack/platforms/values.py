"""What adapters return: plain values, the same for every platform. Times are aware, in UTC."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum


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
class RatingChange:
    """One rated contest of one account. `old` is None where the platform does not tell it; on
    Codeforces it is 0 in the first one.
    """

    handle: str
    contest_key: str
    contest_name: str
    rank: int
    old: int | None
    new: int
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Activity:
    """What a platform itself counts of one account, over and above the attempts it lists."""

    #: Submissions by day, in `Platform.calendar_zone`; the days of a window that the platform sets.
    days: Mapping[date, int] = field(default_factory=dict)
    #: Solved problems by topic, in the platform's words.
    topics: Mapping[str, int] = field(default_factory=dict)


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
    #: Number of rated contests and of solved problems, where the profile tells them.
    contests: int | None = None
    solved: int | None = None
    #: Solved problems by the platform's own levels of difficulty.
    solved_by: Mapping[str, int] = field(default_factory=dict)
    #: Place among everybody, and among those of the same country.
    global_rank: int | None = None
    country_rank: int | None = None
    #: Texts that the member can edit there, by the key of the `ProofMethod` that reads them.
    texts: Mapping[str, str] = field(default_factory=dict)
    #: The handle asked for, when the account has been renamed since.
    renamed_from: str | None = None
    #: When the account was last seen there, where the platform tells it: no attempt is newer.
    active_at: datetime | None = None
    #: Where it does not: a text that differs from the last one when there may be new attempts.
    mark: str = ""
    #: The whole history and the activity, where the profile carries them: not asked for again.
    history: tuple[RatingChange, ...] | None = None
    activity: Activity | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """A problem of a platform's catalogue."""

    key: str
    title: str
    url: str
    #: On the platform's scale of ratings; None while it has not been rated.
    difficulty: int | None = None
    #: Its difficulty as a word, on a platform that has no scale.
    level: str = ""
    tags: tuple[str, ...] = ()
    contest_key: str | None = None
    #: Its letter or number within the contest.
    index: str


UNNUMBERED = "~"


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One submission on the platform."""

    #: Begins with `UNNUMBERED` as long as the platform gives it no number of its own.
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
class ProofProblem:
    """An old, easy problem at which a member sends what does not compile, as a proof.

    `key` is that of the `Problem`; `path` is relative to the platform, with a leading slash.
    """

    key: str
    title: str
    path: str
