"""What tells the pretend worlds apart: contests, ratings, problems and profiles."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from random import Random
from types import MappingProxyType
from typing import NamedTuple

from codetrack.platforms.base import ProofProblem
from codetrack.platforms.registry import all_platforms

from . import history, names
from .history import DAY, EPOCH, LETTERS, Kind, Round, Rules, Task

AHEAD = 21 * DAY  # contests are announced so long before
SUNDAY, WEDNESDAY, SATURDAY = 6, 2, 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Flavour:
    """One platform's way of doing all this."""

    key: str
    #: In the data folder of the demo.
    file: str
    #: What members can edit, by the keys of the adapter's `ProofMethod`, as {first} {last} {club}.
    texts: Mapping[str, str]
    #: The name shown, made of those.
    shown_name: str
    #: The part of all people who are there, and the remainder by nine of those never rated.
    share: float = 1.0
    unrated: int
    rules: Rules = field(default_factory=Rules)
    #: Skill there is that on Codeforces times the first, plus the second.
    scale: tuple[float, float] = (1.0, 0.0)
    #: At what share of the rounds people play, against Codeforces.
    keenness: float = 1.0
    #: How many problems they try at leisure, and for how many days in a row at most.
    practice: tuple[int, int] = (8, 60)
    streaks: int = 0
    #: In the order of `names.LANGUAGES`.
    languages: tuple[str, ...] = names.LANGUAGES
    #: What a handle made up for Codeforces becomes there.
    handle: Callable[[str], str] = str
    #: The handle of before a renaming still leads to the account.
    follows_renames: bool = True
    #: All rounds of the past and a few to come, oldest first; and one just over, for an id, a
    #: number and the moment at which it is settled.
    season: Callable[[Random, int], list[Round]]
    just_over: Callable[[Random, int, int, int], Round]
    #: The id, the key and the letter in the archive of a problem of old, by its key and place.
    shelf: Callable[[str, int], tuple[int, str, str]] = lambda key, place: (0, "", str(place + 1))

    def archive(self) -> list[Round]:
        """Where the old problems are at which a compile error proves a handle."""
        adapter = all_platforms().get(self.key)
        problems = adapter.proof_problems if adapter else ()
        rounds: dict[int, Round] = {}
        for place, problem in enumerate(problems):
            identity, key, index = self.shelf(problem.key, place)
            task = _classic(problem, identity, index, 800 + 100 * (place % 4))
            game = rounds.get(identity) or Round(
                id=identity,
                key=key,
                name=f"Beta Round {key}".strip(),
                kind=history.GLOBAL,
                start=EPOCH + 3 * identity * DAY,
                seconds=7_200,
                tasks=(),
                field=1_000,
            )
            rounds[identity] = replace(game, tasks=(*game.tasks, task))
        return sorted(rounds.values(), key=lambda game: game.start)


def _classic(problem: ProofProblem, identity: int, index: str, difficulty: int) -> Task:
    return Task(
        round=identity,
        index=index,
        key=problem.key,
        name=problem.title,
        difficulty=difficulty,
        level="Easy",
        tags=(),
    )


# --- Codeforces


def _lantern_round(rng: Random, identity: int, number: int, at: int) -> Round:
    make = history.RoundMaker(rng, iter(rng.sample(names.NOUNS, len(LETTERS))))
    game = make.round(history.GLOBAL, identity, number, at)
    return replace(game, start=at - history.SETTLING - game.seconds)


def _shelf_of_codeforces(key: str, _place: int) -> tuple[int, str, str]:
    contest, _, index = key.partition("-")
    return int(contest), contest, index


CODEFORCES = Flavour(
    key="codeforces",
    file="world.json",
    texts=MappingProxyType(
        {"organization": "{club}", "first_name": "{first}", "last_name": "{last}"}
    ),
    shown_name="{first_name} {last_name}",
    unrated=5,
    season=history.season,
    just_over=_lantern_round,
    shelf=_shelf_of_codeforces,
)


# --- platforms whose contests come by the week


