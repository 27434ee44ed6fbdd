"""Making the demo club: all of it, and again beside a world that is there."""

import pytest

from codetrack.accounts.models import Institute, Membership, User
from codetrack.demo.seed import ADMIN_HANDLE, CLUB, NEIGHBOURS, seed
from codetrack.demo.servers import PLATFORMS, pretend
from codetrack.ratings.models import Claim, Contest, Handle, Problem, RatingChange, Solve

KEYS = [maker.key for maker in PLATFORMS]

pytestmark = [pytest.mark.django_db, pytest.mark.slow]  # the whole club each time


def url(key: str) -> str:
    return f"http://127.0.0.1:1/{key}"


def test_two_hundred_members_with_three_years_of_history() -> None:
    made = pretend()
    assert seed(made, url)
    current = Membership.objects.current()
    assert current.filter(institute__name=CLUB).count() == 177  # the admin and the newcomer besides
    assert current.filter(institute__name=NEIGHBOURS).count() == 25
    assert Membership.objects.filter(state=Membership.State.REQUESTED).count() == 2
    for key, least in zip(KEYS, (180, 100, 70), strict=True):
        changes = RatingChange.objects.filter(handle__platform=key)
        assert Handle.objects.filter(platform=key).count() > least
        assert changes.count() > 10 * least
        assert (changes.latest("at").at - changes.earliest("at").at).days > 3 * 350
        assert Problem.objects.filter(platform=key, url__startswith=url(key)).count() > 900
        assert Contest.objects.filter(platform=key, phase="before").count() >= 3
    assert Solve.objects.count() > 3_000
    assert len(set(Handle.objects.values_list("fresh_at", flat=True))) > 8


def test_a_new_database_beside_an_old_world_gets_the_same_handle() -> None:
    club = pretend(size=24)
    assert seed(club, url)
    ada = club.world.find(ADMIN_HANDLE)
    for model in (Claim, Handle, Institute, User):
        model.objects.all().delete()
    assert seed(club, url)
    assert club.world.find(ADMIN_HANDLE) is ada
