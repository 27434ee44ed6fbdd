"""The pretend Codeforces over HTTP: the real adapter reads it, and it can be broken."""

import json
import time
from collections.abc import Callable, Iterator
from typing import Any

import httpx2
import pytest

from codetrack.demo.codeforces import Api, adapter
from codetrack.demo.platform import Gate
from codetrack.demo.servers import DemoServers, Pretend
from codetrack.demo.trouble import Mode
from codetrack.demo.world import Account, World
from codetrack.platforms.base import (
    Attempt,
    Blocked,
    ChangedLayout,
    NotFound,
    PlatformError,
    Profile,
    RateLimited,
    Transient,
    Verdict,
)
from codetrack.platforms.codeforces import Codeforces
from codetrack.platforms.twins import twins
from tests.recorded import RECORDED

from .pretend import Client, differences, shape

FOLDER = RECORDED / "codeforces"


@pytest.fixture
def platform(servers: DemoServers) -> Iterator[Codeforces]:
    client = Client(servers.url("codeforces"))
    with client.http:
        yield Codeforces(client, servers.url("codeforces"))


def test_all_members_are_read_in_one_request(platform: Codeforces, served: Pretend) -> None:
    handles = [person.handle for person in served.world.everybody()]
    found = platform.profiles(handles)
    assert served.codeforces.requests == 1
    for person in served.world.everybody():
        profile = found[person.handle]
        assert isinstance(profile, Profile)
        assert (profile.rating, profile.max_rating) == (person.rating, person.max_rating)
        assert profile.texts["last_name"] == person.texts["last_name"]


def test_one_unknown_handle_does_not_harm_the_others(platform: Codeforces, served: Pretend) -> None:
    handles = [person.handle for person in served.world.everybody()]
    found = platform.profiles([*handles, "nobody.here"])
    assert isinstance(found.pop("nobody.here"), NotFound)
    assert all(isinstance(profile, Profile) for profile in found.values())


def test_a_renamed_account_is_followed(platform: Codeforces, served: Pretend) -> None:
    old = served.world.everybody()[0].handle
    served.world.rename(old, "Brand_New")
    profile = platform.profiles([old])[old]
    assert isinstance(profile, Profile)
    assert (profile.handle, profile.renamed_from) == ("Brand_New", old)


def test_history_and_attempts_agree_with_the_world(platform: Codeforces, served: Pretend) -> None:
    person = max(served.world.everybody(), key=lambda person: len(person.results))
    history = platform.history(person.handle)
    attempts = platform.attempts(person.handle)
    assert [(change.old, change.new) for change in history] == [
        (result.old, result.new) for result in person.results
    ]
    assert [attempt.remote_id for attempt in attempts] == [
        str(sent.id) for sent in served.world.attempts(person)
    ]
    assert {attempt.verdict for attempt in attempts} >= {Verdict.ACCEPTED, Verdict.WRONG_ANSWER}


def test_what_is_played_and_submitted_later_is_read_by_itself(
    platform: Codeforces, served: Pretend
) -> None:
    person = served.world.everybody()[0]
    newest = platform.attempts(person.handle)[0].remote_id
    game = served.world.play([person.handle])
    sent = served.world.submit(person.handle, "COMPILATION_ERROR")
    new = platform.attempts(person.handle, after=newest)
    assert (new[0].remote_id, new[0].verdict) == (str(sent.id), Verdict.COMPILE_ERROR)
    assert newest not in [attempt.remote_id for attempt in new]
    assert platform.contest_changes(str(game.id))[0].handle == person.handle
    assert str(game.id) in [contest.key for contest in platform.contests()]


def test_problems_of_pairs_are_recognised_as_twins(platform: Codeforces, served: Pretend) -> None:
    starts = {
        contest.key: contest.starts_at for contest in platform.contests() if contest.starts_at
    }
    people = sorted(served.world.everybody(), key=lambda person: -len(person.results))[:20]
    attempted = [a.problem for person in people for a in platform.attempts(person.handle)]
    found = twins([*platform.problems(), *attempted], starts)
    doubles = {
        f"{task.round}-{task.index}"
        for person in people
        for task in (sent.task for sent in served.world.attempts(person))
        if task.double
    }
    assert doubles
    assert set(found) == doubles


def test_contest_without_changes_and_unknown_contest(platform: Codeforces, served: Pretend) -> None:
    assert platform.contest_changes(str(served.world.rounds[-1].id)) == []
    with pytest.raises(NotFound):
        platform.contest_changes("7")


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
    platform: Codeforces, served: Pretend, mode: Mode, kind: type[PlatformError]
) -> None:
    handle = served.world.everybody()[0].handle
    served.codeforces.trouble.make(mode, seconds=7)
    with pytest.raises(kind) as caught:
        platform.profiles([handle])
    if isinstance(caught.value, RateLimited):
        assert caught.value.retry_after == 7
    served.codeforces.trouble.mend()
    assert isinstance(platform.profiles([handle])[handle], Profile)


