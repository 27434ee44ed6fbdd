"""Whatever happens to members and their numbers, each board is what brute force says it is."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random

import pytest

from codetrack.accounts.models import Membership, OnBoards, SeenBy, User
from codetrack.core import clock
from codetrack.core.testing import HeldClock, hold_clock
from codetrack.standings import queries, services
from codetrack.standings.models import Period, Standing
from codetrack.standings.queries import Row, Selection
from codetrack.standings.services import Change, Entry, putting
from tests.factories import InstituteFactory, MemberFactory
from tests.standings.brute import Club, Person

FRIDAY = datetime(2026, 11, 13, 9, tzinfo=UTC)
MONDAY = datetime(2026, 11, 16, tzinfo=UTC)
KIND = "rating:lantern"
MEMBERS, STEPS, LOOKS = 16, 45, 15
COUNTRIES, BATCHES = ["", "DE", "IN"], ["", "2026", "2027"]


class Story:
    """The same happens to the club of brute force and to the boards of the database."""

    def __init__(self, seed: int, held: HeldClock) -> None:
        self.random, self.held, self.club = Random(seed), held, Club()
        self.institutes = [InstituteFactory().pk for _ in range(2)]
        for _ in range(MEMBERS):
            self.club.people[MemberFactory().pk] = Person()

    def somebody(self) -> int:
        return self.random.choice(sorted(self.club.people))

    def happen(self) -> None:
        self.held.forward(hours=1)
        what = [self.rate, self.rate, self.rate, self.belong, self.hide, self.travel, self.vanish]
        self.random.choice([*what, self.be_seen])()

    def rate(self) -> None:
        """Ratings rise, fall, are proven or no more, vanish."""
        count = self.random.randint(1, 6)
        entries = {self.somebody(): self.entry() for _ in range(count)}
        self.club.put(entries, clock.now())
        changes = [Change(kind=KIND, entries=entries)]
        if self.club.monday:
            gains = self.club.gains(entries)
            changes.append(Change(kind=KIND, period=Period.WEEK, entries=gains))
        services.put_all(changes=changes)

    def entry(self) -> Entry | None:
        if self.random.random() < 0.15:
            return None
        read = clock.now() - timedelta(hours=self.random.choice([1, 50, 200]))
        proven, value = self.random.random() < 0.7, self.random.randint(-3, 9)
        return Entry(value=value, proven=proven, as_of=self.random.choice([None, read]))

    def belong(self) -> None:
        """Somebody joins, leaves, or is put into another batch."""
        member = self.somebody()
        person = self.club.people[member]
        person.institute = self.random.choice([None, *self.institutes])
        person.batch = self.random.choice(BATCHES) if person.institute else ""
        rows = Membership.objects.current().filter(member=member)
        rows.update(state=Membership.State.ENDED)
        if person.institute:
            Membership.objects.create(
                member_id=member,
                institute_id=person.institute,
                batch=person.batch,
                state=Membership.State.CURRENT,
                way=Membership.Way.LINK,
            )
        services.follow_members(members=[member])

    def hide(self) -> None:
        """Somebody hides, has no name or comes back; an account is closed or opened again."""
        member = self.somebody()
        person = self.club.people[member]
        chosen = self.random.choice(list(OnBoards))
        person.hidden = chosen == OnBoards.HIDDEN
        person.anonymous = chosen == OnBoards.ANONYMOUS
        person.active = self.random.random() < 0.8
        User.objects.filter(pk=member).update(on_boards=chosen, is_active=person.active)
        services.follow_members(members=[member])

    def be_seen(self) -> None:
        member = self.somebody()
        chosen = self.random.choice(list(SeenBy))
        self.club.people[member].private = chosen == SeenBy.NOBODY
        User.objects.filter(pk=member).update(seen_by=chosen)
        services.follow_members(members=[member])

    def travel(self) -> None:
        member = self.somebody()
        self.club.people[member].country = self.random.choice(COUNTRIES)
        User.objects.filter(pk=member).update(country=self.club.people[member].country)
        services.follow_members(members=[member])

    def vanish(self) -> None:
        """An account is erased; seldom, so that somebody is left."""
        if len(self.club.people) > MEMBERS - 3:
            member = self.somebody()
            self.club.erase(member)
            User.objects.get(pk=member).delete()
            services.follow_members(members=[member])

    def begin_week(self) -> None:
        self.held.at = MONDAY
        self.club.begin_week(MONDAY)
        services.board_for(KIND, Period.WEEK)

    def selections(self, period: Period) -> list[Selection]:
        board = services.board_for(KIND, period)
        people = frozenset(self.random.sample(sorted(self.club.people), 7))
        institute = self.random.choice(self.institutes)
        parts: list[dict[str, object]] = [
            {},
            {"people": people},
            {"institute": institute},
            {"institute": institute, "batch": "2026"},
            {"country": "DE"},
            {"batch": "2027"},
            {"fresh_only": True},
            {"people": people, "country": "IN"},
            {"people": frozenset()},
        ]
        return [
            Selection(board=board, unproven=unproven, **part)  # type: ignore[arg-type]
            for part in parts
            for unproven in (False, True)
        ]


@pytest.mark.django_db
@pytest.mark.parametrize("seed", range(4))
def test_boards_are_what_brute_force_says(seed: int, monkeypatch: pytest.MonkeyPatch) -> None:
    draw = Random(seed).randrange
    monkeypatch.setattr(putting, "drawn_lot", lambda: draw(3))  # so that lots are equal, too
    with hold_clock(FRIDAY) as held:
        story = Story(seed, held)
        for step in range(2 * STEPS):
            if step == STEPS:
                story.begin_week()
            story.happen()
            if step % LOOKS == LOOKS - 1:
                look_at_everything(story)
        assert services.reconcile() == 0


def look_at_everything(story: Story) -> None:
    rows = Standing.objects.all()
    for period in (Period.ALL, Period.WEEK):
        if period == Period.ALL or story.club.monday:
            gained = period == Period.WEEK
            for selection in story.selections(period):
                lots = dict(rows.filter(board=selection.board).values_list("member", "lot"))
                expected = story.club.rows(selection, clock.now(), lots, gained=gained)
                assert read_forward(selection, 3) == expected, selection
                assert read_backward(selection, 4, expected) == expected
                look_at_places(selection, expected, story)


def look_at_places(selection: Selection, expected: list[Row], story: Story) -> None:
    assert queries.size(selection) == len(expected)
    placed = {row.member_id: number for number, row in enumerate(expected)}
    member = story.somebody()
    number = placed.get(member)
    found = queries.around(selection, member=member, size=3)
    own = queries.page_of_members(selection, members=[member]).rows
    if number is None:
        assert own == [] and found is None
    else:
        assert own == [expected[number]]
        begin = max(0, min(number - 1, len(expected) - 3))
        assert found
        assert found.rows == expected[begin : begin + 3]
        assert (found.before is not None) == (begin > 0)
        assert (found.after is not None) == (begin + 3 < len(expected))
    rank = story.random.randint(1, len(expected) + 2)
    begin = rank - 1 if rank <= len(expected) else max(0, len(expected) - 3)
    assert queries.page_from(selection, rank=rank, size=3).rows == expected[begin : begin + 3]
    some = story.random.sample(sorted(story.club.people), 4)
    rows = queries.page_of_members(selection, members=some).rows
    assert rows == [row for row in expected if row.member_id in some]


def read_forward(selection: Selection, size: int) -> list[Row]:
    page = queries.page(selection, size=size)
    assert page.before is None
    rows = page.rows
    while page.after:
        page = queries.page(selection, cursor=page.after, size=size)
        assert page.before
        rows = rows + page.rows
    return rows


def read_backward(selection: Selection, size: int, expected: list[Row]) -> list[Row]:
    page = queries.page_from(selection, rank=max(1, len(expected)), size=size)
    assert page.after is None
    rows = page.rows
    while page.before:
        page = queries.page(selection, cursor=page.before, size=size)
        assert page.after
        rows = page.rows + rows
    return rows
