"""Years of pretend contests: rounds, problems, rating walks, attempts. All by chance."""

import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from random import Random
from typing import Any, NamedTuple

from . import names

DAY = 86_400
SETTLING = 2 * 3_600  # from the end of a round to its ratings
YEARS = 3
FIRST_ROUND = 8_001
EPOCH = 1_262_304_000  # 2010: when the pretend platform opened
ACCOUNTS = 8_192  # more than there are: ids of attempts of different accounts never meet
#: Share of the members at or below a level of skill.
SKILL = ((0.0, 850), (0.2, 1_150), (0.42, 1_350), (0.62, 1_540), (0.78, 1_780), (0.88, 2_000),
         (0.94, 2_250), (0.98, 2_560), (1.0, 3_150))  # fmt: skip
FAILURES = (
    ["WRONG_ANSWER"] * 12 + ["TIME_LIMIT_EXCEEDED"] * 4 + ["RUNTIME_ERROR"] * 2
    + ["COMPILATION_ERROR", "MEMORY_LIMIT_EXCEEDED"]
)  # fmt: skip
LEVELS = ((2_000, "Hard"), (1_400, "Medium"), (-9_999, "Easy"))
ODDS_OF_FAILURE = (0.55, 0.25, 0.12, 0.08)  # of 0, 1, 2, 3 failed attempts before the last one


class Kind(NamedTuple):
    """A kind of round: for whom it is rated, how hard its problems are, and how many come."""

    title: str
    floor: int
    ceiling: int
    difficulties: tuple[int, ...]
    #: The middle and the spread of the performances of all who take part.
    centre: int = 1_250
    spread: int = 420
    #: The least and the most who take part.
    crowd: tuple[int, int] = (9_000, 24_000)


DIV1 = Kind(
    "(Div. 1)", 1_900, 9_999, (1_600, 1_900, 2_200, 2_500, 2_900, 3_300), 2_150, 420, (900, 1_400)
)
DIV2 = Kind("(Div. 2)", -999, 2_099, (800, 1_100, 1_600, 1_900, 2_200, 2_500))
DIV3 = Kind("(Div. 3)", -999, 1_599, (800, 900, 1_100, 1_300, 1_500, 1_700, 2_000))
DIV4 = Kind("(Div. 4)", -999, 1_399, (800, 800, 900, 1_000, 1_200, 1_400, 1_600))
EDUCATIONAL = Kind(
    "(Educational, rated for Div. 2)", -999, 2_099, (800, 1_100, 1_400, 1_800, 2_100, 2_400)
)
GLOBAL = Kind("(Global)", -999, 9_999, (800, 1_000, 1_400, 1_800, 2_200, 2_600, 3_000, 3_400))
SEASON: tuple[tuple[Kind, ...], ...] = (
    (DIV2,), (EDUCATIONAL,), (DIV1, DIV2), (DIV3,), (DIV2,), (GLOBAL,), (DIV1, DIV2), (DIV4,),
)  # fmt: skip
LETTERS = "ABCDEFGH"
# Problems that a pair of rounds has in common: A to D of the first are C to F of the second.
SHARED = 4


@dataclass(frozen=True, slots=True)
class Task:
    """A problem as one round shows it; a pair of rounds shows the same one under two ids."""

    round: int
    index: str
    #: The platform's own key of the problem.
    key: str
    name: str
    difficulty: int
    #: Easy, Medium or Hard.
    level: str
    tags: tuple[str, ...]
    #: The catalogue lists it under the id of the other round.
    double: bool = False


@dataclass(frozen=True, slots=True)
class Round:
    id: int
    #: The platform's own key of the contest.
    key: str
    name: str
    kind: Kind
    start: int
    seconds: int
    tasks: tuple[Task, ...]
    #: How many take part in all, of whom the world knows a few.
    field: int
    #: Its place in its series; 0 for the old ones of the archive.
    number: int = 0

    @property
    def end(self) -> int:
        return self.start + self.seconds


class Result(NamedTuple):
    """What one round did to one account; `at` is when the ratings came out."""

    round: Round
    rank: int
    old: int
    new: int
    at: int


class Sent(NamedTuple):
    """One attempt. `role` is the participant type of the platform."""

    id: int
    task: Task
    at: int
    verdict: str
    language: str
    role: str


@dataclass(frozen=True, slots=True)
class Rules:
    """How a platform rates."""

    #: What newcomers play as, and what is shown of them before their first round.
    start: float = 1_400.0
    blank: int = 0
    #: What is still owed to them after so many rounds: shown less than they play as.
    owed: tuple[int, ...] = (1_400, 900, 550, 300, 150, 50, 0)
    #: How much of the surprise of a round counts, by rounds before it, and the most it can change.
    pace: tuple[float, ...] = (1 / 4.5,)
    most: float = 160.0


