"""The people of the pretend worlds: the same ones everywhere, with accounts here and there."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import product
from random import Random

from . import names
from .flavours import Flavour
from .history import DAY, Career, Result, Sent
from .names import Place, plain

SEASONED = 2 * 365 * DAY  # how long an account with a past has been playing
SAME_HANDLE = 0.6  # share of those who are called the same on another platform
DAILY = 0.4  # share of those who practise every day, where that is usual


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody as they were made up, before anything was edited on any platform."""

    #: Tells which accounts of several platforms are of one person.
    number: int
    first: str
    last: str
    place: Place = names.PLACES[0]
    club: str = ""
    #: The place of their language in `names.LANGUAGES`.
    language: int = 0
    #: On Codeforces; elsewhere they are called the same, or not.
    handle: str
    registered: int
    #: On Codeforces, before the first round.
    career: Career


@dataclass(slots=True, eq=False)
class Account:
    """One person on one pretend platform."""

    person: Person
    flavour: Flavour
    handle: str
    career: Career
    #: What can be edited, by the keys of the adapter's `ProofMethod`.
    texts: dict[str, str]
    old_handles: list[str] = field(default_factory=list)
    #: How many of the results are of the made-up past.
    past: int = 0
    #: Attempts of edits, oldest first; those of the past are made when they are asked for.
    added: list[Sent] = field(default_factory=list)
    gone: bool = False

    @property
    def number(self) -> int:
        return self.person.number

    @property
    def place(self) -> Place:
        return self.person.place

    @property
    def registered(self) -> int:
        return self.person.registered

    @property
    def language(self) -> str:
        return self.flavour.languages[self.person.language]

    @property
    def name(self) -> str:
        return self.flavour.shown_name.format(**self.texts).strip() or self.handle

    @property
    def results(self) -> Sequence[Result]:
        return self.career.results

    @property
    def rating(self) -> int | None:
        return self.results[-1].new if self.results else None

    @property
    def max_rating(self) -> int | None:
        return max((result.new for result in self.results), default=None)

    @property
    def last_seen(self) -> int:
        """No attempt and no result is newer."""
        signs = [self.career.until - 1]
        signs += [result.at for result in self.results[-1:]]
        signs += [sent.at for sent in self.added[-1:]]
        return max(signs)


def account(person: Person, flavour: Flavour, handle: str, career: Career) -> Account:
    """With the profile as they fill it in."""
    words = {"first": person.first, "last": person.last, "club": person.club}
    texts = {key: shape.format(**words).strip() for key, shape in flavour.texts.items()}
    return Account(person, flavour, handle, career, texts)


def newcomer(number: int, handle: str, name: tuple[str, str], at: int, seasoned: bool) -> Person:
    """Somebody who comes at a moment: never rated, or `seasoned` by years of rounds."""
    career = Career(skill=1_400, growth=0, rate=0, since=at, until=at + 1)
    if seasoned:
        career = career.fresh(skill=1_750, growth=500, rate=0.4, since=at - SEASONED)
    return Person(
        number=number,
        first=name[0],
        last=name[1],
        handle=handle,
        registered=career.since,
        career=career,
    )


def elsewhere(rng: Random, career: Career, flavour: Flavour) -> Career:
    """How somebody of Codeforces plays on another platform."""
    slope, offset = flavour.scale
    daily = career.rate and rng.random() < DAILY
    return career.fresh(
        skill=career.skill * slope + offset + rng.uniform(-60, 60),
        growth=career.growth * slope,
        rate=career.rate * flavour.keenness,
        rules=flavour.rules,
        streak=rng.randrange(2, flavour.streaks) if daily else 0,
    )


class Registry:
    """Makes up people, and finds names and handles that nobody has."""

    def __init__(self, shape: Callable[[str], str]) -> None:
        self.shape = shape
        self._names: set[tuple[str, str]] = set()
        self._handles: set[str] = set()

    def person(self, rng: Random, number: int, career: Career) -> Person:
        place = rng.choice(names.PLACES)
        first, last = self._free_name(place, rng.choice(place.first), rng.choice(place.last))
        return Person(
            number=number,
            first=first,
            last=last,
            place=place,
            handle=self.handle(rng, first, last),
            club=rng.choice(names.CLUBS),
            language=rng.choice(range(len(names.LANGUAGES))),
            registered=career.since - rng.randrange(1, 200) * DAY,
            career=career,
        )

    def handle_of(self, rng: Random, person: Person) -> str:
        """Of somebody of Codeforces on this platform: the same one, or another."""
        same = self.shape(person.handle)
        if rng.random() > SAME_HANDLE or same.lower() in self._handles:
            return self.handle(rng, person.first, person.last)
        self._handles.add(same.lower())
        return same

    def handle(self, rng: Random, first: str, last: str) -> str:
        first, last, word = plain(first), plain(last), rng.choice(names.HANDLE_WORDS)
        shapes = (
            f"{first.lower()}_{word}",
            f"{word}.{first.lower()}",
            f"{first}{last}",
            f"{first[0].lower()}{last.lower()}{rng.randrange(10, 99)}",
            f"{word.title()}{rng.randrange(100, 999)}",
        )
        handle = self.shape(rng.choice(shapes)[:20])
        while handle.lower() in self._handles:
            handle = f"{handle[:20]}{rng.randrange(10, 999)}"
        self._handles.add(handle.lower())
        return handle

    def _free_name(self, place: Place, first: str, last: str) -> tuple[str, str]:
        """This name, or one of the same place that nobody has yet, while there are any."""
        wanted = [(first, last), *product(place.first, place.last)]
        name = next((name for name in wanted if name not in self._names), wanted[0])
        self._names.add(name)
        return name
