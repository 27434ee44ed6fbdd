"""LeetCode, through the GraphQL API of its own pages."""

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, ClassVar, override

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
    Private,
    Problem,
    Profile,
    ProofMethod,
    ProofProblem,
    RatingChange,
    Tier,
    Verdict,
    fit,
    read_json,
)
from .leetcode_answers import (
    ACTIVE,
    DAYS,
    NAMED,
    QUERIES,
    QUESTIONS,
    RANKING,
    REPLY,
    ROUNDS,
    ROWS,
    SKILLED,
    SUBMISSIONS,
    USER,
    Question,
    Ranking,
    Reply,
    Round,
    Row,
    Submission,
    Texts,
    decode,
    moment,
)

RECENT = 20  # the longest list of submissions that is given, whatever the limit
PAGE = 500  # problems a request
FIRST_RATING = 1_500  # what everybody enters the first contest with
ALL, LEVELS = "All", ("Easy", "Medium", "Hard")

# Folders of the site, which the old form of the address of a profile would take for handles.
FOLDERS = re.compile(
    "accounts|api|assessment|bugbounty|business|circle|company|contest|discuss|explore|graphql"
    "|interview|jobs|library|list|notes|playground|points|privacy|problem-?list|problems|problemset"
    "|profile|progress|session|static|store|study-?plan|submissions|subscribe|support|tag|terms|u",
    re.IGNORECASE,
)
DELETED = "deleted_user"  # the account that is named in the place of one that was closed

VERDICTS = {
    "Pending": Verdict.PENDING,
    "Judging": Verdict.PENDING,
    "Accepted": Verdict.ACCEPTED,
    "Wrong Answer": Verdict.WRONG_ANSWER,
    "Presentation Error": Verdict.PRESENTATION_ERROR,
    "Time Limit Exceeded": Verdict.TIME_LIMIT,
    "Timeout": Verdict.TIME_LIMIT,
    "Memory Limit Exceeded": Verdict.MEMORY_LIMIT,
    "Runtime Error": Verdict.RUNTIME_ERROR,
    "Compile Error": Verdict.COMPILE_ERROR,
}


