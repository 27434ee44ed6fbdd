"""What members have on each board that ratings fill, and what of it they gained lately."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from codetrack.accounts.models import User
from codetrack.core import clock
from codetrack.platforms.registry import all_platforms
from codetrack.ratings import adapters
from codetrack.ratings.models import Claim
from codetrack.ratings.queries.attempts import platform_name
from codetrack.ratings.queries.numbers import Account, Numbers, accounts
from codetrack.ratings.score import ContestPart, Rated, Score, score
from codetrack.standings.models import Period, Standing

SCORE, SOLVED = "score", "solved"
GAINED = (Period.MONTH, Period.WEEK)  # in the order in which boards are opened everywhere

type Measure = Callable[[Sequence[Numbers], date], int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """What a member has on one board, of proven accounts or, having none there, of others."""

    value: int
    proven: bool
    as_of: datetime | None
    gains: Mapping[Period, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scored:
    """The score of one member with all its parts."""

    score: Score
    proven: bool
    as_of: datetime | None

    @property
    def platforms(self) -> list[tuple[str, ContestPart]]:
        """The name of each platform with what it brings."""
        return [(platform_name(part.platform), part) for part in self.score.contests]


def rating_of(platform: str) -> str:
    """The key of the boards of one platform's ratings."""
    return f"rating:{platform}"


def board_kinds() -> list[str]:
    """The keys of all boards that ratings fill, those of platforms that are switched off too."""
    return [SCORE, SOLVED, *map(rating_of, all_platforms())]


def marks(members: Collection[int], today: date) -> dict[str, dict[int, Mark]]:
    """By board and member id; who is not in it has no place there. `today` is a day in UTC.

    Gains are of the week (from Monday) and the month that `today` lies in.
    """
    starts = {one: one.start(today) for one in GAINED}
    ordered = sorted(GAINED, key=lambda one: starts[one])
    named = accounts(members, [_midnight(starts[one]) for one in ordered])
    days = [starts[one] for one in ordered]
    found: dict[str, dict[int, Mark]] = {kind: {} for kind in board_kinds()}
    for member, own in named.items():
        for kind, those, measure in _measured(own):
            if those and kind in found:
                value = measure([one.now for one in those], today)
                gains = {
                    period: value - measure([one.then[number] for one in those], days[number])
                    for number, period in enumerate(ordered)
                }
                found[kind][member] = Mark(
                    value=value,
                    proven=those[0].proven,
                    as_of=_as_of(kind, those),
                    gains=gains,
                )
    return found


def places(members: Collection[int], today: date) -> dict[tuple[str, Period], set[int]]:
    """Which of these members are on each board now, by kind and period."""
    rows = Standing.objects.filter(member__in=members, board__kind__in=board_kinds())
    found: dict[tuple[str, Period], set[int]] = defaultdict(set)
    names = ("board__kind", "board__period", "board__starts_on", "member")
    for kind, period, starts_on, member in rows.values_list(*names):
        if starts_on == Period(period).start(today):
            found[kind, Period(period)].add(member)
    return found


def score_parts(member: User) -> Scored | None:
    """The score of a member at present; None while nothing is known of any account."""
    own = _counting(accounts([member.pk])[member.pk], lambda numbers: numbers.is_known)
    if not own:
        return None
    found = _scored([one.now for one in own], clock.today())
    return Scored(score=found, proven=own[0].proven, as_of=_as_of(SCORE, own))


def concerned(handles: Collection[int], claims: Collection[int]) -> set[int]:
    """The members who name, or have named, any of these accounts, or to whom a claim belongs."""
    named = Claim.objects.filter(handle__in=handles) | Claim.objects.filter(pk__in=claims)
    return set(named.values_list("member", flat=True))


def members_after(member: int, number: int) -> list[int]:
    """The next members by id who ever named an account."""
    rows = Claim.objects.filter(member__gt=member).order_by("member")
    return list(rows.values_list("member", flat=True).distinct()[:number])


# --- measures


def _measured(own: Sequence[Account]) -> Iterable[tuple[str, list[Account], Measure]]:
    """Each board with the accounts that count there."""
    yield SCORE, _counting(own, lambda numbers: numbers.is_known), _total
    yield SOLVED, _counting(own, lambda numbers: numbers.solved is not None), _solved
    for one in own:
        rated = [one] if one.now.rating is not None else []
        yield rating_of(one.reading.claim.platform), rated, _rating


def _counting(own: Sequence[Account], known: Callable[[Numbers], bool]) -> list[Account]:
    """Those with a number: the proven ones or, where there is none of these, all."""
    told = [one for one in own if known(one.now)]
    return [one for one in told if one.proven] or told


def _rating(numbers: Sequence[Numbers], _day: date) -> int:
    return numbers[0].rating or 0


def _solved(numbers: Sequence[Numbers], _day: date) -> int:
    return sum(one.solved or 0 for one in numbers)


def _total(numbers: Sequence[Numbers], day: date) -> int:
    return _scored(numbers, day).total


def _scored(numbers: Sequence[Numbers], day: date) -> Score:
    levels = Counter[str]()
    for one in numbers:
        levels.update(one.levels)
    rated = [
        Rated(platform=one.platform, rating=one.rating, played_on=one.played_on)
        for one in numbers
        if one.rating is not None
    ]
    return score(rated=rated, solved=levels, today=day)


def _as_of(kind: str, those: Sequence[Account]) -> datetime | None:
    """The oldest of what the value is made of; one that nobody reads any more holds nobody up."""
    read = [one for one in those if adapters.is_enabled(one.reading.claim.platform)] or those
    times = {one.reading.handle.fresh_at for one in read if kind != SOLVED}
    times |= {one.reading.solved_at for one in read if kind in (SCORE, SOLVED)}
    return min((when for when in times if when is not None), default=None)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
