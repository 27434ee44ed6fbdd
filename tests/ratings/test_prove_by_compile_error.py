"""Showing by a program that does not compile that an account is one's own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from codetrack.accounts.models import User
from codetrack.core import clock as house
from codetrack.core.errors import Conflict, TooMany
from codetrack.core.testing import HeldClock
from codetrack.platforms.base import (
    Attempt,
    Participation,
    Private,
    Problem,
    Profile,
    Verdict,
)
from codetrack.platforms.codeforces import Codeforces
from codetrack.ratings import services
from codetrack.ratings.adapters import COMPILE_ERROR
from codetrack.ratings.models import Claim, Proof

pytestmark = pytest.mark.usefixtures("clock")
type Link = Callable[..., Claim]

PROFILE = Profile(handle="Nila_V")


@pytest.fixture
def claim(alice: User, link: Link) -> Claim:
    return link(alice)


def started(claim: Claim) -> Proof:
    return services.start_proof(claim=claim, method=COMPILE_ERROR, by=claim.member)


def sent(key: str, verdict: Verdict = Verdict.COMPILE_ERROR, **more: Any) -> Attempt:
    """An attempt at the problem with this key, made now."""
    values: dict[str, Any] = {
        "remote_id": "1",
        "problem": Problem(key=key, title=f"Title of {key}", url="", index="A"),
        "verdict": verdict,
        "language": "C++23",
        "at": house.now(),
        "participation": Participation.PRACTICE,
        "members": ("Nila_V",),
    }
    return Attempt(**{**values, **more})


def settle(proof: Proof, *attempts: Attempt, profile: Profile = PROFILE) -> bool:
    return services.settle_proof(proof=proof, found=profile, attempts=attempts, at=house.now())


def test_a_problem_of_the_platform_is_named(claim: Claim) -> None:
    proof = started(claim)
    assert proof.problem in {problem.key for problem in Codeforces.proof_problems}


def test_a_compile_error_there_proves_it(claim: Claim, clock: HeldClock) -> None:
    proof = started(claim)
    clock.forward(minutes=2)
    assert settle(proof, sent(proof.problem))
    claim.refresh_from_db()
    assert (claim.verified_at, claim.method) == (house.now(), COMPILE_ERROR)


def test_later_submissions_do_not_hide_it(claim: Claim) -> None:
    proof = started(claim)
    newer = [sent("9-Z", Verdict.ACCEPTED), sent(proof.problem, Verdict.ACCEPTED)]
    assert settle(proof, *newer, sent(proof.problem))


def test_a_platform_that_tells_whole_minutes_is_believed(claim: Claim, clock: HeldClock) -> None:
    clock.forward(seconds=50)
    proof = started(claim)
    assert settle(proof, sent(proof.problem, at=house.now().replace(second=0)))


@pytest.mark.parametrize(
    ("wrong", "seen"),
    [
        ({"verdict": Verdict.ACCEPTED}, "there was judged “Accepted” (12:05)."),
        ({"verdict": Verdict.RUNTIME_ERROR}, "there was judged “Runtime error” (12:05)."),
        ({"verdict": Verdict.PENDING}, "there is still being judged (12:05)."),
        ({"members": ("nila_v", "asel_b")}, "was sent by a team: nila_v, asel_b (12:05)."),
        ({"members": ()}, "was sent by a team"),
        ({"members": ("asel_b",)}, "was sent by a team: asel_b"),
    ],
)
def test_anything_else_there_is_told_precisely(
    claim: Claim, clock: HeldClock, wrong: dict[str, Any], seen: str
) -> None:
    proof = started(claim)
    clock.forward(minutes=5)
    assert not settle(proof, replace(sent(proof.problem), **wrong))
    proof.refresh_from_db()
    assert seen in proof.seen
    claim.refresh_from_db()
    assert claim.verified_at is None


def test_one_sent_before_the_proof_was_begun_is_too_old(claim: Claim, clock: HeldClock) -> None:
    early = house.now()
    clock.forward(minutes=2)
    proof = started(claim)
    assert not settle(proof, sent(proof.problem, at=early))
    proof.refresh_from_db()
    assert (
        proof.seen == "The newest submission there is older than this proof (12:00). Send another."
    )


def test_another_problem_is_told_by_its_name(claim: Claim) -> None:
    proof = started(claim)
    assert not settle(proof, sent("9-Z"))
    proof.refresh_from_db()
    assert "is one to “Title of 9-Z”, judged “Compile error” (12:00)." in proof.seen


@pytest.mark.parametrize("before", [(), (timedelta(days=2),)])
def test_nothing_sent_is_told_with_the_time_in_the_zone_of_the_member(
    alice: User, claim: Claim, before: tuple[timedelta, ...]
) -> None:
    User.objects.filter(pk=alice.pk).update(time_zone="Asia/Kolkata")
    proof = started(claim)
    assert not settle(proof, *(sent("9-Z", at=house.now() - ago) for ago in before))
    proof.refresh_from_db()
    assert proof.seen == "Nila_V has sent nothing there since 17:30."


def test_the_answer_has_to_be_of_the_account_that_was_named(claim: Claim) -> None:
    proof = started(claim)
    other = Profile(handle="nila_new", renamed_from="nila_v")
    assert not settle(proof, sent(proof.problem, members=("nila_new",)), profile=other)
    proof.refresh_from_db()
    assert proof.seen == "Codeforces calls this account nila_new. Link it by that name."


def test_an_account_that_hides_itself_is_told_so(claim: Claim) -> None:
    proof = started(claim)
    hidden = Private("nila_v hides its submissions.")
    assert not services.settle_proof(proof=proof, found=hidden, at=house.now())
    proof.refresh_from_db()
    assert "hidden" in proof.seen


def test_a_code_in_the_profile_is_not_what_this_way_asks_for(claim: Claim) -> None:
    proof = started(claim)
    profile = replace(PROFILE, texts={"organization": services.token_of(proof)})
    assert not settle(proof, profile=profile)


def test_a_compile_error_is_not_what_the_other_ways_ask_for(claim: Claim) -> None:
    problem = started(claim).problem
    proof = services.start_proof(claim=claim, method="organization", by=claim.member)
    assert not settle(proof, sent(problem))


def test_each_member_is_given_another_problem(
    claim: Claim, bob: User, charlie: User, link: Link
) -> None:
    problems = {started(one).problem for one in (claim, link(bob), link(charlie))}
    assert len(problems) == 3


def test_what_proves_it_for_one_member_does_not_for_another(
    claim: Claim, bob: User, link: Link
) -> None:
    hers, his = started(claim), started(link(bob))
    assert not settle(his, sent(hers.problem))
    assert settle(hers, sent(hers.problem))
    assert not settle(his, sent(hers.problem))


def test_beginning_again_gives_no_other_problem_to_wait_for(claim: Claim, clock: HeldClock) -> None:
    first = started(claim)
    services.start_proof(claim=claim, method="organization", by=claim.member)
    clock.forward(minutes=10)
    assert started(claim).problem == first.problem


def test_a_used_problem_is_not_given_to_another_for_a_while(
    claim: Claim, bob: User, link: Link, clock: HeldClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Codeforces, "proof_problems", Codeforces.proof_problems[:1])
    proof = started(claim)
    settle(proof, sent(proof.problem))
    other = link(bob)
    with pytest.raises(Conflict) as refused:
        started(other)
    assert refused.value.code == "no_problem_left"
    clock.forward(hours=2)
    assert started(other).problem == proof.problem


def test_two_names_of_one_account_are_not_proven_at_one_problem(
    claim: Claim, bob: User, link: Link
) -> None:
    """Both were begun before it was known that the account had been renamed."""
    hers, his = started(claim), started(link(bob, "nila_w"))
    Proof.objects.update(problem=hers.problem)
    new = Profile(handle="nila_w", renamed_from="nila_v")
    services.apply_profiles(found={claim.handle_id: new}, at=house.now())
    attempt = sent(hers.problem, members=("nila_w",))
    for proof in (hers, his):
        assert not settle(proof, attempt, profile=new)
    his.refresh_from_db()
    assert his.seen == "Another member is asked for this problem as well. Begin again."
    his.claim.refresh_from_db()
    assert started(his.claim).problem != hers.problem


def test_beginning_has_its_measure(claim: Claim) -> None:
    for _ in range(10):
        started(claim)
    with pytest.raises(TooMany):
        started(claim)
