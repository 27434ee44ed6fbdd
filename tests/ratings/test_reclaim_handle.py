"""A handle that somebody else had proven moves to whoever proves it now."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection
from django.test import Client

from codetrack.accounts.models import User
from codetrack.core import clock
from codetrack.core.models import Event
from codetrack.core.testing import run_jobs
from codetrack.notifications.models import Notice
from codetrack.platforms.base import Attempt, Participation, Problem, Profile, Verdict
from codetrack.ratings import services
from codetrack.ratings.adapters import COMPILE_ERROR
from codetrack.ratings.models import Claim, Proof

type Link = Callable[..., Claim]


def prove(claim: Claim) -> bool:
    services.start_proof(claim=claim, method="organization", by=claim.member)
    return settle(claim.proofs.latest("pk"))


def settle(proof: Proof) -> bool:
    """Both tokens stand in the profile, as they would when two members share an account."""
    tokens = " ".join(services.token_of(one) for one in Proof.objects.all())
    found = Profile(handle="nila_v", texts={"organization": tokens})
    return services.settle_proof(proof=proof, found=found, at=clock.now())


def test_proof_moves_the_handle_and_ends_the_old_claim(alice: User, bob: User, link: Link) -> None:
    old = link(alice)
    prove(old)
    new = link(bob)
    assert prove(new)
    old.refresh_from_db()
    new.refresh_from_db()
    assert (old.end, old.ended_at is not None) == (Claim.End.LOST, True)
    assert new.verified_at is not None
    assert list(new.handle.claims.verified()) == [new]


def test_the_old_owner_is_told_by_an_event_of_their_own(alice: User, bob: User, link: Link) -> None:
    old = link(alice)
    prove(old)
    prove(link(bob))
    [lost] = Event.objects.filter(tag="ratings:handle:lost")
    assert lost.data["member_id"] == alice.pk
    assert lost.topics == [f"member:{alice.pk}"]
    assert lost.subject_id == old.pk


def test_a_compile_error_moves_it_as_well_and_the_old_owner_is_told_on_the_page(
    alice: User, bob: User, link: Link, client: Client
) -> None:
    prove(link(alice))
    claim = link(bob)
    proof = services.start_proof(claim=claim, method=COMPILE_ERROR, by=bob)
    sent = Attempt(
        remote_id="1",
        problem=Problem(key=proof.problem, title="Watermelon", url="", index="A"),
        verdict=Verdict.COMPILE_ERROR,
        language="C++23",
        at=clock.now(),
        participation=Participation.PRACTICE,
        members=("nila_v",),
    )
    found = Profile(handle="nila_v")
    assert services.settle_proof(proof=proof, found=found, attempts=[sent], at=clock.now())
    run_jobs(["default"])
    assert Notice.objects.filter(member=alice, kind="handle_lost").count() == 1
    client.force_login(alice)
    page = client.get("/settings/handles/").content.decode()
    assert "Another member has proven that nila_v on Codeforces is theirs" in page


def test_who_only_named_it_keeps_the_unproven_claim(
    alice: User, bob: User, charlie: User, link: Link
) -> None:
    named = link(charlie)
    prove(link(alice))
    prove(link(bob))
    named.refresh_from_db()
    assert named.ended_at is None
    assert named.verified_at is None


@pytest.mark.django_db(transaction=True)
def test_two_proofs_at_once_leave_one_owner(transactional_db: None) -> None:
    members = [
        User.objects.create_user(name, f"{name}@example.org", "correct horse")
        for name in ("alice", "bob", "erin", "dana")
    ]
    claims = [
        services.link_handle(member=member, platform="codeforces", text="nila_v")
        for member in members
    ]
    for claim in claims:
        services.start_proof(claim=claim, method="organization", by=claim.member)

    def race(proof: Proof) -> bool:
        try:
            return settle(proof)
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(race, list(Proof.objects.all())))
    assert Claim.objects.verified().count() == 1
    assert Claim.objects.filter(end=Claim.End.LOST).count() == 3
    assert Event.objects.filter(tag="ratings:handle:lost").count() == 3
