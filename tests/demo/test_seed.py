"""The demo club in the database."""

from collections.abc import Iterator

import pytest
from django.db import transaction
from django.test import Client
from pytest_django import DjangoDbBlocker

from codetrack.accounts.models import User
from codetrack.core import events
from codetrack.core.testing import run_jobs
from codetrack.demo.links import LOST, MISSPELT, RENAMED
from codetrack.demo.seed import ADMIN, ADMIN_HANDLE, DOMAIN, NEWCOMER, PASSWORD, seed
from codetrack.demo.servers import PLATFORMS, Pretend, pretend
from codetrack.notifications.models import Notice
from codetrack.ratings.models import (
    Attempt,
    CalendarDay,
    Claim,
    Handle,
    RatingChange,
)

KEYS = [maker.key for maker in PLATFORMS]

pytestmark = [pytest.mark.django_db, pytest.mark.slow]  # the whole club each time


def url(key: str) -> str:
    return f"http://127.0.0.1:1/{key}"


@pytest.fixture(scope="module")
def club(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[Pretend]:
    """A small one: the rules are the same. Each test finds it as it was made."""
    with django_db_blocker.unblock(), transaction.atomic():
        made = pretend(size=24)
        assert seed(made, url)
        yield made
        transaction.set_rollback(True)


def test_most_people_are_on_several_platforms(club: Pretend) -> None:
    members = User.objects.exclude(claims=None)
    counts = [member.claims.count() for member in members]
    assert {1, 2, 3} == set(counts)
    assert Claim.objects.filter(method="compile_error").exists()


def test_what_is_shown_is_what_the_world_says(club: Pretend) -> None:
    for key in KEYS:
        world = club.platforms[key].world
        handles = Handle.objects.filter(platform=key, state=Handle.State.OK)
        assert len(handles) > 6
        for handle in handles.select_related("current"):
            person = world.find(handle.shown)
            assert handle.current is not None
            assert handle.current.rating == person.rating
            assert handle.current.contests == len(person.results)
            assert handle.rating_changes.count() == len(person.results)
            assert not handle.lacks_history


def test_everybody_has_the_same_member_everywhere(club: Pretend) -> None:
    for key in KEYS:
        names = {person.number: f"{person.first} {person.last}" for person in club.world.people()}
        claims = Claim.objects.filter(platform=key, handle__state=Handle.State.OK)
        for claim in claims.exclude(member__username=ADMIN).select_related("handle", "member"):
            person = club.platforms[key].world.find(claim.handle.shown)
            assert claim.member.name == names[person.number]


def test_what_platforms_count_by_day_and_topic_is_there(club: Pretend) -> None:
    for key in ("leetcode", "codechef"):
        assert CalendarDay.objects.filter(handle__platform=key).count() > 100
    assert Handle.objects.filter(platform="leetcode").exclude(topics={}).count() > 5


def test_some_attempts_are_left_for_the_jobs(club: Pretend) -> None:
    unread = Handle.objects.filter(platform="codeforces").lacking_attempts()
    assert 5 < unread.count() < 20
    for key in ("leetcode", "codechef"):
        rows = Handle.objects.filter(platform=key, state=Handle.State.OK)
        assert not rows.lacking_attempts().exists()
        assert Attempt.objects.filter(handle__platform=key).count() > 50


def test_some_have_not_proven_their_handle_and_some_have_none(club: Pretend) -> None:
    for key in KEYS:
        claims = Claim.objects.open().filter(platform=key)
        assert claims.verified().count() < claims.count() < 25
    assert not User.objects.get(username=NEWCOMER).claims.exists()


def test_the_admin_sees_a_full_page_at_once(club: Pretend) -> None:
    for key in KEYS:
        claim = Claim.objects.verified().get(member__username=ADMIN, platform=key)
        assert claim.handle.shown == ADMIN_HANDLE
        assert claim.handle.rating_changes.count() > 10
        assert claim.handle.solves.exists()
        assert claim.handle.attempts.count() >= 12
        assert not claim.handle.lacks_attempts


def test_one_handle_is_renamed_one_not_reached_and_one_unknown(club: Pretend) -> None:
    renamed = [one for one in club.platforms[RENAMED].world.everybody() if one.old_handles]
    assert len(renamed) == 1
    row = Handle.objects.get(platform=RENAMED, shown=renamed[0].handle)
    assert row.snapshots.count() == 2
    stale = Handle.objects.get(state=Handle.State.STALE)
    assert (stale.platform, stale.failures > 3) == (LOST, True)
    assert stale.current is not None
    unknown = Handle.objects.get(state=Handle.State.GONE)
    assert (unknown.platform, unknown.is_unknown) == (MISSPELT, True)


def test_the_printed_accounts_sign_in(club: Pretend) -> None:
    for who in (ADMIN, NEWCOMER, f"{NEWCOMER}@{DOMAIN}"):
        client = Client()
        answer = client.post("/accounts/login/", {"login": who, "password": PASSWORD})
        assert answer.status_code == 302
        assert "_auth_user_id" in client.session


def test_a_second_start_changes_nothing(club: Pretend) -> None:
    before = User.objects.count(), RatingChange.objects.count()
    assert not seed(club, url)
    assert (User.objects.count(), RatingChange.objects.count()) == before


def test_inboxes_hold_what_was_told_and_the_admin_hears_who_waits(club: Pretend) -> None:
    admin = User.objects.get(username=ADMIN)
    told = Notice.objects.filter(member=admin, kind="rating_changed")
    assert told.exclude(read_at=None).exists()
    ages = list(Notice.objects.filter(member=admin).order_by("pk"))
    assert ages == sorted(ages, key=lambda row: row.created_at)
    events.sequence()
    run_jobs(["default"])
    asked = Notice.objects.filter(member=admin, kind="membership_asked", read_at=None)
    assert {row.params["name"] for row in asked} == {"Milo Anders", "Priya Raman"}
