"""What a member has solved, by difficulty, by platform and by topic."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, Max
from django.db.models.functions import Coalesce

from codetrack.platforms.base import Tier
from codetrack.ratings.queries.days import first_solves
from codetrack.ratings.queries.readings import Reading
from codetrack.ratings.queries.topics import topic

LEVELS = ("Easy", "Medium", "Hard")


@dataclass
class Topic:
    """Problems of one topic; the hardest and the last of those that are known one by one."""

    name: str
    solved: int = 0
    hardest: int | None = None
    tier: Tier | None = None
    last: datetime | None = None


class _Group(NamedTuple):
    handle: int
    tags: list[str]
    level: str
    difficulty: int | None
    number: int
    last: datetime


@dataclass
class OnPlatform:
    """What one account has solved. `listed`: how many of them are known one by one."""

    reading: Reading
    listed: int = 0
    by_level: Counter[str] = field(default_factory=Counter)

    @property
    def told(self) -> int | None:
        """The number that was read with the profile."""
        return self.reading.snapshot.solved if self.reading.snapshot else None

    @property
    def is_known(self) -> bool:
        """A count or a list was read; without that, zero is no number."""
        return self.told is not None or self.reading.handle.attempts_read_at is not None

    @property
    def solved(self) -> int:
        known = max(self.listed, sum(self.by_level.values()))
        return max(self.told or 0, known)

    @property
    def is_partly_listed(self) -> bool:
        """The platform counts more than it lists, and has been asked for its list."""
        asked = self.reading.handle.attempts_read_at is not None
        return asked and self.reading.counts_solved and self.listed < self.solved


@dataclass
class Solved:
    """Counts over all platforms. In `by_level` the key "" holds what has no level."""

    by_level: Counter[str]
    by_platform: list[OnPlatform]
    by_topic: list[Topic]

    @property
    def total(self) -> int:
        return sum(one.solved for one in self.by_platform)


def solved(readings: Sequence[Reading]) -> Solved:
    """What the accounts of `readings` have solved, the most first; costs one query."""
    on = {one.handle.pk: OnPlatform(one) for one in readings}
    topics: dict[str, Topic] = defaultdict(lambda: Topic(""))
    for row in _groups(on):
        _add_group(on[row.handle], topics, row)
    for one in on.values():
        _add_told(one, topics)
    levels = Counter[str]()
    for one in on.values():
        levels.update(one.by_level)
        levels[""] += one.solved - sum(one.by_level.values())
    by_topic = sorted(topics.values(), key=lambda row: (-row.solved, row.name))
    by_platform = sorted(on.values(), key=lambda row: (-row.solved, row.reading.platform_name))
    return Solved(levels, by_platform, [row for row in by_topic if row.solved])


def _groups(handles: Iterable[int]) -> list[_Group]:
    """Solved problems by what they have in common, each problem once."""
    alike = first_solves(list(handles)).values(
        "handle",
        "problem__tags",
        "problem__level",
        difficulty=Coalesce("problem__difficulty", "problem__twin__difficulty"),
    )
    rows = alike.annotate(number=Count("pk"), last=Max("at"))
    names = ("handle", "problem__tags", "problem__level", "difficulty", "number", "last")
    return [_Group(*row) for row in rows.values_list(*names)]


def _add_group(one: OnPlatform, topics: dict[str, Topic], group: _Group) -> None:
    one.listed += group.number
    platform, difficulty = one.reading.platform, group.difficulty
    level = group.level or (platform.level(difficulty) if platform else "")
    if level and not one.reading.counts_levels:
        one.by_level[level.capitalize()] += group.number
    for name in {topic(str(tag)) for tag in group.tags} - {""}:
        seen = topics[name]
        seen.name = name
        seen.last = max(filter(None, (seen.last, group.last)))
        if not one.reading.handle.topics:
            seen.solved += group.number
        if difficulty is not None and difficulty > (seen.hardest or 0):
            seen.hardest, seen.tier = difficulty, platform.tier(difficulty) if platform else None


def _add_told(one: OnPlatform, topics: dict[str, Topic]) -> None:
    """What the platform counts itself."""
    snapshot = one.reading.snapshot
    if snapshot and one.reading.counts_levels:
        for level, number in snapshot.solved_by.items():
            one.by_level[level.capitalize()] += number
    for word, number in one.reading.handle.topics.items():
        if name := topic(word):
            topics[name].name = name
            topics[name].solved += number