def test_a_slow_platform_answers_late(platform: Codeforces, served: Pretend) -> None:
    served.codeforces.trouble.make(Mode.SLOW, seconds=0.3)
    start = time.monotonic()
    platform.contests()
    assert time.monotonic() - start >= 0.3


def test_trouble_can_end_by_itself(platform: Codeforces, served: Pretend) -> None:
    served.codeforces.trouble.make(Mode.DOWN, requests=2)
    for _ in range(2):
        with pytest.raises(Transient):
            platform.contests()
    assert platform.contests()


def test_asking_too_often_is_refused_as_the_platform_does(
    platform: Codeforces, served: Pretend
) -> None:
    served.codeforces.gate = Gate(interval=60, early=1)
    platform.contests()
    platform.contests()
    with pytest.raises(RateLimited):
        platform.contests()


def test_a_client_that_keeps_the_pace_is_never_refused() -> None:
    gate = Gate(interval=0.01, early=0)
    for _ in range(20):
        assert gate.opens()
        time.sleep(0.01)


def test_a_client_in_a_hurry_gets_no_more_in_the_long_run() -> None:
    gate, until = Gate(interval=0.02), time.monotonic() + 0.5
    passed = 0
    while time.monotonic() < until:
        passed += gate.opens()
    assert passed <= 0.5 / 0.02 + 7


def test_pages_show_who_it_is_and_that_it_is_pretended(
    servers: DemoServers, served: Pretend
) -> None:
    person = served.world.everybody()[0]
    served.world.edit_profile(person.handle, organization="<b>Harbour & Co</b>")
    page = httpx2.get(Codeforces.profile_url(person.handle, servers.url("codeforces")))
    assert person.texts["first_name"] in page.text
    assert "&lt;b&gt;Harbour &amp; Co" in page.text
    assert "invented" in httpx2.get(servers.url("codeforces") + "/contest/1").text
    assert httpx2.get(servers.url("codeforces") + "/profile/nobody").status_code == 404


def test_an_unknown_method_is_a_page_that_is_not_there(servers: DemoServers) -> None:
    assert httpx2.get(servers.url("codeforces") + "/api/user.friends").status_code == 404


def test_the_adapter_works_without_http_too(world: World) -> None:
    platform = adapter(world, "http://127.0.0.1:1/codeforces")
    person = world.everybody()[0]
    assert isinstance(platform.profiles([person.handle])[person.handle], Profile)
    attempts = platform.attempts(person.handle)
    assert all(isinstance(attempt, Attempt) for attempt in attempts)
    assert attempts[0].problem.url.startswith("http://127.0.0.1:1/codeforces/problemset/problem/")


# --- the shapes are those of the recorded answers


CALLS: dict[str, Callable[[Account], dict[str, str]]] = {
    "user.info": lambda person: {"handles": person.handle},
    "user.rating": lambda person: {"handle": person.handle},
    "user.status": lambda person: {"handle": person.handle},
    "contest.list": lambda person: {"gym": "false"},
    "problemset.problems": lambda person: {},
}
OPTIONAL = {"freezeDurationSeconds"}  # of rounds of another type


@pytest.mark.skipif(not FOLDER.is_dir(), reason=f"no recorded answers in {FOLDER}")
@pytest.mark.parametrize("method", CALLS)
def test_answers_have_the_recorded_shape(world: World, method: str) -> None:
    person = next(person for person in world.everybody() if person.results)
    recorded: dict[str, Any] = {}
    for path in FOLDER.glob(f"{method}_*.json"):
        recorded |= {path.name: shape(json.loads(path.read_bytes()))}
    assert recorded
    status, body, _ = Api(world).answer(method, CALLS[method](person))
    ours = shape(json.loads(body))
    assert status == 200
    for theirs in recorded.values():
        missing = differences(theirs, ours) - OPTIONAL
        assert not missing, f"{method} lacks or changes {missing}"
        assert not differences(ours, theirs), f"{method} invents {differences(ours, theirs)}"


@pytest.mark.skipif(not FOLDER.is_dir(), reason=f"no recorded answers in {FOLDER}")
def test_the_error_is_the_recorded_one(world: World) -> None:
    recorded = json.loads((FOLDER / "error_unknown_handle.json").read_bytes())
    handle = recorded["comment"].split()[-3]
    status, body, _ = Api(world).answer("user.info", {"handles": handle})
    assert status == 400
    assert json.loads(body) == recorded
