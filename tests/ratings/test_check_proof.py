"""Looking for a proof on the platform itself: over HTTP, in fresh answers of the pretend worlds."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import httpx2
import pytest
import stamina
from pytest_django import Settings

from codetrack.accounts.models import User
from codetrack.core.testing import HeldClock, run_jobs
from codetrack.demo import servers as demo
from codetrack.demo.platform import PretendPlatform
from codetrack.demo.trouble import Mode
from codetrack.ratings import adapters, services
from codetrack.ratings.adapters import COMPILE_ERROR
from codetrack.ratings.models import Claim, Proof
from tests.stage import Stage


@pytest.fixture(params=[maker.key for maker in demo.PLATFORMS])
def platform(
    request: pytest.FixtureRequest, settings: Settings, clock: HeldClock, stage: Stage
) -> Iterator[PretendPlatform]:
    """Each of the pretend platforms, served; the settings lead to all of them."""
    made = demo.pretend(interval=0, size=12, clock=clock.timestamp)
    with stage.shows(made), stamina.set_testing(True, attempts=1, cap=True):
        settings.PLATFORMS = {
            key: {"enabled": True, "interval": 0.0, "proxy": "", "url": stage.url(key)}
            for key in made.platforms
        }
        yield made.platforms[request.param]


@pytest.fixture
def claim(alice: User, platform: PretendPlatform) -> Claim:
    """An account of the pretend world that was read already."""
    handle = next(one.handle for one in platform.world.everybody() if one.rating)
    claim = services.link_handle(member=alice, platform=platform.key, text=handle)
    run_jobs()
    return claim


def looked(proof: Proof) -> Proof:
    services.request_check(proof=proof, by=proof.claim.member)
    run_jobs()
    return Proof.objects.select_related("claim").get(pk=proof.pk)


def submit(platform: PretendPlatform, proof: Proof, verdict: str) -> None:
    world = platform.world
    task = next(one for one in world.catalogue() if one.key == proof.problem)
    world.submit(proof.claim.handle.shown, verdict, task)


def begun(claim: Claim, method: str) -> Proof:
    return services.start_proof(claim=claim, method=method, by=claim.member)


def test_a_code_is_found_in_each_text(
    platform: PretendPlatform, claim: Claim, clock: HeldClock
) -> None:
    for way in adapters.ways(adapters.adapter(platform.key)):
        if way.is_compile_error:
            continue
        Claim.objects.update(verified_at=None)
        proof = begun(claim, way.key)
        texts: dict[str, Any] = {way.key: f"before {services.token_of(proof)} after"}
        platform.world.edit_profile(claim.handle.shown, **texts)
        found = looked(proof)
        assert (found.claim.method, found.seen) == (way.key, "")
        clock.forward(minutes=1)


def test_a_compile_error_is_found_although_it_was_read_since(
    platform: PretendPlatform, claim: Claim, clock: HeldClock
) -> None:
    proof = begun(claim, COMPILE_ERROR)
    clock.forward(minutes=2)
    submit(platform, proof, "COMPILATION_ERROR")
    services.request_refresh(handle=claim.handle, by=claim.member)
    run_jobs()  # the cursor is past it now
    clock.forward(minutes=1)
    submit(platform, proof, "WRONG_ANSWER")
    found = looked(proof)
    assert found.claim.verified_at is not None
    assert found.claim.method == COMPILE_ERROR


def test_in_the_demo_every_way_leads_to_the_control_page(platform: PretendPlatform) -> None:
    platform.control_url = "http://localhost:1/demo/"
    adapter = adapters.adapter(platform.key)
    links = {way.url for way in adapters.ways(adapter) if way.url}
    links |= {adapters.problem_url(adapter, problem) for problem in adapter.proof_problems}
    with httpx2.Client() as client:
        for link in links:
            answer = client.get(link, follow_redirects=False)
            assert answer.headers["location"].startswith("http://localhost:1/demo/")


@pytest.mark.parametrize("verdict", ["OK", "WRONG_ANSWER"])
def test_another_verdict_is_told(
    platform: PretendPlatform, claim: Claim, clock: HeldClock, verdict: str
) -> None:
    proof = begun(claim, COMPILE_ERROR)
    clock.forward(minutes=2)
    submit(platform, proof, verdict)
    found = looked(proof)
    assert found.claim.verified_at is None
    assert "there was judged" in found.seen


def test_looking_at_submissions_costs_one_request(
    platform: PretendPlatform, claim: Claim, clock: HeldClock
) -> None:
    def requests(method: str) -> int:
        services.request_check(proof=begun(claim, method), by=claim.member)
        before = platform.requests
        run_jobs()
        clock.forward(minutes=1)
        return platform.requests - before

    usual = adapters.ways(adapters.adapter(platform.key))[0].key
    assert requests(COMPILE_ERROR) == requests(usual) + 1
    assert "has sent nothing there since 12:00" in Proof.objects.earliest("pk").seen


@pytest.mark.parametrize("mode", [Mode.DOWN, Mode.CHALLENGE, Mode.LAYOUT])
def test_a_broken_platform_is_told_and_costs_nothing(
    platform: PretendPlatform, claim: Claim, clock: HeldClock, mode: Mode
) -> None:
    proof = begun(claim, COMPILE_ERROR)
    submit(platform, proof, "COMPILATION_ERROR")
    platform.trouble.make(mode)
    assert looked(proof).seen
    platform.trouble.mend()
    clock.forward(minutes=1)
    assert looked(proof).claim.verified_at is not None


def test_who_asks_us_to_slow_down_says_when_to_check_again(
    platform: PretendPlatform, claim: Claim
) -> None:
    proof = begun(claim, COMPILE_ERROR)
    platform.trouble.make(Mode.LIMITED, seconds=600)
    seen = looked(proof).seen
    assert "asked us to slow down" in seen
    assert seen.endswith("Check again in 10 minutes.")


def test_a_renamed_account_is_proven_by_its_new_name(
    platform: PretendPlatform, claim: Claim
) -> None:
    if platform.key != "codeforces":
        pytest.skip("Only Codeforces answers for a name that an account had before.")
    proof = begun(claim, COMPILE_ERROR)
    platform.world.rename(claim.handle.shown, "nila_new")
    claim.handle.shown = "nila_new"
    submit(platform, proof, "COMPILATION_ERROR")
    found = looked(proof)
    assert found.claim.verified_at is not None
    assert found.claim.handle.shown == "nila_new"
