"""What the LeetCode adapter asks, and the shapes of what comes back.

A query asks for little: a field that the platform takes away spoils the whole of it.
"""

import hashlib
import re
from datetime import UTC, datetime
from typing import Annotated

import msgspec
from msgspec.json import Decoder

from .base import ChangedLayout, NotFound, PlatformError, Transient, fit

#: By the name of the operation. Where a list may be empty, `matchedUser` tells who is not there.
QUERIES = {
    "user": """query user($username: String!) {
  matchedUser(username: $username) {
    username
    profile { realName aboutMe company school websites }
    submitStats {
      acSubmissionNum { difficulty count submissions }
      totalSubmissionNum { difficulty count submissions }
    }
  }
}""",
    "ranking": """query ranking($username: String!) {
  userContestRanking(username: $username) {
    attendedContestsCount rating globalRanking badge { name }
  }
}""",
    "history": """query history($username: String!) {
  matchedUser(username: $username) { username }
  userContestRankingHistory(username: $username) {
    attended rating ranking contest { title titleSlug startTime }
  }
}""",
    "recent": """query recent($username: String!, $limit: Int!) {
  matchedUser(username: $username) { username }
  recentSubmissionList(username: $username, limit: $limit) {
    title titleSlug timestamp statusDisplay lang
  }
  recentAcSubmissionList(username: $username, limit: $limit) {
    title titleSlug timestamp statusDisplay lang
  }
}""",
    "calendar": """query calendar($username: String!) {
  matchedUser(username: $username) { userCalendar { submissionCalendar } }
}""",
    "topics": """query topics($username: String!) {
  matchedUser(username: $username) {
    tagProblemCounts {
      advanced { tagName problemsSolved }
      intermediate { tagName problemsSolved }
      fundamental { tagName problemsSolved }
    }
  }
}""",
    "contests": "query contests { allContests { title titleSlug startTime duration } }",
    "problems": """query problems($skip: Int!, $limit: Int!) {
  problemsetQuestionList: questionList(
    categorySlug: "", skip: $skip, limit: $limit, filters: {}
  ) {
    total: totalNum
    questions: data { title titleSlug difficulty topicTags { name } }
  }
}""",
}
LASTS = 90 * 60  # seconds of a contest: the history tells when it began, not when it ended

#: Since 1970, or a duration; bounded, so that nonsense fails while decoding.
type Seconds = Annotated[int, msgspec.Meta(ge=0, le=2**33)]
type Count = Annotated[int, msgspec.Meta(ge=0, lt=2**31)]
type Rating = Annotated[float, msgspec.Meta(gt=-(2**15), lt=2**15)]
type Handle = Annotated[str, msgspec.Meta(max_length=80, pattern=r"^[^\x00]+$")]
type Slug = Annotated[str, msgspec.Meta(max_length=120, pattern=r"^[A-Za-z0-9_-]+$")]
type ContestSlug = Annotated[str, msgspec.Meta(max_length=80, pattern=r"^[A-Za-z0-9_-]+$")]
#: Seconds since 1970 as a text of ten digits, which sorts as the number does until 2286.
type Stamp = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{10}$")]


class Fault(msgspec.Struct):
    message: str = ""
    #: Begins with the root that it spoils; empty when it spoils all.
    path: tuple[str | int, ...] | None = None


class Reply(msgspec.Struct):
    """The envelope: the `errors` may be of one root of `data` while the others are filled."""

    data: dict[str, msgspec.Raw] | None = None
    errors: tuple[Fault, ...] = ()

    def root[T](self, name: str, decoder: Decoder[T]) -> T:
        for fault in self.errors:
            if not fault.path or fault.path[0] == name:
                raise failure(fault.message)
        if self.data is None or name not in self.data:
            raise ChangedLayout(f"LeetCode answered with no {name}.")
        return decode(decoder, self.data[name])


