"""Values are put on boards, go up and down, vanish and are corrected."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from codetrack.accounts.models import User
from codetrack.core import events
from codetrack.core.models import Event
from codetrack.core.testing import hold_clock, run_jobs
from codetrack.live.topics import allowed
from codetrack.standings import queries, services
from codetrack.standings.models import Bucket, Standing
from codetrack.standings.queries import Selection
from codetrack.standings.services import Change, Entry
from tests.cast import Cast

KIND = "rating:lantern"
NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)


def proven(value: int) -> Entry:
    return Entry(value=value, proven=True)


def counts() -> dict[tuple[bool, int], int]:
    rows = Bucket.objects.filter(board=services.board_for(KIND))
    return {(row.proven, row.value): row.n for row in rows}


def ranks(*, unproven: bool = False) -> dict[int, int]:
    selection = Selection(board=services.board_for(KIND), unproven=unproven)
    return {row.member_id: row.rank for row in queries.page(selection).rows}


def test_equals_share_a_rank_and_the_next_is_behind_all_of_them(cast: Cast) -> None:
    values = {cast.alice: 1500, cast.bob: 1700, cast.erin: 1500, cast.dana: 900}
    services.put(kind=KIND, entries={who.pk: proven(value) for who, value in values.items()})
    expected = {cast.bob.pk: 1, cast.alice.pk: 2, cast.erin.pk: 2, cast.dana.pk: 4}
    assert ranks() == expected
    assert counts() == {(True, 1700): 1, (True, 1500): 2, (True, 900): 1}


def test_a_rating_that_falls_moves_its_count(cast: Cast) -> None:
    for value in (1500, 1400):
        services.put(kind=KIND, entries={cast.alice.pk: proven(value)})
    assert counts() == {(True, 1400): 1}


def test_a_rating_that_vanishes_takes_its_member_off(cast: Cast) -> None:
    services.put(kind=KIND, entries={cast.alice.pk: proven(1500), cast.bob.pk: proven(1500)})
    services.put(kind=KIND, entries={cast.alice.pk: None})
    assert ranks() == {cast.bob.pk: 1}
    assert counts() == {(True, 1500): 1}


def test_taking_off_who_is_not_there_changes_nothing(cast: Cast) -> None:
    services.put(kind=KIND, entries={cast.alice.pk: None})
    assert counts() == {}
    assert not Event.objects.filter(tag="standings:board:changed").exists()


def test_somebody_without_an_account_is_passed_over(cast: Cast) -> None:
    services.put(kind=KIND, entries={10**6: proven(1500), cast.alice.pk: proven(1)})
    assert ranks() == {cast.alice.pk: 1}


def test_unproven_values_stand_on_the_other_view_alone(cast: Cast) -> None:
    entries = {cast.alice.pk: proven(1500), cast.bob.pk: Entry(value=2000, proven=False)}
    services.put(kind=KIND, entries=entries)
    assert ranks() == {cast.alice.pk: 1}
    assert ranks(unproven=True) == {cast.bob.pk: 1, cast.alice.pk: 2}


def test_negative_values_and_the_widest_ones_are_ranked(cast: Cast) -> None:
    values = {cast.alice: -(2**31), cast.bob: 2**31 - 1, cast.erin: 0, cast.dana: -1}
    services.put(kind=KIND, entries={who.pk: proven(value) for who, value in values.items()})
    assert list(ranks()) == [cast.bob.pk, cast.erin.pk, cast.dana.pk, cast.alice.pk]


def test_the_same_again_writes_nothing(cast: Cast) -> None:
    services.put(kind=KIND, entries={cast.alice.pk: proven(1500)})
    changed = services.board_for(KIND).changed_at
    services.put(kind=KIND, entries={cast.alice.pk: proven(1500)})
    assert services.board_for(KIND).changed_at == changed


def test_who_becomes_proven_is_on_the_board_since_then(cast: Cast) -> None:
    with hold_clock(NOON) as held:
        for is_proven, since in ((False, NOON), (True, None), (True, None), (False, None)):
            entry = Entry(value=1, proven=is_proven)
            services.put(kind=KIND, entries={cast.alice.pk: entry})
            row = Standing.objects.get(board__starts_on="1970-01-01", member=cast.alice)
            if is_proven and since is None:
                assert row.since > NOON
            held.forward(hours=1)
        assert row.since < held.at


def test_more_than_a_thousand_at_once(db: None) -> None:
    names = [f"one-of-many-{number}" for number in range(2_100)]
    members = User.objects.bulk_create(
        User(username=name, email=f"{name}@example.org") for name in names
    )
    entries: dict[int, Entry | None] = {one.pk: proven(one.pk % 7) for one in members}
    services.put(kind=KIND, entries=entries)
    assert sum(counts().values()) == 2_100
    services.put(kind=KIND, entries=dict.fromkeys(entries))
    assert counts() == {}


def test_boards_of_one_call_change_together(cast: Cast) -> None:
    entries: dict[int, Entry | None] = {cast.alice.pk: proven(1)}
    with pytest.raises(ZeroDivisionError):
        services.put_all(changes=(Change(kind=KIND, entries={1 // n: None}) for n in (1, 0)))
    services.put_all(changes=[Change(kind=kind, entries=entries) for kind in (KIND, "score")])
    assert Standing.objects.count() == 2


def test_open_pages_are_told_once_of_many_changes(cast: Cast) -> None:
    with hold_clock(NOON) as held:
        for value in range(3):
            services.put(kind=KIND, entries={cast.alice.pk: proven(value)})
        run_jobs()
        assert not Event.objects.filter(tag="standings:board:changed").exists()
        held.forward(seconds=3)
        run_jobs()
    board = services.board_for(KIND)
    (told,) = Event.objects.filter(tag="standings:board:changed")
    assert told.topics == [f"leaderboard:{board.pk}"]
    assert told.until is not None
    with hold_clock(told.until) as held:
        held.forward(seconds=1)
        assert events.prune() == 1


def test_everybody_with_an_account_may_listen_to_boards_that_are(cast: Cast) -> None:
    board = services.board_for(KIND)
    names = [f"leaderboard:{board.pk}", "leaderboard:987654"]
    assert allowed(cast.charlie, names) == {names[0]}
