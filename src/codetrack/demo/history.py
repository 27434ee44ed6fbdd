"""Three years of pretend contests: rounds, problems, rating walks, attempts. All by chance."""

import math
from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from random import Random
from typing import NamedTuple

from . import names

DAY = 86_400
SETTLING = 2 * 3_600  # from the end of a round to its ratings
YEARS = 3
FIRST_ROUND = 8_001
EPOCH = 1_262_304_000  # 2010: when the pretend platform opened
ACCOUNTS = 8_192  # more than there are: ids of attempts of different accounts never meet
#: Newcomers play as 1400 and are shown less: what is still owed after so many rounds.
OWED = (1_400, 900, 550, 300, 150, 50, 0)
#: Share of the members at or below a level of skill.
SKILL = ((0.0, 850), (0.2, 1_150), (0.42, 1_350), (0.62, 1_540), (0.78, 1_780), (0.88, 2_000),
         (0.94, 2_250), (0.98, 2_560), (1.0, 3_150))  # fmt: skip
FAILURES = (
    ["WRONG_ANSWER"] * 12 + ["TIME_LIMIT_EXCEEDED"] * 4 + ["RUNTIME_ERROR"] * 2
    + ["COMPILATION_ERROR", "MEMORY_LIMIT_EXCEEDED"]
)  # fmt: skip
ODDS_OF_FAILURE = (0.55, 0.25, 0.12, 0.08)  # of 0, 1, 2, 3 failed attempts before the last one


class Kind(NamedTuple):
    """A kind of round: for whom it is rated, and how hard its problems are."""

    title: str
    floor: int
    ceiling: int
    difficulties: tuple[int, ...]


DIV1 = Kind("(Div. 1)", 1_900, 9_999, (1_600, 1_900, 2_200, 2_500, 2_900, 3_300))
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
    name: str
    difficulty: int
    tags: tuple[str, ...]
    #: The catalogue lists it under the id of the other round.
    double: bool = False


@dataclass(frozen=True, slots=True)
class Round:
    id: int
    name: str
    kind: Kind
    start: int
    seconds: int
    tasks: tuple[Task, ...]
    #: How many take part in all, of whom the world knows a few.
    field: int

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


@dataclass(slots=True)
class Career:
    """How one account plays: with growing skill, at a share `rate` of the rounds it may play."""

    skill: float
    growth: float
    rate: float
    since: int
    until: int
    strength: float = 1_400.0
    played: int = 0
    results: list[Result] = field(default_factory=list)

    @property
    def shown(self) -> int:
        """The public rating: the strength less what a newcomer is still owed."""
        return round(self.strength) - OWED[min(self.played, len(OWED) - 1)] if self.played else 0

    def skill_at(self, moment: int) -> float:
        progress = (moment - self.since) / max(1, self.until - self.since)
        return self.skill - self.growth * math.exp(-3 * max(0.0, progress))

    def play(self, game: Round, performance: float) -> Result:
        """Take part with a performance on the scale of ratings."""
        old = self.shown
        self.strength += max(-160.0, min(160.0, (performance - self.strength) / 4.5))
        self.played += 1
        at = game.end + SETTLING
        result = Result(game, _rank(performance, game), old, self.shown, at)
        self.results.append(result)
        return result


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
    make = RoundMaker(rng, _titles(rng))
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
            Task(identity, index, next(self.titles), difficulty, _tags(rng, difficulty))
            for index, difficulty in zip(
                LETTERS, kind.difficulties[: -len(shared) or None], strict=False
            )
        ]
        tasks += [
            replace(task, round=identity, index=index, double=True)
            for index, task in zip(LETTERS[len(tasks) :], shared, strict=False)
        ]
        return Round(
            id=identity,
            name=f"Lantern Round {number} {kind.title}",
            kind=kind,
            start=start,
            seconds=rng.choice((7_200, 8_100, 9_000)),
            tasks=tuple(tasks),
            field=rng.randrange(900, 1_400) if kind is DIV1 else rng.randrange(9_000, 24_000),
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


def practice_attempts(
    rng: Random, career: Career, tasks: Sequence[Task], language: str, number: int
) -> Iterator[Sent]:
    """Problems tried at leisure, mostly near the own strength. `tasks` are sorted by difficulty."""
    hardness = [task.difficulty for task in tasks]
    level = career.skill_at((career.since + career.until) // 2)
    for _ in range(rng.randrange(8, 60)):
        near = bisect_right(hardness, rng.gauss(level, 220))
        task = tasks[max(0, min(len(tasks) - 1, near + rng.randrange(-20, 20)))]
        at = rng.randrange(career.since, career.until - DAY)
        for verdict in _verdicts(rng, rng.random() < _odds(level + 250, task.difficulty)):
            yield Sent(identity(at, number), task, at, verdict, language, "PRACTICE")
            at += rng.randrange(60, 1_800)


def identity(at: int, number: int) -> int:
    """Ids of attempts rise with time and tell accounts apart."""
    return (at - EPOCH) * ACCOUNTS + number


def _titles(rng: Random) -> Iterator[str]:
    titles = [f"{adjective} {noun}" for adjective in names.ADJECTIVES for noun in names.NOUNS]
    rng.shuffle(titles)
    return iter(titles)


def _tags(rng: Random, difficulty: int) -> tuple[str, ...]:
    centre = min(len(names.TAGS) - 4, max(0, (difficulty - 800) // 130))
    return tuple(
        sorted(set(rng.choices(names.TAGS[max(0, centre - 3) : centre + 4], k=rng.randrange(1, 4))))
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
    centre = 2_150 if game.kind is DIV1 else 1_250
    above = 0.5 * math.erfc((performance - centre) / (420 * math.sqrt(2)))
    return max(1, min(game.field, round(game.field * above)))


def _verdicts(rng: Random, solved: bool) -> Iterator[str]:
    fails = rng.choices(range(4), ODDS_OF_FAILURE)[0]
    yield from (rng.choice(FAILURES) for _ in range(fails if solved else fails + 1))
    if solved:
        yield "OK"
