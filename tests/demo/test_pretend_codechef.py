"""The pretend CodeChef over HTTP: the real adapter reads it, and it can be broken."""

import json
from collections.abc import Iterator
from typing import Any

import httpx2
import pytest

from codetrack.demo.codechef import PretendCodeChef, Site, adapter
from codetrack.demo.flavours import CODECHEF
from codetrack.demo.platform import Gate
from codetrack.demo.servers import DemoServers, Pretend
from codetrack.demo.trouble import Mode
from codetrack.demo.world import Account, World
from codetrack.platforms.base import (
    Attempt,
    Blocked,
    ChangedLayout,
    NotFound,
    Participation,
    Phase,
    PlatformError,
    Profile,
    RateLimited,
    Transient,
    Verdict,
)
from codetrack.platforms.codechef import PAGES, CodeChef
from tests.recorded import RECORDED

from .conftest import Clock
from .pretend import Client, differences, shape


@pytest.fixture
def site(served: Pretend) -> PretendCodeChef:
    found = served.platforms["codechef"]
    assert isinstance(found, PretendCodeChef)
    return found


@pytest.fixture
def platform(servers: DemoServers) -> Iterator[CodeChef]:
    client = Client(servers.url("codechef"))
    with client.http:
        yield CodeChef(client, servers.url("codechef"))


def profile(platform: CodeChef, handle: str) -> Profile:
    found = platform.profiles([handle])[handle]
    assert isinstance(found, Profile), found
    return found


def busiest(world: World) -> Account:
    return max(world.everybody(), key=lambda person: len(person.results))


def test_one_page_tells_the_world_of_an_account(platform: CodeChef, site: PretendCodeChef) -> None:
    person = busiest(site.world)
    found = profile(platform, person.handle)
    assert site.requests == 1
    assert (found.handle, found.rating) == (person.handle, person.rating)
    assert found.max_rating == person.max_rating
    assert found.texts == person.texts
    assert found.history is not None and found.activity is not None
    assert [change.new for change in found.history] == [row.new for row in person.results]
    assert [change.rank for change in found.history] == [row.rank for row in person.results]
    assert found.contests == len(person.results)
    solved = {one.task.key for one in site.world.attempts(person) if one.verdict == "OK"}
    assert found.solved == len(solved)
    assert found.activity.days
    assert sum(found.activity.days.values()) <= len(site.world.attempts(person))


def test_everybody_in_the_world_can_be_read() -> None:
    world = World(flavour=CODECHEF)
    platform = adapter(world)
    found = [profile(platform, person.handle) for person in world.everybody()]
    assert {one.rating is None for one in found} == {True, False}
    assert {one.provisional for one in found} == {True, False}
    assert {one.global_rank is None for one in found if one.rating} == {True, False}
    assert {one.rank_name for one in found} >= {"1★", "3★", "5★"}


def test_unknown_handles_are_not_found(platform: CodeChef) -> None:
    assert isinstance(platform.profiles(["nobody_here"])["nobody_here"], NotFound)
    assert platform.attempts("nobody_here") == []


def test_a_renamed_account_is_followed(platform: CodeChef, site: PretendCodeChef) -> None:
    old = site.world.everybody()[0].handle
    site.world.rename(old, "brand_new")
    found = profile(platform, old)
    assert (found.handle, found.renamed_from) == ("brand_new", old)


def test_a_token_in_a_text_is_seen(platform: CodeChef, site: PretendCodeChef) -> None:
    handle = site.world.everybody()[0].handle
    site.world.edit_profile(handle, name="Nila <b> & ct-abc", institution="ct-def")
    assert profile(platform, handle).texts == {"name": "Nila <b> & ct-abc", "institution": "ct-def"}


def test_submissions_agree_with_the_world(platform: CodeChef, site: PretendCodeChef) -> None:
    person = busiest(site.world)
    sent = site.world.attempts(person)
    attempts = platform.attempts(person.handle)
    assert [one.remote_id for one in attempts] == [str(one.id) for one in sent][: 12 * PAGES]
    for ours, theirs in zip(attempts, sent, strict=False):
        assert 0 <= theirs.at - ours.at.timestamp() < 60
        assert ours.problem.key == theirs.task.key
        assert (ours.verdict is Verdict.ACCEPTED) == (theirs.verdict == "OK")
        assert (ours.participation is Participation.CONTEST) == (theirs.role == "CONTESTANT")


def test_a_contest_and_a_compile_error_are_seen_by_themselves(
    platform: CodeChef, site: PretendCodeChef
) -> None:
    person = busiest(site.world)
    before, newest = profile(platform, person.handle), platform.attempts(person.handle)[0]
    site.world.play([person.handle])
    first = site.world.classics()[0]
    sent = site.world.submit(person.handle, "COMPILATION_ERROR", first)
    new = platform.attempts(person.handle, after=newest.remote_id)
    assert (new[0].remote_id, new[0].verdict) == (str(sent.id), Verdict.COMPILE_ERROR)
    assert new[0].problem.key in {problem.key for problem in CodeChef.proof_problems}
    assert newest.remote_id not in [one.remote_id for one in new]
    after = profile(platform, person.handle)
    assert after.history is not None and before.history is not None
    assert len(after.history) == len(before.history) + 1
    assert after.mark != before.mark


