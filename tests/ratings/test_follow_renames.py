"""Accounts that go by another name since."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from codetrack.accounts.models import User
from codetrack.core.models import Event
from codetrack.platforms.base import Profile
from codetrack.ratings import services
from codetrack.ratings.models import Claim, Handle, Snapshot
from tests.ratings.conftest import NOON

pytestmark = pytest.mark.usefixtures("clock")
type Link = Callable[..., Claim]
KNOWN = Profile(handle="Nila_Varent", rating=1847)
RENAMED = Profile(handle="Nila_Varent", rating=1847, renamed_from="nila_v")


def read(handle: Handle, profile: Profile, *, days: int = 0) -> None:
    services.apply_profiles(found={handle.pk: profile}, at=NOON + timedelta(days=days))


def verified(claim: Claim, *, days: int) -> Claim:
    claim.verified_at = NOON - timedelta(days=days)
    claim.save()
    return claim


def test_the_row_follows_its_account(alice: User, link: Link) -> None:
    handle = link(alice).handle
    read(handle, RENAMED)
    handle.refresh_from_db()
    assert (handle.canonical, handle.shown) == ("nila_varent", "Nila_Varent")
    [event] = Event.objects.filter(tag="ratings:handle:renamed")
    assert (event.data["old"], event.data["new"]) == ("nila_v", "Nila_Varent")


def test_another_spelling_is_no_rename(alice: User, link: Link) -> None:
    handle = link(alice).handle
    read(handle, Profile(handle="NILA_V"))
    handle.refresh_from_db()
    assert (handle.canonical, handle.shown) == ("nila_v", "NILA_V")
    assert not Event.objects.filter(tag="ratings:handle:renamed").exists()


def test_two_rows_of_one_account_become_one(alice: User, bob: User, link: Link) -> None:
    old = link(alice, "nila_v").handle
    new = link(bob, "nila_varent").handle
    read(old, Profile(handle="nila_v", rating=1800))
    read(new, Profile(handle="nila_varent", rating=1790), days=-1)
    read(old, RENAMED, days=1)
    [row] = Handle.objects.all()
    assert row.canonical == "nila_varent"
    assert set(row.claims.values_list("member__username", flat=True)) == {"alice", "bob"}
    ratings = Snapshot.objects.order_by("day").values_list("rating", flat=True)
    assert list(ratings) == [1790, 1800, 1847]


def test_of_two_proofs_the_newer_one_counts(alice: User, bob: User, link: Link) -> None:
    first = verified(link(alice, "nila_v"), days=9)
    second = verified(link(bob, "nila_varent"), days=2)
    read(first.handle, RENAMED)
    assert list(Claim.objects.verified()) == [second]
    first.refresh_from_db()
    assert first.end == Claim.End.LOST
    [lost] = Event.objects.filter(tag="ratings:handle:lost")
    assert lost.data["member_id"] == alice.pk


def test_an_old_and_a_new_name_read_together_become_one(alice: User, bob: User, link: Link) -> None:
    """Whichever was linked first."""
    for first, second in (("nila_v", "nila_varent"), ("nila_varent", "nila_v")):
        rows = [link(alice, first).handle, link(bob, second).handle]
        services.apply_profiles(
            found={row.pk: RENAMED if row.shown == "nila_v" else KNOWN for row in rows}, at=NOON
        )
        [left] = Handle.objects.select_related("current")
        assert left.canonical == "nila_varent"
        assert left.current is not None
        assert left.current.rating == 1847
        assert left.claims.count() == 2
        Claim.objects.all().delete()
        Handle.objects.all().delete()
