"""Letting go of an account."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from codetrack.accounts.models import User
from codetrack.core.errors import NotAllowed
from codetrack.core.models import Event
from codetrack.ratings import services
from codetrack.ratings.models import Claim, Handle

type Link = Callable[..., Claim]


def test_the_claim_ends_and_the_account_stays(alice: User, link: Link) -> None:
    claim = link(alice)
    services.unlink_handle(claim=claim, by=alice)
    claim.refresh_from_db()
    assert claim.ended_at is not None
    assert claim.end == Claim.End.UNLINKED
    assert Handle.objects.filter(pk=claim.handle_id).exists()
    [event] = Event.objects.filter(tag="ratings:handle:unlinked")
    assert event.data["was_verified"] is False


def test_unlinking_twice_does_nothing_more(alice: User, link: Link) -> None:
    claim = link(alice)
    services.unlink_handle(claim=claim, by=alice)
    services.unlink_handle(claim=claim, by=alice)
    assert Event.objects.filter(tag="ratings:handle:unlinked").count() == 1


def test_another_handle_can_be_linked_afterwards(alice: User, link: Link) -> None:
    services.unlink_handle(claim=link(alice, "nila_v"), by=alice)
    assert link(alice, "tourist").handle.canonical == "tourist"


def test_a_handle_can_be_linked_again(alice: User, link: Link) -> None:
    first = link(alice)
    services.unlink_handle(claim=first, by=alice)
    again = link(alice)
    assert again != first
    assert again.handle == first.handle


def test_an_outsider_cannot_unlink(alice: User, charlie: User, link: Link) -> None:
    claim = link(alice)
    with pytest.raises(NotAllowed):
        services.unlink_handle(claim=claim, by=charlie)
    claim.refresh_from_db()
    assert claim.ended_at is None


def test_nobody_reads_an_account_that_nobody_names(alice: User, link: Link) -> None:
    claim = link(alice)
    assert list(Handle.objects.claimed()) == [claim.handle]
    services.unlink_handle(claim=claim, by=alice)
    assert not Handle.objects.claimed().exists()
