"""What members submitted and solved on their platforms."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.db.models.functions import Coalesce

from codetrack.accounts.models import User
from codetrack.platforms.base import Participation, Verdict
from codetrack.platforms.registry import all_platforms
from codetrack.ratings import adapters, verdicts
from codetrack.ratings.models import Attempt, Claim, Contest, Problem, Solve
from codetrack.ratings.queries.topics import topic

LAST_TRIES = 200  # attempts that are looked through for problems not solved
# A compile error alone is no try (it may be a proof), and what was skipped or waits is none either.
NO_TRY = (Verdict.ACCEPTED, Verdict.COMPILE_ERROR, Verdict.SKIPPED, Verdict.PENDING)
MOST_DIFFICULT = 1_000_000
LEVELS = ("Easy", "Medium", "Hard")
REHEARSED = (Participation.PRACTICE, Participation.MANAGER)


@dataclass(frozen=True)
class Submission:
    """One attempt as a page shows it."""

    attempt: Attempt
    contest: Contest | None

    @property
    def problem(self) -> Problem:
        return self.attempt.problem

    @property
    def look(self) -> verdicts.Look:
        return verdicts.look(self.attempt.verdict)

    @property
    def platform_name(self) -> str:
        return platform_name(self.problem.platform)

    @property
    def difficulty(self) -> str:
        return difficulty(self.problem)

    @property
    def in_contest(self) -> bool:
        return bool(self.attempt.contest_key) and self.attempt.participation not in REHEARSED

    @property
    def url(self) -> str:
        """Where the platform shows it; empty where only its author may see it."""
        found = all_platforms().get(self.problem.platform)
        if found is None:
            return ""
        one = self.attempt
        return found.attempt_url(one.remote_id, one.contest_key, adapters.base_url(found.key))


@dataclass(frozen=True)
class Tried:
    """A problem that a member tried and did not solve: the last attempt and how many."""

    last: Submission
    tries: int


def attempts_of(member: User) -> QuerySet[Attempt]:
    """The attempts of all handles that a member names, with their problems."""
    rows = Attempt.objects.filter(handle__in=_handles(member))
    return rows.select_related("problem", "handle")


def solves_of(member: User) -> QuerySet[Solve]:
    """The first accepted attempt at each problem, of all handles that a member names."""
    rows = Solve.objects.filter(handle__in=_handles(member))
    return rows.select_related("problem", "handle")


def chosen(
    rows: QuerySet[Attempt],
    *,
    platform: str = "",
    verdict: str = "",
    text: str = "",
    level: str = "",
    tags: Sequence[Sequence[str]] = (),
) -> QuerySet[Attempt]:
    """Those that fit; `verdict` is "accepted", "rejected" or a `Verdict`, `tags` those of
    `topics_of`.
    """
    if platform:
        rows = rows.filter(problem__platform=platform)
    if verdict == "accepted":
        rows = rows.filter(verdict=Verdict.ACCEPTED)
    elif verdict == "rejected":
        rows = rows.exclude(verdict=Verdict.ACCEPTED)
    elif verdict:
        rows = rows.filter(verdict=verdict)
    if tags:
        rows = rows.filter(problem__tags__in=tags)
    if text:
        rows = rows.filter(problem__title__icontains=text)
    return rows.filter(_of_level(level)) if level else rows


def topics_of(member: User) -> dict[str, list[list[str]]]:
    """The topics of what a member tried, by name, each with all the tags of problems it is in."""
    tried = Problem.objects.filter(pk__in=attempts_of(member).values("problem"))
    found = defaultdict(list)
    for tags in tried.order_by().values_list("tags", flat=True).distinct():
        for name in {topic(str(tag)) for tag in tags} - {""}:
            found[name].append(tags)
    return dict(sorted(found.items()))


def of_topic[Row: (Attempt, Solve)](rows: QuerySet[Row], member: User, name: str) -> QuerySet[Row]:
    """Those of `member` at problems of this topic, in our words or in those of a platform."""
    tags = topics_of(member).get(topic(name), [])
    return rows.filter(problem__tags__in=tags) if tags else rows.none()


def levels_of(platforms: Iterable[str]) -> list[str]:
    """The words for difficulties on these platforms, the easier ones first."""
    asked = set(platforms)
    scales = [one.levels for key, one in all_platforms().items() if key in asked]
    if any(not scale for scale in scales):  # it names its levels itself, in the usual words
        scales.append(tuple(enumerate(LEVELS)))
    return list(dict.fromkeys(word for scale in scales for _, word in scale))


def as_submissions(attempts: Sequence[Attempt]) -> list[Submission]:
    """The attempts with the contests they were made in, in one query."""
    keys = {(one.handle.platform, one.contest_key) for one in attempts if one.contest_key}
    rows = Contest.objects.filter(key__in={key for _, key in keys})
    contests = {(row.platform, row.key): row for row in rows if keys}
    return [
        Submission(one, contests.get((one.handle.platform, one.contest_key))) for one in attempts
    ]


def tried_in_vain(member: User, since: datetime) -> list[Tried]:
    """Problems tried after `since` and solved neither then nor before, the latest first."""
    # Each by an index, however many problems somebody has solved: the problem, then its twins.
    at_it = Solve.objects.filter(handle=OuterRef("handle"), problem=OuterRef("one"))
    at_twin = Solve.objects.filter(handle=OuterRef(OuterRef("handle")), problem=OuterRef("pk"))
    twins = Problem.objects.filter(Exists(at_twin), twin=OuterRef("one"))
    rows = attempts_of(member).filter(at__gte=since).exclude(verdict__in=NO_TRY)
    rows = rows.annotate(one=Coalesce("problem__twin", "problem"))
    rows = rows.exclude(Exists(at_it) | Exists(twins))
    groups: dict[tuple[int, Any], list[Attempt]] = {}
    for row in rows.order_by("-at", "-pk")[:LAST_TRIES]:
        groups.setdefault((row.handle_id, row.one), []).append(row)
    return [Tried(Submission(tries[0], None), len(tries)) for tries in groups.values()]


def solved_at(member: User, since: datetime) -> list[datetime]:
    """When each problem was solved that was solved after `since`; twins are one problem."""
    rows = Solve.objects.filter(handle__in=_handles(member), at__gte=since)
    first: dict[tuple[int, int], datetime] = {}
    listed = rows.annotate(one=Coalesce("problem__twin", "problem")).order_by("-at")
    for handle, one, at in listed.values_list("handle", "one", "at"):
        first[handle, one] = at
    return list(first.values())


def difficulty(problem: Problem) -> str:
    """As a word and on the platform's scale, as far as they are known."""
    found = all_platforms().get(problem.platform)
    word = problem.level or (found.level(problem.difficulty) if found else "")
    number = "" if problem.difficulty is None else str(problem.difficulty)
    return " · ".join(filter(None, (word, number)))


def platform_name(key: str) -> str:
    """As people say it; the key for one that is not installed any more."""
    found = all_platforms().get(key)
    return found.name if found else key


def _of_level(word: str) -> Q:
    """Told by the platform as this word, or within the part of its scale that the word means."""
    found = Q(problem__level=word)
    for platform in all_platforms().values():
        floors = [floor for floor, _ in platform.levels]
        scale = zip(platform.levels, [*floors[1:], MOST_DIFFICULT], strict=False)
        for floor, end in [(floor, end) for (floor, name), end in scale if name == word]:
            within = Q(problem__difficulty__gte=floor, problem__difficulty__lt=end)
            found |= within & Q(problem__platform=platform.key, problem__level="")
    return found


def _handles(member: User) -> QuerySet[Claim, Any]:
    return Claim.objects.open().filter(member=member).values("handle")