@dataclass(frozen=True, slots=True, kw_only=True)
class Series:
    """Contests on one weekday every so many weeks, in one or several divisions at once."""

    title: str
    key: str
    #: Monday is 0; and the time of the day in UTC.
    weekday: int
    weeks: int = 1
    hour: timedelta
    seconds: int
    #: The number of the first one that the world knows.
    first: int
    #: By the letter that the division has in the key.
    divisions: Mapping[str, Kind]

    def dates(self, now: int) -> Iterator["Date"]:
        """Of the years of the past and the weeks to come."""
        day = (now - history.YEARS * 365 * DAY) // DAY
        day += (self.weekday - 3 - day) % 7  # the first day of 1970 was a Thursday, which is 3
        start, number = day * DAY + round(self.hour.total_seconds()), self.first
        while start < now + AHEAD:
            yield Date(start, number, self)
            start, number = start + 7 * self.weeks * DAY, number + 1


class Date(NamedTuple):
    """When one contest of a series begins, and which one it is."""

    start: int
    number: int
    series: Series


class Words:
    """How a platform names problems: their keys, and their topics in the order of difficulty."""

    def __init__(self, key: Callable[[str], str], topics: tuple[str, ...]) -> None:
        self.key, self.topics = key, topics

    def contest(
        self, rng: Random, date: "Date", identity: int, titles: Iterator[str]
    ) -> Iterator[Round]:
        """A round for each division; they have problems in common, which have one key."""
        series, made = date.series, dict[int, Task]()
        for rank, (letter, kind) in enumerate(series.divisions.items()):
            yield Round(
                id=identity + rank,
                key=f"{series.key.format(date.number)}{letter}",
                name=series.title.format(date.number),
                kind=kind,
                start=date.start,
                seconds=series.seconds,
                tasks=tuple(self._tasks(rng, kind, identity + rank, made, titles)),
                field=rng.randrange(*kind.crowd),
                number=date.number,
            )

    def _tasks(
        self, rng: Random, kind: Kind, identity: int, made: dict[int, Task], titles: Iterator[str]
    ) -> Iterator[Task]:
        """Those of one division; `made` are those of the divisions before it, by difficulty."""
        for index, difficulty in zip(LETTERS, kind.difficulties, strict=False):
            if difficulty in made:
                yield replace(made[difficulty], round=identity, index=index, double=True)
                continue
            title = next(titles)
            made[difficulty] = Task(
                round=identity,
                index=index,
                key=self.key(title),
                name=title,
                difficulty=difficulty,
                level=history.level(difficulty),
                tags=history.tags(rng, difficulty, self.topics),
            )
            yield made[difficulty]

    def season(self, *all_series: Series) -> Callable[[Random, int], list[Round]]:
        def make(rng: Random, now: int) -> list[Round]:
            titles = history.titles(rng)
            rounds: list[Round] = []
            dates = [date for series in all_series for date in series.dates(now)]
            for date in sorted(dates, key=lambda date: date.start):
                rounds += self.contest(rng, date, history.FIRST_ROUND + len(rounds), titles)
            return rounds

        return make

    def just_over(self, series: Series) -> Callable[[Random, int, int, int], Round]:
        def make(rng: Random, identity: int, number: int, at: int) -> Round:
            titles = (f"{noun} {number}" for noun in rng.sample(names.NOUNS, len(LETTERS)))
            date = Date(at - history.SETTLING - series.seconds, number, series)
            return next(self.contest(rng, date, identity, titles))

        return make


# --- LeetCode

