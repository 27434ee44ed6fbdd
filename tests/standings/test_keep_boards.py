"""What is done at night, and by the site admin: boards are opened, counted anew, thrown away."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from codetrack.core.testing import hold_clock
from codetrack.standings import services, tasks
from codetrack.standings.models import Board, Bucket, Period
from codetrack.standings.services import Entry
from tests.cast import Cast
from tests.standings.boards import ORDINARY, SCORE, only_kinds

SUNDAY = datetime(2026, 11, 29, 23, 59, tzinfo=UTC)


@pytest.fixture
def board(cast: Cast) -> Board:
    """With counts that are wrong: one too many, one missing, one of nobody."""
    values = {cast.alice.pk: 1800, cast.bob.pk: 1500}
    entries = {pk: Entry(value=value, proven=True) for pk, value in values.items()}
    services.put(kind=SCORE.key, entries=entries)
    board = services.board_for(SCORE.key)
    board.buckets.filter(value=1800).update(n=2)
    board.buckets.filter(value=1500).delete()
    Bucket.objects.create(board=board, proven=False, value=7, n=3)
    return board


def counts(board: Board) -> dict[int, int]:
    return dict(board.buckets.values_list("value", "n"))


def test_wrong_counts_are_put_right_at_night(board: Board) -> None:
    tasks.reconcile.call()
    assert counts(board) == {1800: 1, 1500: 1}
    assert services.reconcile() == 0


def test_only_the_boards_of_one_kind(board: Board) -> None:
    assert services.reconcile(kind="solved") == 0
    assert services.reconcile(kind=SCORE.key) == 3


def test_the_site_admin_counts_anew(board: Board, cast: Cast, client: Client) -> None:
    client.force_login(cast.ada)
    page = reverse("admin:standings_board_changelist")
    chosen = {"action": "count_anew", "_selected_action": [board.pk]}
    answer = client.post(page, chosen, follow=True)
    assert "3 counts were wrong." in answer.text
    assert counts(board) == {1800: 1, 1500: 1}


def test_nobody_else_sees_boards_there(board: Board, cast: Cast, client: Client) -> None:
    client.force_login(cast.alice)
    assert client.get(reverse("admin:standings_board_changelist")).status_code == 302


def test_counts_kept_since_monday_are_not_counted_anew(board: Board, cast: Cast) -> None:
    services.recount(board=board)
    kept = Board.objects.create(kind=SCORE.key, starts_on=date(2026, 11, 16))
    Bucket.objects.create(board=kept, proven=True, value=1, n=9)
    assert services.reconcile() == 0
    assert counts(kept) == {1: 9}


def test_a_new_week_and_month_are_opened_at_midnight(db: None) -> None:
    with only_kinds(SCORE, ORDINARY), hold_clock(SUNDAY) as held:
        tasks.open_periods.call()
        held.forward(minutes=1)
        tasks.open_periods.call()
        held.forward(days=1)
        tasks.open_periods.call()
    found = set(Board.objects.values_list("kind", "period", "starts_on"))
    assert found == {
        (SCORE.key, Period.WEEK, date(2026, 11, 23)),
        (SCORE.key, Period.WEEK, date(2026, 11, 30)),
        (SCORE.key, Period.MONTH, date(2026, 11, 1)),
        (SCORE.key, Period.MONTH, date(2026, 12, 1)),
    }


def test_periods_long_over_are_thrown_away(board: Board) -> None:
    services.board_for(SCORE.key, Period.MONTH)
    before = set(Board.objects.values_list("period", flat=True))
    assert before == {Period.ALL, Period.MONTH, Period.WEEK}
    with hold_clock(datetime.now(UTC) + timedelta(days=200)):
        tasks.prune_boards.call()
    assert list(Board.objects.all()) == [board]