def test_contests_and_problems_are_listed(platform: CodeChef, site: PretendCodeChef) -> None:
    contests = platform.contests()
    assert {one.phase for one in contests} >= {Phase.BEFORE, Phase.FINISHED}
    keys = {game.key for game in site.world.rounds}
    assert all(any(key.startswith(one.key) for key in keys) for one in contests)
    problems = {one.key: one for one in platform.problems()}
    assert set(problems) == {task.key for task in site.world.catalogue()}
    assert set(problems) >= {one.key for one in CodeChef.proof_problems}
    told = {task.key: site.world.rating_of(task) for task in site.world.catalogue()}
    assert {key: one.difficulty for key, one in problems.items()} == told
    assert any(told.values())


@pytest.mark.parametrize(
    ("mode", "kind"),
    [
        (Mode.LIMITED, RateLimited),
        (Mode.DOWN, Transient),
        (Mode.CHALLENGE, Blocked),
        (Mode.TRUNCATED, Transient),
        (Mode.LAYOUT, ChangedLayout),
    ],
)
def test_each_breakage_is_what_the_adapter_takes_it_for(
    platform: CodeChef, site: PretendCodeChef, mode: Mode, kind: type[PlatformError]
) -> None:
    handle = busiest(site.world).handle
    site.trouble.make(mode, seconds=7)
    for call in (
        lambda: platform.profiles([handle]),
        lambda: platform.attempts(handle),
        platform.contests,
        platform.problems,
    ):
        with pytest.raises(kind) as caught:
            call()
        if isinstance(caught.value, RateLimited):
            assert caught.value.retry_after == 7
    site.trouble.mend()
    assert profile(platform, handle).handle == handle


def test_asking_too_often_is_refused(platform: CodeChef, site: PretendCodeChef) -> None:
    site.gate = Gate(interval=60, early=1)
    handle = site.world.everybody()[0].handle
    profile(platform, handle)
    profile(platform, handle)
    with pytest.raises(RateLimited):
        platform.profiles([handle])


def test_pages_say_that_they_are_pretended(servers: DemoServers, site: PretendCodeChef) -> None:
    url, handle = servers.url("codechef"), site.world.everybody()[0].handle
    assert "invented" in httpx2.get(CodeChef.profile_url(handle, url)).text
    assert "invented" in httpx2.get(f"{url}/problems/START01").text
    assert "invented" in httpx2.get(f"{url}/users/edit").text


def test_the_adapter_works_without_http_too(clock: Clock) -> None:
    world = World(flavour=CODECHEF, size=40, clock=clock)
    platform = adapter(world, "http://127.0.0.1:1/codechef")
    person = busiest(world)
    assert profile(platform, person.handle.upper()).handle == person.handle
    attempts = platform.attempts(person.handle)
    assert all(isinstance(attempt, Attempt) for attempt in attempts)
    assert attempts[0].problem.url.startswith("http://127.0.0.1:1/codechef/problems/")


# --- the shapes are those of the recorded pages

FOLDER = RECORDED / "codechef"
OURS_TOO = ("Drupal.settings,", "var all_rating =", "var userDailySubmissionsStats =")
SIGNS = ("rating-block-all", "rating-block-dsa-monday", "rating-header", "rating-ranks", "h2-style",
         "rating-star", "m-username--link", "contest-participated-count", "user-profile-container",
         "widget-rating", "problems-solved", "user-details", "inline-list")  # fmt: skip


@pytest.mark.skipif(not FOLDER.is_dir(), reason=f"no recorded answers in {FOLDER}")
def test_pages_have_the_recorded_shape(clock: Clock) -> None:
    world = World(flavour=CODECHEF, size=40, clock=clock)
    ours = Site(world).answer(f"users/{busiest(world).handle}", {}).body.decode()
    recorded = [path.read_text() for path in FOLDER.glob("profile_*.html")]
    assert recorded
    for theirs in recorded:
        assert [sign for sign in SIGNS if sign in theirs and sign not in ours] == []
        for marker in OURS_TOO:
            one, other = embedded(theirs, marker), embedded(ours, marker)
            assert not differences(one, other) - PENALTY, marker
            assert not differences(other, one) - PENALTY, marker


PENALTY = {"reason", "penalised_in"}  # text or a list, of somebody who cheated


def embedded(page: str, marker: str) -> Any:
    _, _, rest = page.partition(marker)
    return shape(json.JSONDecoder().raw_decode(rest.lstrip())[0])
