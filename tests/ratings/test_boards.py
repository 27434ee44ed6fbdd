"""What is read of accounts stands on the boards, by the events and the consumer that follow."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries, Settings

from codetrack.accounts.models import User
from codetrack.core import clock as house
from codetrack.core import events, testing
from codetrack.core.models import Event, Job, Position
from codetrack.core.testing import HeldClock
from codetrack.platforms.base import NotFound, Private, Problem, Profile, RatingChange, Verdict
from codetrack.ratings import queries, services, tasks
from codetrack.ratings.models import Claim, Handle, Snapshot
from codetrack.standings import kinds
from codetrack.standings.models import Board, Period, Standing
from tests.factories import MemberFactory
from tests.ratings.conftest import NOON
from tests.ratings.deeds import account, attempt, prove, solve

pytestmark = pytest.mark.usefixtures("clock")
DAY = timedelta(days=1)
MONDAY = datetime(2026, 11, 16, tzinfo=UTC)  # NOON is the Saturday after it
CF = "rating:codeforces"
type Link = Callable[..., Claim]


def contest(number: int, at: datetime, new: int, old: int | None = None) -> RatingChange:
    return RatingChange(
        handle="",
        contest_key=str(number),
        contest_name=f"Round {number}",
        rank=100,
        old=old,
        new=new,
        at=at,
    )


def read(handle: Handle, **told: object) -> Handle:
    """One good reading of the profile, now."""
    row = Handle.objects.get(pk=handle.pk)
    profile = Profile(handle=row.shown, **told)  # type: ignore[arg-type]
    services.apply_profiles(found={row.pk: profile}, at=house.now())
    return Handle.objects.select_related("current").get(pk=handle.pk)


def rated(handle: Handle, *changes: RatingChange) -> None:
    read(handle, rating=changes[-1].new)
    services.apply_history(read={handle.pk: changes}, at=house.now())


def run_jobs() -> None:
    """All but the reading of platforms: what is read is given to the services here."""
    testing.run_jobs(["default"])


def stand(kind: str, period: Period = Period.ALL, day: date | None = None) -> dict[str, int]:
    """The values on a board by username, once everybody has done what was to be done."""
    run_jobs()
    start = period.start(day or house.today())
    rows = Standing.objects.filter(board__kind=kind, board__period=period, board__starts_on=start)
    return dict(rows.values_list("member__username", "value"))


def proven(kind: str) -> dict[str, bool]:
    rows = Standing.objects.filter(board__kind=kind, board__period=Period.ALL)
    return dict(rows.values_list("member__username", "proven"))


@pytest.fixture
def handle(alice: User) -> Handle:
    """Alice's account on Codeforces, proven, read, never rated."""
    handle = account(alice)
    prove(handle)
    return handle


# --- which boards there are


def test_there_is_a_board_of_the_score_of_what_is_solved_and_of_each_platform() -> None:
    keys = [kind.key for kind in kinds.offered() if not kind.key.startswith("points")]
    assert keys == ["score", "solved", "rating:codechef", "rating:codeforces", "rating:leetcode"]
    assert set(queries.board_kinds()) == set(keys)
    board = kinds.kind(CF)
    assert board is not None
    tier = board.tier(1900)
    assert tier is not None and (tier.name, tier.level) == ("Candidate Master", 6)


def test_a_platform_that_is_switched_off_has_no_board(settings: Settings) -> None:
    settings.PLATFORMS = {
        key: {**chosen, "enabled": key != "leetcode"} for key, chosen in settings.PLATFORMS.items()
    }
    assert "rating:leetcode" not in [kind.key for kind in kinds.offered()]
    assert "rating:codeforces" in [kind.key for kind in kinds.offered()]


# --- ratings


