"""Boards follow accounts: joining, leaving, hiding, moving to another country, being erased."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from codetrack.accounts import services as accounts
from codetrack.accounts.models import OnBoards, SeenBy, User
from codetrack.core.testing import run_jobs
from codetrack.standings import queries, services
from codetrack.standings.models import Board, Bucket, Standing
from codetrack.standings.queries import Selection
from codetrack.standings.services import Entry
from tests.cast import Cast
from tests.factories import MemberFactory

KIND = "rating:lantern"


@pytest.fixture
def board(cast: Cast) -> Board:
    """Alice has more than Bob; they are of one institute."""
    values = {cast.alice.pk: 1800, cast.bob.pk: 1500}
    entries = {pk: Entry(value=value, proven=True) for pk, value in values.items()}
    services.put(kind=KIND, entries=entries)
    run_jobs()
    return services.board_for(KIND)


def members_on(board: Board, institute: int | None = None) -> list[int]:
    page = queries.page(Selection(board=board, institute=institute))
    return [row.member_id for row in page.rows]


def counts(board: Board) -> dict[int, int]:
    return dict(Bucket.objects.filter(board=board).values_list("value", "n"))


def test_who_leaves_an_institute_leaves_its_board_alone(board: Board, cast: Cast) -> None:
    accounts.leave(member=cast.alice)
    run_jobs()
    assert members_on(board, cast.institute.pk) == [cast.bob.pk]
    assert members_on(board) == [cast.alice.pk, cast.bob.pk]


def test_who_joins_an_institute_comes_onto_its_board(board: Board, cast: Cast) -> None:
    services.put(kind=KIND, entries={cast.charlie.pk: Entry(value=1700, proven=True)})
    accounts.join_by_link(member=cast.charlie, invitation=cast.institute.invitation)
    run_jobs()
    among = [cast.alice.pk, cast.charlie.pk, cast.bob.pk]
    assert members_on(board, cast.institute.pk) == among


def test_who_hides_is_on_no_page_and_in_no_count(board: Board, cast: Cast) -> None:
    hidden = OnBoards.HIDDEN
    accounts.change_privacy(member=cast.alice, seen_by=SeenBy.SITE, on_boards=hidden)
    run_jobs()
    assert members_on(board) == [cast.bob.pk]
    assert counts(board) == {1500: 1}
    own = queries.standing_of(board, cast.alice.pk)
    assert own and own.value == 1800


def test_who_comes_back_has_their_numbers_again(board: Board, cast: Cast) -> None:
    for chosen in (OnBoards.HIDDEN, OnBoards.ANONYMOUS):
        accounts.change_privacy(member=cast.alice, seen_by=SeenBy.SITE, on_boards=chosen)
        run_jobs()
    assert members_on(board) == [cast.alice.pk, cast.bob.pk]
    assert counts(board) == {1800: 1, 1500: 1}


def test_a_rating_read_while_hidden_is_kept_but_not_shown(board: Board, cast: Cast) -> None:
    User.objects.filter(pk=cast.alice.pk).update(on_boards=OnBoards.HIDDEN)
    services.put(kind=KIND, entries={cast.alice.pk: Entry(value=1900, proven=True)})
    assert members_on(board) == [cast.bob.pk]
    assert counts(board) == {1500: 1}


def test_an_account_closed_in_the_admin_site_leaves_the_boards(
    board: Board, cast: Cast, client: Client
) -> None:
    client.force_login(cast.ada)
    page = reverse("admin:accounts_user_change", args=[cast.alice.pk])
    form = client.get(page).context["adminform"].form
    fields = {name: form.initial.get(name) or "" for name in form.fields}
    fields |= {"is_active": "", "date_joined_0": "2026-01-01", "date_joined_1": "10:00:00"}
    answer = client.post(page, {name: value for name, value in fields.items() if value})
    assert answer.status_code == 302
    run_jobs()
    assert members_on(board) == [cast.bob.pk]
    assert counts(board) == {1500: 1}


def test_an_account_erased_in_the_admin_site_leaves_no_trace(
    board: Board, cast: Cast, client: Client
) -> None:
    client.force_login(cast.ada)
    page = reverse("admin:accounts_user_delete", args=[cast.alice.pk])
    assert client.post(page, {"post": "yes"}).status_code == 302
    run_jobs()
    assert members_on(board) == [cast.bob.pk]
    assert counts(board) == {1500: 1}
    assert not Standing.objects.exclude(member=cast.bob).exists()


def test_several_accounts_erased_at_once_leave_no_trace(
    board: Board, cast: Cast, client: Client
) -> None:
    client.force_login(cast.ada)
    chosen = {"action": "delete_selected", "_selected_action": [cast.alice.pk], "post": "yes"}
    assert client.post(reverse("admin:accounts_user_changelist"), chosen).status_code == 302
    run_jobs()
    assert counts(board) == {1500: 1}


def test_a_membership_ended_in_the_admin_site_is_followed(
    board: Board, cast: Cast, client: Client
) -> None:
    client.force_login(cast.ada)
    membership = cast.membership(cast.alice)
    page = reverse("admin:accounts_membership_delete", args=[membership.pk])
    assert client.post(page, {"post": "yes"}).status_code == 302
    run_jobs()
    assert members_on(board, cast.institute.pk) == [cast.bob.pk]


def test_an_institute_that_is_deleted_leaves_everybody_on_the_board(
    board: Board, cast: Cast
) -> None:
    cast.institute.delete()
    assert members_on(board) == [cast.alice.pk, cast.bob.pk]
    assert services.reconcile() == 0


def test_an_account_that_was_erased_behind_our_back_is_found_at_night(
    board: Board, cast: Cast
) -> None:
    User.objects.filter(pk=cast.alice.pk).delete()
    assert services.reconcile() == 1
    assert members_on(board) == [cast.bob.pk]
    assert counts(board) == {1500: 1}


def test_what_no_event_told_is_found_at_night(board: Board, cast: Cast) -> None:
    User.objects.filter(pk=cast.alice.pk).update(on_boards=OnBoards.HIDDEN)
    User.objects.filter(pk=cast.bob.pk).update(country="DE")
    assert services.reconcile() == 2
    assert counts(board) == {1500: 1}
    page = queries.page(Selection(board=board, country="DE"))
    assert [row.member_id for row in page.rows] == [cast.bob.pk]


@pytest.mark.parametrize("chosen", [{"on_boards": OnBoards.ANONYMOUS}, {"seen_by": SeenBy.NOBODY}])
def test_who_has_no_name_any_more_is_found_at_night(
    board: Board, cast: Cast, chosen: dict[str, str]
) -> None:
    User.objects.filter(pk=cast.alice.pk).update(**chosen)
    assert services.reconcile() == 1
    assert Standing.objects.get(board=board, member=cast.alice).named is False
    assert services.reconcile() == 0


def test_as_many_questions_for_one_member_as_for_thirty(board: Board) -> None:
    asked = []
    for count in (1, 30):
        members = [MemberFactory().pk for _ in range(count)]
        with CaptureQueriesContext(connection) as first:
            services.put(kind=KIND, entries={pk: Entry(value=5, proven=True) for pk in members})
        with CaptureQueriesContext(connection) as second:
            services.follow_members(members=members)
        asked.append((len(first), len(second)))
    assert asked[0] == asked[1]
