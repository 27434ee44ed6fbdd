"""Naming another account of the same platform instead."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from codetrack.accounts.models import User
from codetrack.core import clock as house
from codetrack.core.errors import Conflict, NotAllowed, Problem, TooMany
from codetrack.core.models import Event, Job
from codetrack.platforms.base import Profile
from codetrack.ratings import services
from codetrack.ratings.models import Claim, Handle

pytestmark = pytest.mark.usefixtures("clock")
type Link = Callable[..., Claim]


@pytest.fixture
def claim(alice: User, link: Link) -> Claim:
    return link(alice, "nila_w")


def change(claim: Claim, text: str = "nila_v") -> Claim:
    return services.change_handle(claim=claim, text=text, by=claim.member)


def test_the_old_claim_ends_and_the_new_one_begins_unproven(claim: Claim) -> None:
    Claim.objects.update(verified_at=house.now())
    new = change(claim, "https://codeforces.com/profile/Nila_V")
    claim.refresh_from_db()
    assert (claim.ended_at, claim.end) == (house.now(), Claim.End.UNLINKED)
    assert (new.handle.canonical, new.verified_at, new.ended_at) == ("nila_v", None, None)


def test_what_was_read_stays_with_the_old_account(claim: Claim) -> None:
    services.apply_profiles(
        found={claim.handle_id: Profile(handle="nila_w", rating=1500)}, at=house.now()
    )
    new = change(claim)
    assert Handle.objects.get(pk=claim.handle_id).current is not None
    assert new.handle.current is None


def test_both_are_told_and_the_new_one_is_read(claim: Claim) -> None:
    Job.objects.all().delete()
    new = change(claim)
    unlinked, linked = Event.objects.filter(tag__startswith="ratings:handle:").order_by("pk")[1:]
    assert (unlinked.tag, unlinked.subject_id) == ("ratings:handle:unlinked", claim.pk)
    assert (linked.tag, linked.subject_id) == ("ratings:handle:linked", new.pk)
    [job] = Job.objects.all()
    assert job.key == new.handle.reading_key


def test_the_same_account_in_another_spelling_changes_nothing(claim: Claim) -> None:
    assert change(claim, "@NILA_W") == claim
    assert Event.objects.filter(tag="ratings:handle:unlinked").count() == 0


def test_a_second_submit_gives_what_the_first_one_made(claim: Claim) -> None:
    assert change(claim) == change(claim)
    assert Claim.objects.count() == 2


def test_a_claim_that_has_ended_is_not_changed(claim: Claim) -> None:
    services.unlink_handle(claim=claim, by=claim.member)
    with pytest.raises(Conflict) as refused:
        change(claim)
    assert refused.value.code == "claim_ended"
    assert Claim.objects.count() == 1


def test_what_can_be_no_handle_leaves_all_as_it_is(claim: Claim) -> None:
    with pytest.raises(Problem) as refused:
        change(claim, "no spaces")
    assert refused.value.field == "text"
    claim.refresh_from_db()
    assert claim.ended_at is None


def test_an_outsider_cannot_change_it(claim: Claim, charlie: User) -> None:
    with pytest.raises(NotAllowed):
        services.change_handle(claim=claim, text="nila_v", by=charlie)


def test_linking_and_changing_have_one_measure(claim: Claim) -> None:
    for number in range(9):
        claim = change(claim, f"nila_{number}")
    with pytest.raises(TooMany):
        change(claim, "nila_10")
