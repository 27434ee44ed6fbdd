"""What the demo club shows of its people at first look: boards, follows, feed, invitations."""

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import transaction
from django.db.models import Sum
from django.test import Client
from pytest_django import DjangoDbBlocker

from codetrack.accounts import queries as accounts
from codetrack.accounts.models import (
    Invitation,
    Membership,
    OnBoards,
    Outcome,
    RosterLine,
    SeenBy,
    User,
)
from codetrack.core.testing import hold_clock
from codetrack.demo.seed import ADMIN, CLUB, NEIGHBOURS, NEWCOMER, seed
from codetrack.demo.servers import Pretend, pretend
from codetrack.ratings import services as ratings
from codetrack.ratings.models import Claim
from codetrack.standings import kinds, queries
from codetrack.standings.models import Board, Period, Standing
from codetrack.standings.queries.feed import feed_of

THURSDAY = datetime(2026, 11, 19, 12, tzinfo=UTC)

pytestmark = [pytest.mark.django_db, pytest.mark.slow]  # the whole club each time


@pytest.fixture(scope="module")
def club(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Pretend]:
    """As it is made in the middle of a week."""
    with django_db_blocker.unblock(), transaction.atomic(), hold_clock(THURSDAY) as held:
        made = pretend(size=60, clock=held.timestamp)
        assert seed(made, lambda key: f"http://127.0.0.1:1/{key}")
        yield made
        transaction.set_rollback(True)


def board(kind: str, period: Period = Period.ALL) -> Board:
    found = queries.board(kind, period)
    assert found is not None
    return found


def test_there_is_somebody_on_every_board(club: Pretend) -> None:
    keys = [kind.key for kind in kinds.offered()]
    assert {"score", "solved", "rating:codeforces", "rating:leetcode"} <= set(keys)
    for key in keys:
        for period in Period:
            rows = Standing.objects.filter(board=board(key, period), shown=True, proven=True)
            assert rows.count() >= 3, (key, period)


def test_members_moved_both_ways_since_monday_and_some_are_new(club: Pretend) -> None:
    page = queries.page(queries.Selection(board=board("rating:codeforces")), size=60)
    moved = [row.moved for row in page.rows if row.moved]
    assert min(moved) < 0 < max(moved)
    assert any(row.is_new for row in page.rows)


def test_the_jobs_find_the_boards_right(club: Pretend) -> None:
    def rows() -> list[tuple[object, ...]]:
        return list(Standing.objects.order_by("pk").values_list("pk", "value", "proven", "shown"))

    before = rows()
    ratings.refresh_standings(members=set(Claim.objects.values_list("member", flat=True)))
    assert rows() == before
    for row in Board.objects.filter(period=Period.ALL, starts_on="1970-01-01"):
        shown = row.standings.filter(shown=True).count()
        assert row.buckets.aggregate(all=Sum("n"))["all"] == shown


def test_some_are_anonymous_hidden_or_private_and_the_neighbours_are_strangers(
    club: Pretend,
) -> None:
    fellows = User.objects.filter(memberships__institute__name=CLUB)
    assert fellows.filter(on_boards=OnBoards.ANONYMOUS).count() >= 2
    assert fellows.filter(on_boards=OnBoards.HIDDEN).exists()
    assert fellows.filter(seen_by=SeenBy.NOBODY).exists()
    newcomer = User.objects.get(username=NEWCOMER)
    others = User.objects.filter(memberships__institute__name=NEIGHBOURS)
    seen = accounts.visible_to(newcomer).filter(pk__in=others)
    assert 0 < seen.count() < others.count()


def test_members_have_batches_and_countries(club: Pretend) -> None:
    current = Membership.objects.current().filter(institute__name=CLUB)
    assert len(set(current.exclude(batch="").values_list("batch", flat=True))) == 4
    assert User.objects.exclude(country="").values("country").distinct().count() > 6


@pytest.mark.parametrize("who", [ADMIN, NEWCOMER])
def test_whoever_signs_in_follows_some_is_followed_and_has_a_feed_of_these_days(
    club: Pretend, who: str
) -> None:
    member = User.objects.get(username=who)
    assert accounts.followees_of(member).count() >= 5
    assert accounts.followers_of(member).count() >= 3
    told = feed_of(member).items
    assert len({one.item.kind for one in told}) >= 2
    assert len({one.member for one in told}) >= 3


def test_two_are_invited_and_the_list_says_what_became_of_each_line(club: Pretend) -> None:
    assert Invitation.objects.open().count() == 2
    outcomes = list(RosterLine.objects.order_by("number").values_list("outcome", flat=True))
    assert outcomes == [Outcome.INVITE, Outcome.INVITE, Outcome.MEMBER, Outcome.SKIP]


@pytest.mark.parametrize("who", [ADMIN, NEWCOMER])
def test_its_pages_open(club: Pretend, who: str) -> None:
    client = Client()
    client.force_login(User.objects.get(username=who))
    for tab in ("institute", "following", "followers", "global"):
        answer = client.get("/leaderboard/", {"tab": tab, "by": "rating:codeforces"})
        assert answer.status_code == 200
        assert answer.content.count(b'class="rank"') > 3, tab
    assert b"Anonymous member" in client.get("/leaderboard/", {"tab": "global"}).content
    assert client.get("/feed/").status_code == 200