def test_a_rating_stands_on_its_board_and_in_the_score(handle: Handle) -> None:
    rated(handle, contest(1, MONDAY - 9 * DAY, 1600))
    assert stand(CF) == {"alice": 1600}
    assert stand("score") == {"alice": 283}  # 56 % of the strength 507
    assert stand("solved") == {"alice": 0}
    row = Standing.objects.get(board__kind=CF, board__period=Period.ALL)
    assert (row.proven, row.as_of) == (True, NOON)


def test_who_was_never_rated_is_on_no_board_of_ratings(handle: Handle) -> None:
    assert stand(CF) == {}
    assert stand("score") == {"alice": 0}


def test_a_new_rating_replaces_the_old_one_and_goes_down_too(
    handle: Handle, clock: HeldClock
) -> None:
    first = contest(1, MONDAY - 9 * DAY, 1600)
    rated(handle, first)
    clock.forward(hours=3)
    rated(handle, first, contest(2, NOON, 1530, 1600))
    assert stand(CF) == {"alice": 1530}
    assert stand(CF, Period.WEEK) == stand(CF, Period.MONTH) == {"alice": -70}


def test_a_rating_that_only_the_profile_tells_stands_there_at_once(
    handle: Handle, clock: HeldClock
) -> None:
    rated(handle, contest(1, MONDAY - 9 * DAY, 1600))
    clock.forward(hours=3)
    read(handle, rating=1650)  # its contest is not listed yet
    assert stand(CF) == {"alice": 1650}
    assert stand(CF, Period.WEEK) == {"alice": 50}


def test_a_rating_that_vanishes_leaves_the_board(handle: Handle, clock: HeldClock) -> None:
    read(handle, rating=1600)  # and no contest to believe it by
    assert stand(CF) == {"alice": 1600}
    clock.forward(hours=3)
    read(handle)
    assert stand(CF) == {}
    assert stand("score") == {"alice": 0}


def test_a_correction_of_a_past_contest_moves_no_gain_of_this_week(
    handle: Handle, clock: HeldClock
) -> None:
    rows = [contest(1, MONDAY - 9 * DAY, 1600), contest(2, NOON - DAY, 1640, 1600)]
    rated(handle, *rows)
    assert stand(CF, Period.WEEK) == {"alice": 40}
    clock.forward(hours=3)
    rated(handle, contest(1, MONDAY - 9 * DAY, 1580), contest(2, NOON - DAY, 1620, 1580))
    assert stand(CF) == {"alice": 1620}
    assert stand(CF, Period.WEEK) == {"alice": 40}


def test_a_contest_that_is_withdrawn_is_taken_back(handle: Handle, clock: HeldClock) -> None:
    rows = [contest(1, MONDAY - 9 * DAY, 1600), contest(2, NOON - DAY, 1640, 1600)]
    rated(handle, *rows)
    clock.forward(hours=3)
    rated(handle, rows[0])
    assert stand(CF) == {"alice": 1600}
    assert stand(CF, Period.WEEK) == {}


def test_a_first_rating_is_a_beginning_and_no_gain(handle: Handle) -> None:
    first, second = contest(1, NOON - 3 * DAY, 1400, 0), contest(2, NOON - DAY, 1470, 1400)
    rated(handle, first, second)
    assert stand(CF) == {"alice": 1470}
    assert stand(CF, Period.WEEK) == stand(CF, Period.MONTH) == {"alice": 70}


def test_who_neither_gained_nor_lost_is_not_on_the_board_of_the_week(handle: Handle) -> None:
    rated(handle, contest(1, MONDAY - timedelta(seconds=1), 1600))
    assert stand(CF, Period.WEEK) == {}


def test_a_week_begins_on_monday_and_a_month_on_its_first_day_in_utc(handle: Handle) -> None:
    start = datetime(2026, 11, 1, tzinfo=UTC)
    rated(
        handle,
        contest(1, start - timedelta(seconds=1), 1500),
        contest(2, start, 1540, 1500),
        contest(3, MONDAY - timedelta(seconds=1), 1550, 1540),
        contest(4, MONDAY, 1553, 1550),
    )
    assert stand(CF, Period.WEEK) == {"alice": 3}
    assert stand(CF, Period.MONTH) == {"alice": 53}