WEEKLY = Series(
    title="Weekly Contest {}",
    key="weekly-contest-{}",
    weekday=SUNDAY,
    hour=timedelta(hours=2, minutes=30),
    seconds=5_400,
    first=412,
    divisions={
        "": Kind("", -999, 9_999, (1_200, 1_500, 1_850, 2_300), 1_550, 230, (14_000, 27_000))
    },
)
BIWEEKLY = replace(
    WEEKLY,
    title="Biweekly Contest {}",
    key="biweekly-contest-{}",
    weekday=SATURDAY,
    weeks=2,
    hour=timedelta(hours=14, minutes=30),
    first=137,
)
SLUGS = Words(
    lambda title: title.lower().replace(" ", "-"),
    (
        "Array", "String", "Math", "Hash Table", "Sorting", "Simulation", "Two Pointers", "Stack",
        "Matrix", "Greedy", "Binary Search", "Tree", "Heap (Priority Queue)", "Graph",
        "Backtracking", "Dynamic Programming", "Union Find", "Bit Manipulation", "Trie",
        "Segment Tree",
    ),
)  # fmt: skip
LEETCODE = Flavour(
    key="leetcode",
    file="world-leetcode.json",
    texts=MappingProxyType(
        {
            "real_name": "{first} {last}",
            "about": "",
            "company": "",
            "school": "{club}",
            "website": "",
        }
    ),
    shown_name="{real_name}",
    share=0.65,
    unrated=2,
    rules=Rules(
        start=1_500, blank=1_500, owed=(0,), pace=(0.5, 0.37, 0.31, 0.28, 0.26, 0.23), most=250
    ),
    scale=(0.55, 720),
    keenness=0.4,
    practice=(40, 170),
    streaks=45,
    languages=("cpp", "cpp", "python3", "python3", "java", "rust"),
    handle=lambda handle: handle.replace(".", "-")[:15],
    follows_renames=False,
    season=SLUGS.season(WEEKLY, BIWEEKLY),
    just_over=SLUGS.just_over(WEEKLY),
)


# --- CodeChef

LADDER = (500, 800, 1_100, 1_350, 1_600, 1_850, 2_100, 2_400, 2_800)
STARTERS = Series(
    title="Starters {} (Rated)",
    key="START{}",
    weekday=WEDNESDAY,
    hour=timedelta(hours=14, minutes=30),
    seconds=7_200,
    first=84,
    divisions={
        "D": Kind("(Div. 4)", -999, 1_399, LADDER[:5], 1_150, 200, (9_000, 22_000)),
        "C": Kind("(Div. 3)", 1_400, 1_599, LADDER[1:6], 1_480, 110, (1_800, 3_900)),
        "B": Kind("(Div. 2)", 1_600, 1_999, LADDER[3:8], 1_750, 130, (900, 2_400)),
        "A": Kind("(Div. 1)", 2_000, 9_999, LADDER[4:], 2_200, 180, (300, 900)),
    },
)
FOR_ALL = replace(
    STARTERS, divisions={"": Kind("", -999, 9_999, LADDER[:8], 1_250, 300, (9_000, 22_000))}
)
CODES = Words(
    lambda title: "".join(word[:4] for word in title.split()).upper(),
    (
        "Implementation", "Strings", "Arrays", "Math", "Greedy", "Sorting", "Prefix Sums",
        "Two Pointers", "Constructive", "Binary Search", "Bit Manipulation", "Stacks",
        "Number Theory", "Graphs", "Trees", "Dynamic Programming", "Combinatorics",
        "Disjoint Set Union", "Segment Trees", "Flows",
    ),
)  # fmt: skip
CODECHEF = Flavour(
    key="codechef",
    file="world-codechef.json",
    texts=MappingProxyType({"name": "{first} {last}", "institution": "{club}"}),
    shown_name="{name}",
    share=0.5,
    unrated=7,
    rules=Rules(start=1_000, blank=1_000, owed=(0,), pace=(0.6, 0.5, 0.4, 0.3, 0.26), most=320),
    scale=(0.85, 150),
    keenness=0.5,
    practice=(20, 90),
    streaks=20,
    languages=("C++", "C++", "PYTH 3", "PYPY 3", "JAVA", "RUST"),
    handle=lambda handle: handle.lower().replace(".", "_")[:14],
    season=CODES.season(STARTERS),
    just_over=CODES.just_over(FOR_ALL),
)

FLAVOURS = {flavour.key: flavour for flavour in (CODEFORCES, LEETCODE, CODECHEF)}