class LeetCode(Platform):
    """https://leetcode.com/graphql, anonymous: one request in two seconds.

    leetcode.cn is another site with other accounts.
    """

    key = "leetcode"
    name = "LeetCode"
    home_url = "https://leetcode.com"
    profile_paths = ("/u/{}/", "/{}/")
    handle_pattern = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,39}")
    handle_rule = "It has up to 40 Latin letters, digits, hyphens, underscores or dots."
    interval = 2.0
    counts_solved = True
    tells_contests = True
    tells_max_rating = False
    calendar_zone = "UTC"
    tiers = (
        Tier(level=4, name="Rated", floor=0),
        Tier(level=6, name="Knight", floor=1850),
        Tier(level=9, name="Guardian", floor=2150),
    )
    proofs: ClassVar[tuple[ProofMethod, ...]] = tuple(
        ProofMethod(
            key=key,
            title=title,
            where=f"Profile → Edit → {title}; keep what stands there and add the code after it",
            settings_url="https://leetcode.com/profile/",
        )
        for key, title in (
            ("real_name", "Name"),
            ("about", "Summary"),
            ("company", "Company"),
            ("school", "School"),
            ("website", "Website"),
        )
    )
    proof_problems = tuple(
        ProofProblem(key=slug, title=title, path=f"/problems/{slug}/")
        for slug, title in (
            ("two-sum", "Two Sum"),
            ("palindrome-number", "Palindrome Number"),
            ("roman-to-integer", "Roman to Integer"),
            ("longest-common-prefix", "Longest Common Prefix"),
            ("valid-parentheses", "Valid Parentheses"),
            ("merge-two-sorted-lists", "Merge Two Sorted Lists"),
            ("remove-element", "Remove Element"),
            ("search-insert-position", "Search Insert Position"),
            ("length-of-last-word", "Length of Last Word"),
            ("plus-one", "Plus One"),
            ("add-binary", "Add Binary"),
            ("sqrtx", "Sqrt(x)"),
            ("climbing-stairs", "Climbing Stairs"),
            ("same-tree", "Same Tree"),
            ("symmetric-tree", "Symmetric Tree"),
            ("valid-palindrome", "Valid Palindrome"),
            ("single-number", "Single Number"),
            ("linked-list-cycle", "Linked List Cycle"),
            ("reverse-linked-list", "Reverse Linked List"),
            ("contains-duplicate", "Contains Duplicate"),
        )
    )

    @classmethod
    @override
    def _from_link(cls, link: str, base_url: str | None) -> str:
        handle = super()._from_link(link, base_url)
        if FOLDERS.fullmatch(handle):
            example = cls.profile_url("name")
            raise Invalid(f"“{link[:80]}” does not lead to a profile; one looks like {example}.")
        return handle

    @override
    def profiles(self, handles: Sequence[str]) -> dict[str, Profile | PlatformError]:
        found = {handle: self._outcome(handle) for handle in handles}
        changed = [one for one in found.values() if isinstance(one, ChangedLayout)]
        if changed and len(changed) == len(found):
            raise changed[0]
        return found

    @override
    def history(self, handle: str) -> list[RatingChange]:
        reply = self._ask("history", username=handle)
        shown = reply.root("matchedUser", NAMED).username
        rows = [row for row in reply.root("userContestRankingHistory", ROWS) or () if row.attended]
        changes: list[RatingChange] = []
        for row in sorted(rows, key=lambda row: row.contest.start_time):
            old = changes[-1].new if changes else FIRST_RATING
            changes.append(_change(shown, row, old))
        return changes

    @override
    def attempts(self, handle: str, after: str | None = None) -> list[Attempt]:
        """The last 20 and the last 20 accepted. Raises `NotFound`, `Private`."""
        reply = self._ask("recent", username=handle, limit=RECENT)
        shown = reply.root("matchedUser", NAMED).username
        accepted = reply.root("recentAcSubmissionList", SUBMISSIONS)
        sent = reply.root("recentSubmissionList", SUBMISSIONS)
        if accepted is None and sent is None:
            raise Private(f"“{shown}” does not show submissions on LeetCode.")
        rows = {row.key: row for row in (*(accepted or ()), *(sent or ()))}
        new = sorted((key for key in rows if key > (after or "")), reverse=True)
        return [self._attempt(shown, rows[key]) for key in new]

    @override
    def activity(self, handle: str) -> Activity:
        """The days of the last year. What alone has changed its layout is left empty."""
        parts: dict[str, dict[Any, int]] = {}
        for name, read in (("days", self._days), ("topics", self._topics)):
            try:
                parts[name] = read(handle)
            except ChangedLayout:
                if name == "topics" and not parts:
                    raise
        return Activity(**parts)

    @override
    def contests(self) -> list[Contest]:
        rounds = self._ask("contests").root("allContests", ROUNDS)
        newest_first = sorted(rounds, key=lambda row: row.start_time, reverse=True)
        return [self._contest(row) for row in newest_first]

    @override
    def problems(self) -> list[Problem]:
        found: dict[str, Problem] = {}
        seen = 0
        while True:
            reply = self._ask("problems", skip=seen, limit=PAGE)
            page = reply.root("problemsetQuestionList", QUESTIONS)
            # What is published while we read shifts the pages, so a problem may come twice.
            fresh = [row for row in page.questions if row.title_slug not in found]
            found |= {row.title_slug: self._problem(row) for row in fresh}
            seen += len(page.questions)
            if not fresh or seen >= page.total:
                return list(found.values())

    def _ask(self, operation: str, **variables: object) -> Reply:
        query = QUERIES[operation]
        body = {"operationName": operation, "variables": variables, "query": query}
        origin = "/".join(self.base_url.split("/")[:3])
        # Without these it takes us for a page of another site that acts in a member's name.
        headers = {"Referer": f"{self.base_url}/", "Origin": origin}
        response = self.client.post_json("graphql", body, headers)
        reply = read_json(response, REPLY)
        if response.status >= 400:
            said = fit(" ".join(fault.message for fault in reply.errors), 200)
            reason = said or f"HTTP {response.status}"
            raise ChangedLayout(f"LeetCode does not take our question any more: {reason}.")
        return reply

    def _outcome(self, handle: str) -> Profile | PlatformError:
        if not self.handle_pattern.fullmatch(handle):
            return Invalid(f"“{handle[:40]}” cannot be a LeetCode handle. {self.handle_rule}")
        try:
            return self._profile(handle)
        except (NotFound, Private, ChangedLayout) as error:
            return error

    def _profile(self, handle: str) -> Profile:
        user = self._ask("user", username=handle).root("matchedUser", USER)
        if user.username.strip("@_").lower() == DELETED:
            raise NotFound(f"The LeetCode account “{handle}” has been deleted.")
        if user.profile is None:
            raise Private(f"“{user.username}” does not show a profile on LeetCode.")
        ranking = self._ask("ranking", username=handle).root("userContestRanking", RANKING)
        solved = {row.difficulty: row.count for row in user.submit_stats.ac_submission_num}
        sent = {row.difficulty: row.submissions for row in user.submit_stats.total_submission_num}
        profile = Profile(
            handle=user.username,
            solved=solved.get(ALL),
            solved_by={level: solved[level] for level in LEVELS if level in solved},
            texts=_texts(user.profile),
            mark=f"{solved.get(ALL)}/{sent.get(ALL)}",
        )
        return _rated(profile, ranking) if ranking else profile

    def _days(self, handle: str) -> dict[date, int]:
        user = self._ask("calendar", username=handle).root("matchedUser", ACTIVE)
        calendar = user.user_calendar
        days = decode(DAYS, calendar.submission_calendar.encode()) if calendar else {}
        return {moment(midnight).date(): sent for midnight, sent in days.items()}

    def _topics(self, handle: str) -> dict[str, int]:
        user = self._ask("topics", username=handle).root("matchedUser", SKILLED)
        groups = (user.tag_problem_counts or {}).values()
        return {
            fit(topic.tag_name, 60): topic.problems_solved for group in groups for topic in group
        }

    def _attempt(self, member: str, row: Submission) -> Attempt:
        return Attempt(
            remote_id=row.key,
            problem=Problem(
                key=row.title_slug,
                title=fit(row.title, 300),
                url=self._problem_url(row.title_slug),
                index="",
            ),
            verdict=VERDICTS.get(row.status_display or "", Verdict.OTHER),
            language=fit(row.lang or "", 60),
            at=moment(int(row.timestamp)),
            participation=Participation.PRACTICE,
            members=(member,),
        )

    def _contest(self, row: Round) -> Contest:
        start, now = moment(row.start_time), datetime.now(UTC)
        running = Phase.RUNNING if now < row.ends_at else Phase.FINISHED
        return Contest(
            key=row.key,
            name=fit(row.title, 300),
            url=f"{self.base_url}/contest/{row.key}/",
            starts_at=start,
            duration=timedelta(seconds=row.duration),
            phase=Phase.BEFORE if now < start else running,
        )

    def _problem(self, row: Question) -> Problem:
        return Problem(
            key=row.title_slug,
            title=fit(row.title, 300),
            url=self._problem_url(row.title_slug),
            level=fit(row.difficulty, 20),
            tags=tuple(fit(tag.name, 60) for tag in row.topic_tags or ()),
            index="",
        )

    def _problem_url(self, slug: str) -> str:
        return f"{self.base_url}/problems/{slug}/"


def _rated(profile: Profile, ranking: Ranking) -> Profile:
    """With what is told of the contests. The highest rating is not: the history leads to it."""
    rating = round(ranking.rating)
    tier = LeetCode.tier(rating)
    name = ranking.badge.name if ranking.badge else tier.name if tier else ""
    return replace(
        profile,
        rating=rating,
        rank_name=fit(name, 40) or None,
        contests=ranking.attended_contests_count,
        global_rank=ranking.global_ranking,
    )


def _texts(shown: Texts) -> dict[str, str]:
    """By the keys of the ways of proof."""
    texts = {
        "real_name": shown.real_name,
        "about": shown.about_me,
        "company": shown.company,
        "school": shown.school,
        "website": " ".join(shown.websites or ()),
    }
    return {key: fit(text or "", 1_000) for key, text in texts.items()}


def _change(handle: str, row: Row, old: int) -> RatingChange:
    return RatingChange(
        handle=handle,
        contest_key=row.contest.key,
        contest_name=fit(row.contest.title, 300),
        rank=row.ranking,
        old=old,
        new=round(row.rating),
        at=row.contest.ends_at,
    )