# --- solved


def test_what_is_solved_counts_once_over_all_accounts(
    alice: User, handle: Handle, clock: HeldClock
) -> None:
    there = account(alice, "leetcode")
    prove(there)
    clock.forward(hours=1)
    read(there, solved=120, solved_by={"easy": 70, "medium": 40, "hard": 10})
    solve(handle, attempt("1-A", 2 * DAY), attempt("1-A", DAY), attempt("1-B", DAY))
    assert stand("solved") == {"alice": 122}
    solve(handle, attempt("1-C", DAY, verdict=Verdict.WRONG_ANSWER))
    assert stand("solved") == {"alice": 122}


def test_solved_this_week_counts_by_the_first_time(handle: Handle) -> None:
    solve(handle, attempt("1-A", 10 * DAY), attempt("1-A", DAY), attempt("1-B", DAY))
    assert stand("solved", Period.WEEK) == {"alice": 1}
    assert stand("solved", Period.MONTH) == {"alice": 2}


def test_a_platform_that_counts_itself_gains_from_the_first_reading(
    alice: User, clock: HeldClock
) -> None:
    there = account(alice, "leetcode")
    clock.at = NOON - 2 * DAY
    Snapshot.objects.all().delete()
    Handle.objects.update(current=None, fresh_at=None)
    read(there, solved=100, solved_by={"Easy": 100})
    assert stand("solved", Period.WEEK) == {}
    clock.forward(days=2)
    read(there, solved=103, solved_by={"Easy": 101, "Medium": 2})
    assert stand("solved", Period.WEEK) == {"alice": 3}
    clock.forward(hours=2)
    read(there, solved=102, solved_by={"Easy": 100, "Medium": 2})  # it takes one back
    assert stand("solved") == {"alice": 102}
    assert stand("solved", Period.WEEK) == {"alice": 2}


def test_what_was_accepted_and_refused_afterwards_is_taken_back(handle: Handle) -> None:
    once = attempt("1-A", DAY)
    solve(handle, once)
    assert stand("solved") == {"alice": 1}
    solve(handle, attempt("1-A", DAY, verdict=Verdict.WRONG_ANSWER))
    assert stand("solved") == {"alice": 0}
    assert stand("solved", Period.WEEK) == {}


def test_a_difficulty_that_becomes_known_moves_the_score(handle: Handle) -> None:
    unknown = [attempt(f"1-{n}", 40 * DAY, difficulty=None) for n in range(60)]
    solve(handle, *unknown)
    assert stand("score") == {"alice": 8}
    rows = [Problem(key=f"1-{n}", title="", url="", difficulty=2400, index="A") for n in range(60)]
    services.apply_problems(platform="codeforces", read=rows)
    assert stand("score") == {"alice": 37}
    assert stand("score", Period.WEEK) == {}  # it was as difficult before


# --- whose it is


def test_an_account_that_is_not_proven_stands_there_as_such(alice: User) -> None:
    rated(account(alice), contest(1, MONDAY - 9 * DAY, 1600))
    assert stand(CF) == {"alice": 1600}
    assert proven(CF) == {"alice": False}


def test_a_proof_makes_it_proven(alice: User) -> None:
    handle = account(alice)
    rated(handle, contest(1, MONDAY - 9 * DAY, 1600))
    run_jobs()
    prove(handle)
    run_jobs()
    assert proven(CF) == proven("score") == proven("solved") == {"alice": True}


