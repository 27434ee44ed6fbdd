"""The boards as one would count them by hand: one member after another, row by row, in Python."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time

from codetrack.accounts.models import User
from codetrack.core import clock
from codetrack.ratings import queries
from codetrack.ratings.models import Snapshot, Solve
from codetrack.ratings.queries import Reading
from codetrack.ratings.score import Rated, score
from codetrack.standings.models import Period, Standing

type Key = tuple[str, Period, int]  # kind, period, member
GAINED = (Period.WEEK, Period.MONTH)


@dataclass
class Then:
    """One account as it was when `day` began; None: as it is now."""

    reading: Reading
    day: date | None

    @property
    def start(self) -> datetime:
        return datetime.combine(self.day or clock.today(), time(), UTC)

    @property
    def rating(self) -> int | None:
        now = self.reading.rating
        if self.day is None or now is None or not self.reading.changes:
            return now
        before = [one for one in self.reading.changes if one.at < self.start]
        return before[-1].new if before else self.reading.changes[0].new

    @property
    def played_on(self) -> date | None:
        rows = [one for one in self.reading.changes if self.day is None or one.at < self.start]
        return rows[-1].at.date() if rows else None

    @property
    def known(self) -> bool:
        return queries.solved([self.reading]).by_platform[0].is_known

    @property
    def levels(self) -> Counter[str]:
        """As the page of the member has them, less what came since."""
        if self.day is not None and self.reading.counts_solved:
            return self._counted_then()
        levels = Counter(queries.solved([self.reading]).by_level)
        if self.day is not None:
            levels.subtract(self._solved_since())
        return levels

    @property
    def solved(self) -> int:
        return self.levels.total()

    def _counted_then(self) -> Counter[str]:
        rows = Snapshot.objects.filter(handle=self.reading.handle, solved__isnull=False)
        ordered = list(rows.order_by("day"))
        before = [row for row in ordered if row.day < self.start.date()]
        if not ordered:
            return Counter(queries.solved([self.reading]).by_level)
        told = (before or ordered[:1])[-1]
        levels = Counter({name.capitalize(): n for name, n in told.solved_by.items()})
        levels[""] = (told.solved or 0) - levels.total()
        return levels

    def _solved_since(self) -> Counter[str]:
        first: dict[int, Solve] = {}
        rows = Solve.objects.filter(handle=self.reading.handle).select_related("problem__twin")
        for row in sorted(rows, key=lambda row: (row.at, row.pk)):
            first.setdefault(row.problem.twin_id or row.problem_id, row)
        platform = self.reading.platform
        assert platform is not None
        late = [row.problem for row in first.values() if row.at >= self.start]
        return Counter(
            platform.level(one.difficulty or (one.twin.difficulty if one.twin else None))
            for one in late
        )


def slow_boards(members: Iterable[User]) -> dict[Key, tuple[int, bool]]:
    """What stands on every board: value, and whether it is proven."""
    found: dict[Key, tuple[int, bool]] = {}
    for member in members:
        readings = queries.readings(member)
        for one in readings:
            if one.rating is not None:
                _put(found, f"rating:{one.claim.platform}", member, [one], _rating)
        solved = [one for one in readings if Then(one, None).known]
        known = [one for one in readings if one in solved or one.rating is not None]
        _put(found, "solved", member, _best(solved), _solved)
        _put(found, "score", member, _best(known), _score)
    return found


def stored_boards() -> dict[Key, tuple[int, bool]]:
    """What really stands on the boards of today."""
    found = {}
    for row in Standing.objects.select_related("board"):
        period = Period(row.board.period)
        if row.board.starts_on == period.start(clock.today()):
            found[row.board.kind, period, row.member_id] = (row.value, row.proven)
    return found


def _best(readings: list[Reading]) -> list[Reading]:
    return [one for one in readings if one.verified] or readings


def _put(
    found: dict[Key, tuple[int, bool]],
    kind: str,
    member: User,
    readings: list[Reading],
    measure: Callable[[list[Then]], int],
) -> None:
    if not readings:
        return
    proven = readings[0].verified
    value = measure([Then(one, None) for one in readings])
    found[kind, Period.ALL, member.pk] = (value, proven)
    for period in GAINED:
        day = period.start(clock.today())
        gained = value - measure([Then(one, day) for one in readings])
        if gained:
            found[kind, period, member.pk] = (gained, proven)


def _rating(accounts: list[Then]) -> int:
    return accounts[0].rating or 0


def _solved(accounts: list[Then]) -> int:
    return sum(one.solved for one in accounts if one.known)


def _score(accounts: list[Then]) -> int:
    levels: Counter[str] = Counter()
    for one in accounts:
        levels.update(one.levels)
    rated = [
        Rated(platform=one.reading.claim.platform, rating=one.rating, played_on=one.played_on)
        for one in accounts
        if one.rating is not None
    ]
    today = accounts[0].day or clock.today()
    return score(rated=rated, solved=levels, today=today).total
