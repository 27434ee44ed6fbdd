"""One member: what they have solved, as rows with words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from codetrack.ratings import queries as ratings
from codetrack.ratings.queries import Reading, Solved, Topic

#: In the order of the page; "" is what has none.
LEVELS = {"Easy": _("Easy"), "Medium": _("Medium"), "Hard": _("Hard"), "": _("No level")}
TOPICS = 10  # on the page at first


@dataclass(frozen=True)
class Level:
    """A difficulty and how much was solved of it."""

    name: str | Promise
    solved: int


@dataclass(frozen=True)
class Summary:
    """The solved problems of a member."""

    counted: Solved

    @property
    def known(self) -> bool:
        """A number was read: without that, nothing is not zero."""
        return any(one.is_known for one in self.counted.by_platform)

    @property
    def levels(self) -> list[Level]:
        """Easy, Medium and Hard always, what else there is after them, no level at the end."""
        counts = self.counted.by_level
        others = [name for name in counts if name not in LEVELS]
        names = [*(name for name in LEVELS if name), *sorted(others), *([""] if counts[""] else [])]
        return [Level(LEVELS.get(name, name), counts[name]) for name in names]

    @property
    def most_of_a_level(self) -> int:
        return max(level.solved for level in self.levels)

    @property
    def most_of_a_platform(self) -> int:
        return max((one.solved for one in self.counted.by_platform), default=0)

    @property
    def most_of_a_topic(self) -> int:
        return self.counted.by_topic[0].solved if self.counted.by_topic else 0

    @property
    def topics(self) -> list[Topic]:
        return self.counted.by_topic[:TOPICS]

    @property
    def further_topics(self) -> list[Topic]:
        return self.counted.by_topic[TOPICS:]


def summary(readings: Sequence[Reading]) -> Summary:
    return Summary(ratings.solved(readings))
