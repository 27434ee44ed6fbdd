"""Going through a board: cursors that were given, cursors that were not, and filters for nobody."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils.http import urlsafe_base64_decode

from codetrack.core.errors import Problem
from codetrack.standings import queries, services
from codetrack.standings.models import Board
from codetrack.standings.queries import Row, Selection, cursors
from codetrack.standings.queries.cursors import Place
from codetrack.standings.services import Entry
from tests.cast import Cast
from tests.factories import MemberFactory

KIND = "rating:lantern"


@pytest.fixture
def board(cast: Cast) -> Board:
    people = (cast.alice, cast.bob, cast.erin, cast.dana)
    stand({who.pk: 1500 - number for number, who in enumerate(people)})
    return services.board_for(KIND)


def stand(values: dict[int, int]) -> None:
    entries = {pk: Entry(value=value, proven=True) for pk, value in values.items()}
    services.put(kind=KIND, entries=entries)


def after(selection: Selection) -> str:
    cursor = queries.page(selection, size=2).after
    assert cursor
    return cursor


MADE_UP = ["x", "d1500.1", "d1500.1:", ":", "d1.1:AAAA", "\x00", "🦊", "d" * 5_000, "\ud800"]


@pytest.mark.parametrize("cursor", MADE_UP)
def test_a_cursor_made_up_by_hand_is_refused(board: Board, cursor: str) -> None:
    with pytest.raises(Problem) as refused:
        queries.page(Selection(board=board), cursor=cursor)
    assert refused.value.code == "bad_cursor"


def test_a_cursor_whose_place_was_changed_is_refused(board: Board) -> None:
    selection = Selection(board=board)
    cursor = after(selection)
    for place in range(len(cursor) - 1):
        other = "A" if cursor[place] != "A" else "B"
        with pytest.raises(Problem):
            queries.page(selection, cursor=f"{cursor[:place]}{other}{cursor[place + 1 :]}")


def test_a_cursor_does_not_say_whose_row_it_is(board: Board) -> None:
    """An anonymous member may stand at the end of a page."""
    selection = Selection(board=board)
    alice, bob = (Place(1500, 7, who) for who in (1, 2))
    found = [cursors.write(selection, place, up=False) for place in (alice, bob)]
    raw = [urlsafe_base64_decode(cursor) for cursor in found]
    assert all(b"1500" not in one and (1500).to_bytes(8) not in one for one in raw)
    apart = bytes(one ^ other for one, other in zip(*raw, strict=True))
    assert sum(byte != 0 for byte in apart[-17:]) > 8  # and no two share what hides them
    assert [cursors.read(selection, cursor) for cursor in found] == [(alice, False), (bob, False)]


def test_a_cursor_of_another_selection_is_refused(board: Board, cast: Cast) -> None:
    whole = Selection(board=board)
    others = [
        replace(whole, board=services.board_for("score")),
        replace(whole, people=frozenset({cast.alice.pk})),
        replace(whole, institute=cast.institute.pk),
        replace(whole, country="DE"),
        replace(whole, batch="2026"),
        replace(whole, unproven=True),
        replace(whole, fresh_only=True),
    ]
    for other in others:
        with pytest.raises(Problem):
            queries.page(other, cursor=after(whole))


def test_a_cursor_holds_while_one_follows_somebody_more(board: Board, cast: Cast) -> None:
    people = frozenset({cast.alice.pk, cast.bob.pk, cast.erin.pk})
    cursor = after(Selection(board=board, people=people))
    more = Selection(board=board, people=people | {cast.dana.pk})
    page = queries.page(more, cursor=cursor)
    assert [row.member_id for row in page.rows] == [cast.erin.pk, cast.dana.pk]


def test_when_the_rows_after_a_cursor_have_gone_the_last_page_is_shown(
    board: Board, cast: Cast
) -> None:
    selection = Selection(board=board)
    cursor = after(selection)
    services.put(kind=KIND, entries={cast.erin.pk: None, cast.dana.pk: None})
    page = queries.page(selection, cursor=cursor, size=2)
    assert [row.member_id for row in page.rows] == [cast.alice.pk, cast.bob.pk]
    assert (page.before, page.after) == (None, None)


def test_when_the_rows_before_a_cursor_have_gone_the_first_page_is_shown(
    board: Board, cast: Cast
) -> None:
    selection = Selection(board=board)
    cursor = queries.page_from(selection, rank=3, size=2).before
    services.put(kind=KIND, entries={cast.alice.pk: None, cast.bob.pk: None})
    page = queries.page(selection, cursor=cursor or "", size=2)
    assert [row.member_id for row in page.rows] == [cast.erin.pk, cast.dana.pk]
    assert page.before is None


@pytest.mark.parametrize("rank", [5, 10**6, 10**40])
def test_beyond_the_end_is_the_last_page(board: Board, cast: Cast, rank: int) -> None:
    page = queries.page_from(Selection(board=board), rank=rank, size=2)
    assert [row.rank for row in page.rows] == [3, 4]
    assert page.after is None


@pytest.mark.parametrize("rank", [0, -7])
def test_before_the_beginning_is_the_first_page(board: Board, rank: int) -> None:
    page = queries.page_from(Selection(board=board), rank=rank, size=2)
    assert [row.rank for row in page.rows] == [1, 2]
    assert page.before is None


def test_filters_for_nobody_give_an_empty_page(board: Board, cast: Cast) -> None:
    whole = Selection(board=board)
    for nobody in (
        replace(whole, people=frozenset()),
        replace(whole, institute=10**9),
        replace(whole, country="ÄÖ"),
        replace(whole, country="\x00", batch="2026\x00"),
        replace(whole, batch="'; DROP TABLE standings_board; --"),
    ):
        assert queries.page(nobody) == queries.Page(nobody, [])
        assert queries.page_from(nobody, rank=9).rows == []
        assert queries.around(nobody, member=cast.alice.pk) is None
        assert queries.size(nobody) == 0


def test_a_part_too_large_to_count_has_no_size(
    board: Board, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("codetrack.standings.queries.pages.COUNTED", 3)
    assert queries.size(Selection(board=board, institute=cast.institute.pk)) is None
    assert queries.size(Selection(board=board)) == 4


def test_as_many_questions_for_thirty_rows_as_for_one(cast: Cast) -> None:
    stand({cast.alice.pk: 1500})
    whole = Selection(board=services.board_for(KIND))
    parts = [whole, replace(whole, institute=cast.institute.pk)]
    for_one = [questions(part, cast.alice.pk) for part in parts]
    stand({MemberFactory().pk: 1400 + number for number in range(30)})
    assert [questions(part, cast.alice.pk) for part in parts] == for_one


def around(selection: Selection, member: int) -> list[Row]:
    page = queries.around(selection, member=member)
    assert page
    return page.rows


def questions(selection: Selection, member: int) -> list[int]:
    """How many statements each way of reading takes."""
    reads: list[Callable[[], object]] = [
        lambda: queries.page(selection).rows,
        lambda: queries.page_from(selection, rank=1).rows,
        lambda: around(selection, member),
        lambda: queries.page_of_members(selection, members=[member]).rows,
        lambda: queries.size(selection),
    ]
    asked = []
    for read in reads:
        with CaptureQueriesContext(connection) as captured:
            read()
        asked.append(len(captured))
    return asked