@dataclass(slots=True)
class Career:
    """How one account plays: with growing skill, at a share `rate` of the rounds it may play."""

    skill: float
    growth: float
    rate: float
    since: int
    until: int
    rules: Rules = Rules()
    #: Days in a row, up to the end, with something solved.
    streak: int = 0
    strength: float = 0.0
    played: int = 0
    results: list[Result] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.strength = self.strength or self.rules.start

    @property
    def shown(self) -> int:
        """The public rating: the strength less what a newcomer is still owed."""
        if not self.played:
            return self.rules.blank
        return round(self.strength) - self.rules.owed[min(self.played, len(self.rules.owed) - 1)]

    def fresh(self, **changes: Any) -> "Career":
        """The same before the first round."""
        return replace(self, strength=0.0, played=0, results=[], **changes)

    def skill_at(self, moment: int) -> float:
        progress = (moment - self.since) / max(1, self.until - self.since)
        return self.skill - self.growth * math.exp(-3 * max(0.0, progress))

    def play(self, game: Round, performance: float) -> Result:
        """Take part with a performance on the scale of ratings."""
        old, rules = self.shown, self.rules
        pace = rules.pace[min(self.played, len(rules.pace) - 1)]
        surprise = (performance - self.strength) * pace
        self.strength += max(-rules.most, min(rules.most, surprise))
        self.played += 1
        at = game.end + SETTLING
        result = Result(game, _rank(performance, game), old, self.shown, at)
        self.results.append(result)
        return result

    def revise(self, game: Round, change: int) -> None:
        """The platform recalculates a round: the results from it on move by so much."""
        first = next(place for place, one in enumerate(self.results) if one.round.id == game.id)
        for place in range(first, self.played):
            was = self.results[place]
            old = was.old + change if place > first else was.old
            self.results[place] = was._replace(old=old, new=was.new + change)
        self.strength += change


def careers(rng: Random, count: int, now: int) -> Iterator[Career]:
    """So many players, whose skills are spread over all tiers in every world."""
    begin = now - YEARS * 365 * DAY
    places = [(place + 0.5) / count for place in range(count)]
    rng.shuffle(places)
    for place in places:
        since = begin if rng.random() < 0.55 else rng.randrange(begin, now - 120 * DAY)
        stopped = rng.random() < 0.12
        yield Career(
            skill=_quantile(place) + rng.uniform(-25, 25),
            growth=rng.uniform(100, 600),
            rate=rng.choice((0.1, 0.16, 0.25, 0.35, 0.6)),
            since=since,
            until=rng.randrange(since + 90 * DAY, now) if stopped else now,
        )


def season(rng: Random, now: int) -> list[Round]:
    """All rounds of the last years and a few to come, oldest first, in ids that rise with time."""
    make = RoundMaker(rng, titles(rng))
    rounds: list[Round] = []
    start = (now - YEARS * 365 * DAY) // DAY * DAY + 14 * 3_600 + 35 * 60
    number = 1
    while start < now + 21 * DAY:
        pair = None
        for kind in SEASON[number % len(SEASON)]:
            pair = make.round(kind, FIRST_ROUND + len(rounds), number, start, pair)
            rounds.append(pair)
        number += 1
        start += rng.choice((5, 6, 7, 8, 9)) * DAY
    return rounds


class RoundMaker:
    """Invents rounds, with problems named by `titles`."""

    def __init__(self, rng: Random, titles: Iterator[str]) -> None:
        self.rng, self.titles = rng, titles

    def round(
        self, kind: Kind, identity: int, number: int, start: int, pair: Round | None = None
    ) -> Round:
        """One round; as the second of a pair it ends with the first problems of the other one."""
        rng = self.rng
        shared = pair.tasks[:SHARED] if pair else ()
        tasks = [
            Task(
                round=identity,
                index=index,
                key=f"{identity}-{index}",
                name=next(self.titles),
                difficulty=difficulty,
                level=level(difficulty),
                tags=tags(rng, difficulty, names.TAGS),
            )
            for index, difficulty in zip(
                LETTERS, kind.difficulties[: -len(shared) or None], strict=False
            )
        ]
        tasks += [
            replace(task, round=identity, index=index, key=f"{identity}-{index}", double=True)
            for index, task in zip(LETTERS[len(tasks) :], shared, strict=False)
        ]
        return Round(
            id=identity,
            key=str(identity),
            name=f"Lantern Round {number} {kind.title}",
            kind=kind,
            start=start,
            seconds=rng.choice((7_200, 8_100, 9_000)),
            tasks=tuple(tasks),
            field=rng.randrange(*kind.crowd),
            number=number,
        )