class Texts(msgspec.Struct, rename="camel"):
    real_name: str | None
    about_me: str | None
    company: str | None
    school: str | None
    websites: tuple[str, ...] | None


class Tally(msgspec.Struct):
    """The problems of one difficulty, and the submissions at them."""

    difficulty: str
    count: Count
    submissions: Count


class Stats(msgspec.Struct, rename="camel"):
    ac_submission_num: tuple[Tally, ...]
    total_submission_num: tuple[Tally, ...]


class Named(msgspec.Struct):
    username: Handle


class User(Named, rename="camel"):
    profile: Texts | None
    submit_stats: Stats


class Label(msgspec.Struct):
    name: str


class Ranking(msgspec.Struct, rename="camel"):
    attended_contests_count: Count
    rating: Rating
    global_ranking: Count | None
    badge: Label | None


class Round(msgspec.Struct, rename="camel"):
    title: str
    start_time: Seconds
    title_slug: ContestSlug | None = None
    duration: Seconds = LASTS

    @property
    def key(self) -> str:
        slug = re.sub("[^a-z0-9]+", "-", self.title.lower()).strip("-")
        return self.title_slug or slug[:80] or str(self.start_time)

    @property
    def ends_at(self) -> datetime:
        return moment(self.start_time + self.duration)


class Row(msgspec.Struct):
    """One contest of all that were ever held; where not attended, with the rating before it."""

    attended: bool
    rating: Rating
    ranking: Count
    contest: Round


class Submission(msgspec.Struct, rename="camel"):
    title: str
    title_slug: Slug
    timestamp: Stamp
    status_display: str | None
    lang: str | None

    @property
    def key(self) -> str:
        """Sorts by time. The platform has ids, but not every one of its lists tells them."""
        return f"{self.timestamp}-{hashlib.sha256(self.title_slug.encode()).hexdigest()[:12]}"


class Calendar(msgspec.Struct, rename="camel"):
    submission_calendar: str


class Active(msgspec.Struct, rename="camel"):
    user_calendar: Calendar | None


class Topic(msgspec.Struct, rename="camel"):
    tag_name: str
    problems_solved: Count


class Skilled(msgspec.Struct, rename="camel"):
    #: In three groups, of which no topic is in two.
    tag_problem_counts: dict[str, tuple[Topic, ...]] | None


class Question(msgspec.Struct, rename="camel"):
    title: str
    title_slug: Slug
    difficulty: str
    topic_tags: tuple[Label, ...] | None


class Questions(msgspec.Struct):
    total: Annotated[int, msgspec.Meta(ge=0, le=100_000)]
    questions: tuple[Question, ...]


REPLY = Decoder(Reply)
NAMED = Decoder(Named)
USER = Decoder(User)
RANKING = Decoder(Ranking | None)
ROWS = Decoder(tuple[Row, ...] | None)
SUBMISSIONS = Decoder(tuple[Submission, ...] | None)
ACTIVE = Decoder(Active)
DAYS = Decoder(dict[Seconds, Count])
SKILLED = Decoder(Skilled)
ROUNDS = Decoder(tuple[Round, ...])
QUESTIONS = Decoder(Questions)


def failure(message: str) -> PlatformError:
    """The error that a fault in an answer means."""
    text = message.lower()
    if "user does not exist" in text:
        return NotFound("LeetCode says that this user does not exist.")
    if "cannot query field" in text:
        return ChangedLayout(
            f"LeetCode does not know what we ask for any more: {fit(message, 200)}."
        )
    return Transient(f"LeetCode could not answer: {fit(message, 200) or 'no reason given'}.")


def decode[T](decoder: Decoder[T], raw: bytes | msgspec.Raw) -> T:
    try:
        return decoder.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise ChangedLayout(f"LeetCode answers in a form that we do not know: {error}.") from error


def moment(seconds: int) -> datetime:
    return datetime.fromtimestamp(seconds, UTC)
