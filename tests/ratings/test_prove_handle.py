"""Showing by a one-time token that an account is one's own."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from codetrack.accounts.models import User
from codetrack.core import clock as house
from codetrack.core.errors import Conflict, NotAllowed, Problem, TooMany
from codetrack.core.models import Event, Job
from codetrack.core.testing import HeldClock
from codetrack.platforms.base import Profile, Transient
from codetrack.ratings import services
from codetrack.ratings.models import Claim, Proof
from codetrack.ratings.services import settle_proof

pytestmark = pytest.mark.usefixtures("clock")
type Link = Callable[..., Claim]


@pytest.fixture
def claim(alice: User, link: Link) -> Claim:
    return link(alice)


def shows(text: str, place: str = "organization") -> Profile:
    return Profile(handle="nila_v", texts={"organization": "", "first_name": "", place: text})


def started(claim: Claim, by: User, method: str = "organization") -> tuple[Proof, str]:
    proof = services.start_proof(claim=claim, method=method, by=by)
    return proof, services.token_of(proof)


def test_the_token_is_short_and_only_its_digest_is_stored(claim: Claim, alice: User) -> None:
    proof, token = started(claim, alice)
    assert token.startswith("ct-")
    assert len(token) == 13
    assert services.token_of(proof) == token
    assert token not in str(vars(proof))
    assert len(proof.digest) == 64


def test_each_token_is_another(claim: Claim, alice: User) -> None:
    assert started(claim, alice)[1] != started(claim, alice)[1]


@pytest.mark.parametrize("text", ["{}", "Tamarind Valley {}", "({}) Nila", "  {}\n"])
def test_a_token_anywhere_in_the_text_proves_it(claim: Claim, alice: User, text: str) -> None:
    proof, token = started(claim, alice)
    assert settle_proof(proof=proof, found=shows(text.format(token)), at=house.now())
    claim.refresh_from_db()
    assert claim.verified_at == house.now()
    assert claim.method == "organization"
    [event] = Event.objects.filter(tag="ratings:handle:verified")
    assert event.data["member_id"] == alice.pk


def test_the_spelling_may_differ_in_case(claim: Claim, alice: User) -> None:
    proof, token = started(claim, alice)
    assert settle_proof(proof=proof, found=shows(token.upper()), at=house.now())


def test_a_token_in_another_text_of_the_owner_is_as_good(claim: Claim, alice: User) -> None:
    proof, token = started(claim, alice)
    assert settle_proof(proof=proof, found=shows(token, "first_name"), at=house.now())
    claim.refresh_from_db()
    assert claim.method == "first_name"


def test_a_proven_handle_is_read_at_once(claim: Claim, alice: User) -> None:
    Job.objects.all().delete()
    proof, token = started(claim, alice)
    settle_proof(proof=proof, found=shows(token), at=house.now())
    assert Job.objects.filter(task__endswith="sync_handles").count() == 1


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("", "Organization of nila_v is empty."),
        ("Tamarind Valley", "Organization of nila_v says “Tamarind Valley”."),
        ("ct-aaaaaaaaaa", "Organization of nila_v says “ct-aaaaaaaaaa”."),
        ("x" * 90, f"Organization of nila_v says “{'x' * 60}…”."),
    ],
)
def test_a_miss_says_what_was_seen_instead(claim: Claim, alice: User, text: str, seen: str) -> None:
    proof, _ = started(claim, alice)
    assert not settle_proof(proof=proof, found=shows(text), at=house.now())
    proof.refresh_from_db()
    assert proof.seen == seen
    assert proof.checked_at == house.now()
    claim.refresh_from_db()
    assert claim.verified_at is None


def test_a_platform_that_cannot_be_read_is_no_miss_of_the_member(claim: Claim, alice: User) -> None:
    proof, token = started(claim, alice)
    down = Transient("codeforces.com is not available at the moment (HTTP 503).")
    assert not settle_proof(proof=proof, found=down, at=house.now())
    proof.refresh_from_db()
    assert proof.seen == "Codeforces could not be read when we last asked."
    assert settle_proof(proof=proof, found=shows(token), at=house.now())


def test_a_repeated_job_finds_the_proof_settled(claim: Claim, alice: User) -> None:
    proof, token = started(claim, alice)
    assert settle_proof(proof=proof, found=shows(token), at=house.now())
    assert settle_proof(proof=proof, found=shows(""), at=house.now())
    assert Event.objects.filter(tag="ratings:handle:verified").count() == 1


def test_a_used_token_is_refused(claim: Claim, alice: User, link: Link) -> None:
    proof, token = started(claim, alice)
    settle_proof(proof=proof, found=shows(token), at=house.now())
    services.unlink_handle(claim=claim, by=alice)
    link(alice)
    with pytest.raises(Conflict) as refused:
        services.request_check(proof=proof, by=alice)
    assert refused.value.code == "claim_ended"


def test_an_older_token_is_worth_nothing_after_a_new_one(claim: Claim, alice: User) -> None:
    old, token = started(claim, alice)
    started(claim, alice)
    with pytest.raises(Conflict) as refused:
        settle_proof(proof=old, found=shows(token), at=house.now())
    assert refused.value.code == "proof_used"


def test_an_expired_token_is_refused(claim: Claim, alice: User, clock: HeldClock) -> None:
    proof, token = started(claim, alice)
    clock.forward(minutes=30, seconds=1)
    with pytest.raises(Conflict) as asked:
        services.request_check(proof=proof, by=alice)
    with pytest.raises(Conflict) as settled:
        settle_proof(proof=proof, found=shows(token), at=house.now())
    assert asked.value.code == settled.value.code == "proof_expired"


def test_what_was_asked_in_time_is_settled_in_time(
    claim: Claim, alice: User, clock: HeldClock
) -> None:
    proof, token = started(claim, alice)
    clock.forward(minutes=29)
    services.request_check(proof=proof, by=alice)
    clock.forward(minutes=10)
    proof.refresh_from_db()
    assert settle_proof(proof=proof, found=shows(token), at=house.now())


def test_a_token_of_another_secret_key_has_expired(claim: Claim, alice: User) -> None:
    proof, _ = started(claim, alice)
    Proof.objects.update(digest="0" * 64)
    proof.refresh_from_db()
    with pytest.raises(Conflict, match="expired"):
        services.request_check(proof=proof, by=alice)


def test_a_member_may_ask_once_a_minute(claim: Claim, alice: User, clock: HeldClock) -> None:
    proof, _ = started(claim, alice)
    services.request_check(proof=proof, by=alice)
    clock.forward(seconds=40)
    with pytest.raises(TooMany) as refused:
        services.request_check(proof=proof, by=alice)
    assert refused.value.retry_after == pytest.approx(20)
    clock.forward(seconds=20)
    services.request_check(proof=proof, by=alice)


def test_a_new_token_does_not_get_around_the_minute(claim: Claim, alice: User) -> None:
    services.request_check(proof=started(claim, alice)[0], by=alice)
    with pytest.raises(TooMany):
        services.request_check(proof=started(claim, alice)[0], by=alice)


def test_asking_enqueues_one_job_and_shows_that_it_is_under_way(claim: Claim, alice: User) -> None:
    proof, _ = started(claim, alice)
    services.request_check(proof=proof, by=alice)
    proof.refresh_from_db()
    assert proof.is_checking
    assert Job.objects.filter(task__endswith="check_proof").count() == 1
    settle_proof(proof=proof, found=shows(""), at=house.now() + timedelta(seconds=2))
    proof.refresh_from_db()
    assert not proof.is_checking


def test_a_proven_claim_needs_no_further_proof(claim: Claim, alice: User) -> None:
    proof, token = started(claim, alice)
    settle_proof(proof=proof, found=shows(token), at=house.now())
    with pytest.raises(Conflict) as refused:
        services.start_proof(claim=claim, method="organization", by=alice)
    assert refused.value.code == "already_verified"


def test_a_way_that_the_platform_does_not_have_is_refused(claim: Claim, alice: User) -> None:
    with pytest.raises(Problem):
        services.start_proof(claim=claim, method="blood", by=alice)


def test_an_outsider_can_neither_start_nor_ask(claim: Claim, alice: User, charlie: User) -> None:
    with pytest.raises(NotAllowed):
        services.start_proof(claim=claim, method="organization", by=charlie)
    proof, _ = started(claim, alice)
    with pytest.raises(NotAllowed):
        services.request_check(proof=proof, by=charlie)
