"""Codeforces in each of its broken ways: the state is shown, the last good data stays."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from codetrack.accounts.models import User
from codetrack.core import clock as house
from codetrack.core.models import Job
from codetrack.core.testing import HeldClock, run_jobs
from codetrack.demo.servers import Pretend
from codetrack.demo.trouble import Mode
from codetrack.ratings import services, tasks
from codetrack.ratings.models import Claim, Handle

type Link = Callable[..., Claim]
State = Handle.State


@pytest.fixture
def claim(alice: User, link: Link, pretend: Pretend, clock: HeldClock) -> Claim:
    """A linked account of the pretend world that was read well four hours ago."""
    claim = link(alice, pretend.world.everybody()[0].handle)
    run_jobs()
    clock.forward(hours=4)
    return claim


def refreshed(claim: Claim) -> Handle:
    services.request_refresh(handle=claim.handle, by=claim.member)
    run_jobs()
    return Handle.objects.select_related("current").get(pk=claim.handle_id)


@pytest.mark.parametrize(
    ("mode", "state", "said"),
    [
        (Mode.LIMITED, State.STALE, "slow down"),
        (Mode.DOWN, State.STALE, "not available"),
        (Mode.CHALLENGE, State.BLOCKED, "does not let this server in"),
        (Mode.TRUNCATED, State.STALE, "incomplete answer"),
        (Mode.LAYOUT, State.CHANGED, "form that we do not know"),
    ],
)
def test_the_right_state_is_shown_and_the_data_stays(
    claim: Claim, pretend: Pretend, mode: Mode, state: State, said: str
) -> None:
    before = Handle.objects.select_related("current").get()
    pretend.codeforces.trouble.make(mode)
    after = refreshed(claim)
    assert after.state == state
    assert said in after.error
    assert after.current == before.current
    assert after.fresh_at == before.fresh_at
    assert after.next_sync_at is not None
    assert after.next_sync_at > house.now()
    pretend.codeforces.trouble.mend()
    assert refreshed(claim).state == State.OK


def test_a_named_wait_is_kept(claim: Claim, pretend: Pretend) -> None:
    pretend.codeforces.trouble.make(Mode.LIMITED, seconds=3600)
    after = refreshed(claim)
    assert after.next_sync_at is not None
    assert after.next_sync_at >= house.now() + timedelta(minutes=55)


def test_a_member_who_asks_again_puts_off_nothing(claim: Claim, pretend: Pretend) -> None:
    pretend.codeforces.trouble.make(Mode.DOWN)
    planned = refreshed(claim).next_sync_at
    assert planned == house.now() + timedelta(minutes=5)
    after = refreshed(claim)
    assert (after.next_sync_at, after.failures, after.state) == (planned, 1, State.STALE)


def test_a_slow_answer_is_waited_for(claim: Claim, pretend: Pretend) -> None:
    pretend.codeforces.trouble.make(Mode.SLOW, seconds=0.2)
    assert refreshed(claim).state == State.OK


def test_a_hiccup_is_not_even_seen(claim: Claim, pretend: Pretend) -> None:
    pretend.codeforces.trouble.make(Mode.DOWN, requests=1)
    assert refreshed(claim).state == State.OK


def test_a_new_handle_says_that_it_could_not_be_read_yet(
    alice: User, link: Link, pretend: Pretend, clock: HeldClock
) -> None:
    pretend.codeforces.trouble.make(Mode.DOWN)
    link(alice, pretend.world.everybody()[0].handle)
    run_jobs()
    handle = Handle.objects.get()
    assert (handle.state, handle.fresh_at) == (State.STALE, None)
    pretend.codeforces.trouble.mend()
    clock.forward(minutes=5)
    tasks.sync_due.call()
    run_jobs()
    handle.refresh_from_db()
    assert handle.state == State.OK


def test_a_broken_platform_is_said_on_the_proof_and_costs_no_code(
    claim: Claim, alice: User, pretend: Pretend, clock: HeldClock
) -> None:
    proof = services.start_proof(claim=claim, method="organization", by=alice)
    token = services.token_of(proof)
    pretend.world.edit_profile(claim.handle.shown, organization=token)
    pretend.codeforces.trouble.make(Mode.CHALLENGE)
    services.request_check(proof=proof, by=alice)
    run_jobs()
    proof.refresh_from_db()
    assert proof.seen == "Codeforces does not let this site in at the moment."
    pretend.codeforces.trouble.mend()
    clock.forward(minutes=1)
    services.request_check(proof=proof, by=alice)
    run_jobs()
    claim.refresh_from_db()
    assert claim.verified_at is not None


def test_a_failed_list_of_contests_is_tried_again(claim: Claim, pretend: Pretend) -> None:
    pretend.codeforces.trouble.make(Mode.DOWN)
    tasks.read_all_contests.call()
    run_jobs()
    lists = Job.objects.filter(task__endswith="read_contests", key="ratings:contests:codeforces")
    job = lists.latest("pk")
    assert job.status == Job.Status.READY
    assert job.run_at > house.now()
