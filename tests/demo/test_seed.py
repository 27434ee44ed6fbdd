"""The demo club in the database."""

import pytest
from django.test import Client

from codetrack.accounts.models import Institute, Membership, User
from codetrack.demo.codeforces import KEY
from codetrack.demo.seed import ADMIN, ADMIN_HANDLE, DOMAIN, NEWCOMER, PASSWORD, seed
from codetrack.demo.world import World
from codetrack.ratings.models import Claim, Contest, Handle, RatingChange, Solve

BASE = "http://127.0.0.1:1/codeforces"

pytestmark = pytest.mark.django_db


@pytest.fixture
def club() -> World:
    """A small one: the rules are the same."""
    world = World(size=50)
    assert seed(world, BASE)
    return world


def test_two_hundred_members_with_three_years_of_history() -> None:
    world = World()
    assert seed(world, BASE)
    institute = Institute.objects.get()
    current = Membership.objects.filter(institute=institute, state=Membership.State.CURRENT)
    assert current.count() == 202  # the admin and the newcomer besides
    assert Membership.objects.filter(state=Membership.State.REQUESTED).count() == 2
    assert Handle.objects.count() > 180
    assert RatingChange.objects.count() > 3_000
    assert Solve.objects.count() > 5_000
    first, last = RatingChange.objects.earliest("at"), RatingChange.objects.latest("at")
    assert (last.at - first.at).days > 3 * 350
    assert Contest.objects.filter(url__startswith=BASE).count() == len(world.rounds)


def test_what_is_shown_is_what_the_world_says(club: World) -> None:
    handles = Handle.objects.filter(platform=KEY).select_related("current")
    assert len(handles) > 40
    for handle in handles:
        person = club.find(handle.shown)
        assert handle.current is not None
        assert handle.current.rating == person.rating
        assert handle.current.contests == len(person.results)
        assert not handle.lacks_history
    assert len({handle.fresh_at for handle in handles}) > 1


def test_some_have_not_proven_their_handle_and_some_have_none(club: World) -> None:
    open_claims = Claim.objects.open().count()
    assert Claim.objects.verified().count() < open_claims < 50
    newcomer = User.objects.get(username=NEWCOMER)
    assert not newcomer.claims.exists()


def test_the_admin_sees_a_full_page_at_once(club: World) -> None:
    claim = Claim.objects.verified().get(member__username=ADMIN)
    assert claim.handle.shown == ADMIN_HANDLE
    assert RatingChange.objects.filter(handle=claim.handle).count() > 10
    assert Solve.objects.filter(handle=claim.handle).exists()


def test_a_new_database_beside_an_old_world_gets_the_same_handle(club: World) -> None:
    ada = club.find(ADMIN_HANDLE)
    for model in (Claim, Handle, Institute, User):
        model.objects.all().delete()
    assert seed(club, BASE)
    assert club.find(ADMIN_HANDLE) is ada


@pytest.mark.parametrize("who", [ADMIN, NEWCOMER, f"{NEWCOMER}@{DOMAIN}"])
def test_the_printed_accounts_sign_in(club: World, client: Client, who: str) -> None:
    answer = client.post("/accounts/login/", {"login": who, "password": PASSWORD})
    assert answer.status_code == 302
    assert "_auth_user_id" in client.session


def test_a_second_start_changes_nothing(club: World) -> None:
    before = User.objects.count(), RatingChange.objects.count()
    assert not seed(club, BASE)
    assert (User.objects.count(), RatingChange.objects.count()) == before