def walk(rng: Random, career: Career, rounds: Iterable[Round]) -> None:
    """Let an account play its share of the rounds that it may be rated in."""
    busy = 0
    for game in rounds:
        if not max(career.since, busy) <= game.start < career.until or rng.random() > career.rate:
            continue
        if game.kind.floor <= (career.shown if career.played else 0) <= game.kind.ceiling:
            career.play(game, rng.gauss(career.skill_at(game.start), 130))
            busy = game.end


def contest_attempts(rng: Random, result: Result, language: str, number: int) -> Iterator[Sent]:
    """What somebody with this result sent in during the round."""
    game = result.round
    strength = max(result.new, 700)
    at = game.start + rng.randrange(120, 600)
    for task in game.tasks:
        solved = rng.random() < _odds(strength + 150, task.difficulty)
        at += rng.randrange(240, 1_500)
        if at >= game.end or (not solved and rng.random() < 0.6):
            return
        for verdict in _verdicts(rng, solved):
            yield Sent(identity(at, number), task, at, verdict, language, "CONTESTANT")
            at += rng.randrange(90, 600)


class Practice:
    """Problems tried at leisure, mostly near the own strength. `tasks` are sorted by difficulty."""

    def __init__(self, rng: Random, career: Career, tasks: Sequence[Task]) -> None:
        self.rng, self.career, self.tasks = rng, career, tasks
        self.hardness = [task.difficulty for task in tasks]
        self.level = career.skill_at((career.since + career.until) // 2)

    def attempts(self, amount: tuple[int, int], language: str, number: int) -> Iterator[Sent]:
        """At so many problems, and one a day while the streak lasts."""
        rng, career = self.rng, self.career
        for _ in range(rng.randrange(*amount)):
            task = self._near()
            at = rng.randrange(career.since, career.until - DAY)
            for verdict in _verdicts(rng, rng.random() < self._chance(task)):
                yield Sent(identity(at, number), task, at, verdict, language, "PRACTICE")
                at += rng.randrange(60, 1_800)
        for day in range(career.streak):
            at = career.until - day * DAY - rng.randrange(600, 7_200)
            yield Sent(identity(at, number), self._near(), at, "OK", language, "PRACTICE")

    def _near(self) -> Task:
        near = bisect_right(self.hardness, self.rng.gauss(self.level, 220))
        return self.tasks[max(0, min(len(self.tasks) - 1, near + self.rng.randrange(-20, 20)))]

    def _chance(self, task: Task) -> float:
        return _odds(self.level + 250, task.difficulty)


def identity(at: int, number: int) -> int:
    """Ids of attempts rise with time and tell accounts apart."""
    return (at - EPOCH) * ACCOUNTS + number


def titles(rng: Random) -> Iterator[str]:
    """Names for problems, each once."""
    found = [f"{adjective} {noun}" for adjective in names.ADJECTIVES for noun in names.NOUNS]
    rng.shuffle(found)
    return iter(found)


def level(difficulty: int) -> str:
    return next(word for floor, word in LEVELS if floor <= difficulty)


def tags(rng: Random, difficulty: int, words: Sequence[str]) -> tuple[str, ...]:
    """A few of the words, which stand in the order of the difficulty they go with."""
    centre = min(len(words) - 4, max(0, (difficulty - 800) // 130))
    return tuple(
        sorted(set(rng.choices(words[max(0, centre - 3) : centre + 4], k=rng.randrange(1, 4))))
    )


def _quantile(place: float) -> float:
    for (share, low), (above, high) in pairwise(SKILL):
        if place <= above:
            return low + (high - low) * (place - share) / (above - share)
    return SKILL[-1][1]


def _odds(strength: float, difficulty: int) -> float:
    return 1 / (1 + 10 ** ((difficulty - strength) / 400))


def _rank(performance: float, game: Round) -> int:
    """Where a performance leads in the field of a round."""
    kind = game.kind
    above = 0.5 * math.erfc((performance - kind.centre) / (kind.spread * math.sqrt(2)))
    return max(1, min(game.field, round(game.field * above)))


def _verdicts(rng: Random, solved: bool) -> Iterator[str]:
    fails = rng.choices(range(4), ODDS_OF_FAILURE)[0]
    yield from (rng.choice(FAILURES) for _ in range(fails if solved else fails + 1))
    if solved:
        yield "OK"