def test_proven_accounts_count_alone_where_there_is_one(
    alice: User, handle: Handle, clock: HeldClock
) -> None:
    other = account(alice, "leetcode")
    clock.forward(hours=1)
    read(other, rating=2200, solved=500, solved_by={"Medium": 500})
    rated(handle, contest(1, MONDAY - 9 * DAY, 1600))
    solve(handle, attempt("1-A", DAY, difficulty=800))
    assert stand("solved") == {"alice": 1}
    assert stand("score") == {"alice": 283}
    assert stand("rating:leetcode") == {"alice": 2200}
    assert proven("rating:leetcode") == {"alice": False}
    services.unlink_handle(claim=handle.claims.get(), by=alice)
    assert stand("solved") == {"alice": 500}
    assert proven("solved") == {"alice": False}


def test_who_unlinks_leaves_the_boards_and_comes_back_with_another_account(
    alice: User, handle: Handle, link: Link
) -> None:
    rated(handle, contest(1, MONDAY - 9 * DAY, 1500), contest(2, NOON - DAY, 1600, 1500))
    assert stand(CF) == {"alice": 1600}
    services.unlink_handle(claim=handle.claims.get(), by=alice)
    boards = (CF, "score", "solved")
    assert [stand(kind) for kind in boards] == [{}, {}, {}]
    assert [stand(kind, Period.WEEK) for kind in boards] == [{}, {}, {}]
    link(alice, handle.shown)  # the history stayed with the account
    assert stand(CF) == {"alice": 1600}
    assert proven(CF) == {"alice": False}


def test_an_account_that_another_member_proves_changes_sides(
    alice: User, bob: User, handle: Handle, link: Link
) -> None:
    rated(handle, contest(1, MONDAY - 9 * DAY, 1600))
    link(bob, handle.shown)
    assert stand(CF) == {"alice": 1600, "bob": 1600}
    assert proven(CF) == {"alice": True, "bob": False}
    claim = bob.claims.get()
    method = "first_name"
    proof = services.start_proof(claim=claim, method=method, by=bob)
    told = Profile(handle=handle.shown, rating=1600, texts={method: services.token_of(proof)})
    services.settle_proof(proof=proof, found=told, at=house.now())
    assert stand(CF) == stand("score").fromkeys(["bob"], 1600)
    assert proven(CF) == {"bob": True}


def test_two_accounts_that_turn_out_to_be_one_stand_once(
    alice: User, bob: User, handle: Handle, link: Link, clock: HeldClock
) -> None:
    rated(handle, contest(1, MONDAY - 9 * DAY, 1600))
    link(bob, "renamed")
    run_jobs()
    clock.forward(hours=3)
    told = Profile(handle="renamed", rating=1610, renamed_from=handle.shown)
    services.apply_profiles(found={handle.pk: told}, at=house.now())
    run_jobs()
    rows = Standing.objects.filter(board__kind=CF, board__period=Period.ALL)
    assert set(rows.values_list("member__username", "value", "proven")) == {
        ("alice", 1610, True),
        ("bob", 1610, False),
    }


@pytest.mark.parametrize("error", [NotFound("no such account"), Private("hidden")])
def test_an_account_that_cannot_be_read_any_more_keeps_its_place_and_its_age(
    handle: Handle, clock: HeldClock, error: NotFound | Private
) -> None:
    rated(handle, contest(1, MONDAY - 9 * DAY, 1600))
    for _ in range(2):
        clock.forward(days=2)
        services.apply_profiles(found={handle.pk: error}, at=house.now())
    assert stand(CF) == {"alice": 1600}
    assert Standing.objects.get(board__kind=CF, board__period=Period.ALL).as_of == NOON


# --- how fresh


def test_a_reading_that_says_nothing_new_writes_to_no_board(
    handle: Handle, clock: HeldClock
) -> None:
    rated(handle, contest(1, MONDAY - 9 * DAY, 1600))
    run_jobs()
    before = Event.objects.filter(tag__startswith="ratings:").count()
    clock.forward(hours=3)
    read(handle, rating=1600)
    run_jobs()
    assert Event.objects.filter(tag__startswith="ratings:").count() == before
    assert Standing.objects.get(board__kind=CF, board__period=Period.ALL).as_of == NOON


