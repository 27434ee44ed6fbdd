"""How many places members moved since Monday, on known values."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest

from codetrack.accounts.models import User
from codetrack.core.testing import HeldClock, hold_clock
from codetrack.standings import kinds, queries, services
from codetrack.standings.models import Period
from codetrack.standings.queries import Row, Selection
from codetrack.standings.services import Change, Entry
from tests.cast import Cast
from tests.standings.boards import ORDINARY, only_kinds

SUNDAY = datetime(2026, 11, 15, 20, tzinfo=UTC)
TUESDAY = datetime(2026, 11, 17, 9, tzinfo=UTC)
KIND = "rating:lantern"


@pytest.fixture
def held(cast: Cast) -> Iterator[HeldClock]:
    """On Sunday Alice was first, Bob second, Erin and Dana third; now it is Tuesday."""
    with hold_clock(SUNDAY) as held:
        values = {cast.alice: 1800, cast.bob: 1700, cast.erin: 1600, cast.dana: 1600}
        put({who: (value, 0) for who, value in values.items()})
        held.at = TUESDAY
        yield held


def put(values: dict[User, tuple[int, int]], kind: str = KIND) -> None:
    """Values, and what was gained of them this week."""
    now = {who.pk: Entry(value=value, proven=True) for who, (value, _) in values.items()}
    gained = {who.pk: Entry(value=n, proven=True) if n else None for who, (_, n) in values.items()}
    week = Change(kind=kind, period=Period.WEEK, entries=gained)
    services.put_all(changes=[Change(kind=kind, entries=now), week])


def rows(kind: str = KIND, /, **part: object) -> dict[int, Row]:
    selection = Selection(board=services.board_for(kind), **part)  # type: ignore[arg-type]
    return {row.member_id: row for row in queries.page(selection).rows}


def moved(**part: object) -> dict[int, int | None]:
    return {member: row.moved for member, row in rows(**part).items()}


def test_nobody_moved_at_first(held: HeldClock) -> None:
    services.open_periods()
    services.board_for(KIND, Period.WEEK)
    assert set(moved().values()) == {0}


def test_places_gained_and_lost(held: HeldClock, cast: Cast) -> None:
    put({cast.dana: (1900, 300), cast.alice: (1650, -150)})
    expected = {cast.dana.pk: 2, cast.bob.pk: 0, cast.alice.pk: -2, cast.erin.pk: -1}
    assert moved() == expected
    assert not any(row.is_new for row in rows().values())


def test_within_an_institute_and_among_some_people(held: HeldClock, cast: Cast) -> None:
    put({cast.dana: (1900, 300), cast.alice: (1650, -150)})
    institute = {cast.dana.pk: 2, cast.bob.pk: 0, cast.alice.pk: -2, cast.erin.pk: -1}
    assert moved(institute=cast.institute.pk) == institute
    some = frozenset({cast.dana.pk, cast.alice.pk, cast.erin.pk})
    assert moved(people=some) == {cast.dana.pk: 1, cast.alice.pk: -1, cast.erin.pk: -1}


def test_who_came_this_week_is_new(held: HeldClock, cast: Cast) -> None:
    put({cast.charlie: (1750, 0)})
    found = rows()
    assert found[cast.charlie.pk].is_new
    assert found[cast.charlie.pk].moved is None
    assert found[cast.bob.pk].moved == -1


def test_in_the_first_week_of_a_board_there_are_no_arrows(held: HeldClock, cast: Cast) -> None:
    put({cast.alice: (5, 0), cast.bob: (3, 0)}, kind="solved")
    assert [(row.moved, row.is_new) for row in rows("solved").values()] == [(None, False)] * 2


def test_a_country_has_no_arrows(held: HeldClock, cast: Cast) -> None:
    User.objects.filter(pk=cast.alice.pk).update(country="DE")
    services.follow_members(members=[cast.alice.pk])
    put({cast.dana: (1900, 300)})
    assert moved(country="DE") == {cast.alice.pk: None}


def test_boards_of_a_week_have_no_arrows(held: HeldClock, cast: Cast) -> None:
    put({cast.dana: (1900, 300), cast.alice: (1650, -150)})
    week = queries.board(KIND, Period.WEEK)
    assert week
    found = queries.page(Selection(board=week)).rows
    assert [(row.value, row.moved) for row in found] == [(300, None), (-150, None)]


def test_where_nothing_is_said_of_gains_there_are_no_arrows(held: HeldClock, cast: Cast) -> None:
    with only_kinds(ORDINARY):
        services.put(kind=ORDINARY.key, entries={cast.alice.pk: Entry(value=1, proven=True)})
        services.open_periods()
        held.forward(days=7)
        services.put(kind=ORDINARY.key, entries={cast.bob.pk: Entry(value=2, proven=True)})
        assert kinds.kind(ORDINARY.key)
        assert {row.moved for row in rows(ORDINARY.key).values()} == {None}


def test_an_arrow_starts_anew_on_monday(held: HeldClock, cast: Cast) -> None:
    put({cast.dana: (1900, 300)})
    held.at = datetime(2026, 11, 23, 0, 1, tzinfo=UTC)
    services.board_for(KIND, Period.WEEK)
    assert set(moved().values()) == {0}


def test_boards_of_long_ago_are_thrown_away(held: HeldClock, cast: Cast) -> None:
    put({cast.dana: (1900, 300)})
    services.board_for(KIND, Period.MONTH)
    held.forward(days=36)
    assert services.prune(weeks=timedelta(weeks=5), months=timedelta(days=93)) == 3
    assert queries.board(KIND, Period.WEEK, date(2026, 11, 17)) is None
    assert queries.board(KIND, Period.MONTH, date(2026, 11, 17))
    held.forward(days=93)
    assert services.prune(weeks=timedelta(weeks=5), months=timedelta(days=93)) == 1
    assert len(rows()) == 4
