"""Which pages hear of what happens to an account: those of its members, and of the institute."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from codetrack.accounts.models import User
from codetrack.core import clock as house
from codetrack.core.models import Event
from codetrack.platforms.base import NotFound, PlatformError, Profile
from codetrack.ratings import services
from codetrack.ratings.models import Claim, Handle
from tests.cast import Cast
from tests.factories import MemberFactory
from tests.ratings.conftest import NOON
from tests.ratings.test_read_history import career

pytestmark = pytest.mark.usefixtures("clock")
type Link = Callable[..., Claim]


def topics(tag: str) -> list[str]:
    return Event.objects.filter(tag=f"ratings:{tag}").latest("pk").topics


def prove(claim: Claim) -> Claim:
    proof = services.start_proof(claim=claim, method="organization", by=claim.member)
    texts = {"organization": services.token_of(proof)}
    services.settle_proof(proof=proof, found=Profile(handle="nila_v", texts=texts), at=NOON)
    claim.refresh_from_db()
    return claim


def read(handle: Handle, found: Profile | PlatformError) -> None:
    services.apply_profiles(found={handle.pk: found}, at=house.now())


def play(handle: Handle) -> None:
    """A contest after those that were known."""
    for last in (1450, 1500):
        services.apply_history(read={handle.pk: career(1400, last)}, at=house.now())


def test_what_happens_to_a_proven_account_is_told_to_member_and_institute(
    cast: Cast, alice: User, link: Link
) -> None:
    claim = prove(link(alice))
    both = [f"member:{alice.pk}", f"institute:{cast.institute.pk}"]
    assert topics("handle:verified") == both
    read(claim.handle, Profile(handle="nila_v", rating=1450))
    assert topics("handle:read") == both
    play(claim.handle)
    assert topics("rating:changed") == both


def test_what_is_not_proven_is_told_to_all_who_name_it_and_to_no_institute(
    alice: User, charlie: User, link: Link
) -> None:
    handle = link(alice).handle
    link(charlie)
    assert topics("handle:linked") == [f"member:{charlie.pk}"]
    read(handle, Profile(handle="nila_v", rating=1450))
    play(handle)
    assert topics("rating:changed") == [f"member:{alice.pk}", f"member:{charlie.pk}"]


def test_whoever_let_go_of_an_account_hears_of_it_no_more(
    alice: User, bob: User, link: Link
) -> None:
    claim = link(alice)
    link(bob)
    services.unlink_handle(claim=claim, by=alice)
    assert topics("handle:unlinked") == [f"member:{alice.pk}"]
    read(claim.handle, Profile(handle="nila_v", rating=1450))
    assert topics("handle:read") == [f"member:{bob.pk}"]


def test_an_institute_that_was_left_hears_nothing(alice: User, link: Link) -> None:
    claim = prove(link(alice))
    alice.memberships.update(state="ended")
    read(claim.handle, Profile(handle="nila_v", rating=1450))
    assert topics("handle:read") == [f"member:{alice.pk}"]


def test_how_a_proof_goes_is_told_to_its_member_alone(alice: User, link: Link) -> None:
    claim = link(alice)
    proof = services.start_proof(claim=claim, method="organization", by=alice)
    services.request_check(proof=proof, by=alice)
    services.settle_proof(proof=proof, found=Profile(handle="nila_v"), at=house.now())
    for step in ("started", "asked", "missed"):
        assert topics(f"proof:{step}") == [f"account:{alice.pk}"], step


def test_an_account_that_is_gone_is_told_of(alice: User, link: Link) -> None:
    claim = link(alice)
    read(claim.handle, NotFound("no such account"))
    assert topics("handle:gone") == [f"member:{alice.pk}"]


def test_a_batch_asks_once_who_follows_and_not_at_all_without_news(db: None, link: Link) -> None:
    rows = [link(MemberFactory(), f"coder{i}").handle for i in range(20)]
    first = {row.pk: Profile(handle=row.shown, rating=1500, solved=10) for row in rows}
    assert questions(first) == 1
    assert Event.objects.filter(tag="ratings:handle:read").count() == 20
    assert questions(first) == 0
    more = {row.pk: Profile(handle=row.shown, rating=1500, solved=11) for row in rows}
    assert questions(more) == 1
    assert Event.objects.filter(tag="ratings:problems:solved").count() == 20


def questions(found: dict[int, Profile]) -> int:
    """How often a reading asked for the members of its accounts."""
    with CaptureQueriesContext(connection) as captured:
        services.apply_profiles(found=found, at=house.now())
    return sum('"accounts_membership"' in query["sql"] for query in captured)