def night() -> None:
    tasks.refresh_boards.call()
    run_jobs()


def test_every_night_says_how_fresh_all_of_it_is(handle: Handle, clock: HeldClock) -> None:
    rated(handle, contest(1, MONDAY - 9 * DAY, 1600))
    run_jobs()
    clock.forward(hours=9)
    read(handle, rating=1600)
    clock.forward(hours=4)
    night()
    as_of = set(Standing.objects.filter(board__kind=CF).values_list("as_of", flat=True))
    assert as_of == {NOON + timedelta(hours=9)}


def test_what_is_solved_is_as_old_as_the_oldest_of_its_accounts(
    alice: User, handle: Handle, clock: HeldClock
) -> None:
    other = account(alice, "leetcode")
    prove(other)
    clock.forward(days=4)
    read(handle, rating=1500)
    run_jobs()
    as_of = dict(
        Standing.objects.filter(board__period=Period.ALL).values_list("board__kind", "as_of")
    )
    assert as_of == {CF: house.now(), "solved": NOON, "score": NOON}


# --- nights


def test_a_new_week_begins_with_empty_boards(handle: Handle, clock: HeldClock) -> None:
    rated(handle, contest(1, MONDAY - 9 * DAY, 1500), contest(2, NOON - DAY, 1600, 1500))
    assert stand(CF, Period.WEEK) == {"alice": 100}
    clock.at = MONDAY + 7 * DAY
    night()
    assert stand(CF, Period.WEEK) == {}
    assert stand(CF, Period.WEEK, NOON.date()) == {"alice": 100}  # the last week is kept
    assert Board.objects.filter(kind=CF, period=Period.WEEK).count() == 2
    assert stand(CF, Period.MONTH) == {"alice": 100}


def test_a_score_fades_in_the_night(handle: Handle, clock: HeldClock) -> None:
    rated(handle, contest(1, NOON - 90 * DAY, 1600))
    assert stand("score") == {"alice": 283}
    clock.at = datetime(2026, 11, 28, tzinfo=UTC)
    night()
    assert stand("score") == {"alice": 281}
    assert stand("score", Period.WEEK) == {"alice": -2}


def test_the_night_takes_all_members_one_portion_after_another(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    members = [MemberFactory() for _ in range(5)]
    for member in members:
        rated(account(member), contest(1, MONDAY - 9 * DAY, 1400 + member.pk))
    run_jobs()
    Standing.objects.all().delete()
    monkeypatch.setattr(tasks, "ONE_GO", 2)
    night()
    assert stand(CF) == {one.username: 1400 + one.pk for one in members}
    failed = Job.objects.filter(task__contains="refresh_boards").exclude(status=Job.Status.DONE)
    assert not failed.exists()


def test_a_club_that_was_there_before_the_boards_finds_itself_on_them(handle: Handle) -> None:
    rated(handle, contest(1, MONDAY - 9 * DAY, 1600))
    run_jobs()
    Standing.objects.all().delete()
    Board.objects.all().delete()
    Position.objects.filter(consumer="standings").delete()  # as if it were new
    events.catch_up()
    assert stand(CF) == {"alice": 1600}


# --- at once


def test_many_members_take_as_many_queries_as_one(
    db: None,
    django_assert_max_num_queries: DjangoAssertNumQueries,
) -> None:
    members = [MemberFactory() for _ in range(40)]
    for number, member in enumerate(members):
        own = account(member)
        rated(own, contest(1, MONDAY - 9 * DAY, 1400), contest(2, NOON - DAY, 1400 + number, 1400))
        solve(own, attempt("1-A", DAY), attempt("1-B", 9 * DAY))
    with django_assert_max_num_queries(5):
        found = queries.marks([one.pk for one in members], house.today())
    assert len(found[CF]) == len(found["solved"]) == len(found["score"]) == 40
    with django_assert_max_num_queries(5):
        queries.marks([members[0].pk], house.today())
