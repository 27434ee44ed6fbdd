"""What every adapter must do, whatever the platform sends: its test subclasses `Contract`."""

import itertools
import json
from collections.abc import Callable, Mapping
from datetime import UTC
from typing import Any, ClassVar

import pytest

from codetrack.platforms.base import (
    Blocked,
    ChangedLayout,
    Invalid,
    NotFound,
    Platform,
    PlatformError,
    Profile,
    RateLimited,
    Response,
    Transient,
    check,
)

type World = Callable[[str, Mapping[str, Any]], Response]
type Call = Callable[[Platform], object]

CHALLENGE_PAGE = b"""<!DOCTYPE html><html lang="en-US"><head><title>Just a moment...</title></head>
<body><noscript>Enable JavaScript and cookies to continue</noscript>
<script>window._cf_chl_opt = {};</script></body></html>"""


def answer(body: object, status: int = 200, **headers: str) -> Response:
    """A canned answer; anything but bytes is sent as JSON."""
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    kind = "text/html" if raw.lstrip().startswith(b"<") else "application/json"
    sent = {"content-type": kind} | {k.replace("_", "-"): v for k, v in headers.items()}
    return Response(status=status, headers=sent, body=raw, url="https://platform.test/api")


class FakeClient:
    """Asks a function instead of the network, and judges the answer as the real client does."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.asked: list[tuple[str, str, dict[str, Any]]] = []

    def get(
        self,
        path: str,
        params: Mapping[str, str] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> Response:
        return self._ask("GET", path, params or {})

    def post(self, path: str, data: Mapping[str, str]) -> Response:
        return self._ask("POST", path, data)

    def post_json(
        self, path: str, data: Mapping[str, object], headers: Mapping[str, str] | None = None
    ) -> Response:
        return self._ask("JSON", path, data)

    def _ask(self, method: str, path: str, params: Mapping[str, Any]) -> Response:
        assert not path.startswith("/"), "paths are relative to the base URL of the platform"
        self.asked.append((method, path, dict(params)))
        response = self.world(path, params)
        check(response)
        return response


class Contract:
    """Subclasses give the adapter, a healthy world, one of another layout, and handles."""

    adapter: ClassVar[type[Platform]]
    #: Rated, spelled as the platform spells it.
    known: ClassVar[str]
    never_rated: ClassVar[str]
    unknown: ClassVar[str]
    #: Key of a contest with rating changes, where `gives_rounds`.
    contest: ClassVar[str]

    def world(self, path: str, params: Mapping[str, str]) -> Response:
        raise NotImplementedError

    def changed_world(self, path: str, params: Mapping[str, str]) -> Response:
        raise NotImplementedError

    def platform(self, world: World | None = None) -> Platform:
        return self.adapter(FakeClient(world or self.world))

    def calls(self) -> dict[str, Call]:
        """Everything that the adapter asks the platform."""
        calls: dict[str, Call] = {
            "profiles": lambda platform: platform.profiles([self.known]),
            "history": lambda platform: platform.history(self.known),
            "attempts": lambda platform: platform.attempts(self.known),
            "recent": lambda platform: platform.recent(self.known),
            "contests": lambda platform: platform.contests(),
            "problems": lambda platform: platform.problems(),
        }
        if self.adapter.gives_rounds:
            calls["contest_changes"] = lambda platform: platform.contest_changes(self.contest)
        if self.adapter.activity is not Platform.activity:
            calls["activity"] = lambda platform: platform.activity(self.known)
        return calls

    def pytest_generate_tests(self, metafunc: pytest.Metafunc) -> None:
        if "call" in metafunc.fixturenames:
            calls = self.calls()
            metafunc.parametrize("call", calls.values(), ids=calls.keys())

    def test_known_handle_has_a_profile_in_its_own_spelling(self) -> None:
        asked = self.known.swapcase()
        profile = self.platform().profiles([asked])[asked]
        assert isinstance(profile, Profile)
        assert profile.handle == self.known
        assert profile.rating is not None
        assert profile.max_rating is None or profile.max_rating >= profile.rating
        assert profile.rank_name

    def test_every_way_of_proof_reads_a_text_of_the_profile(self) -> None:
        profile = self.platform().profiles([self.known])[self.known]
        assert isinstance(profile, Profile)
        assert {proof.key for proof in self.adapter.proofs} <= set(profile.texts)
        assert len(self.adapter.proofs) >= 2, "two ways besides the compile error"

    def test_a_compile_error_can_prove_a_handle_at_a_dozen_problems(self) -> None:
        problems = self.adapter.proof_problems
        assert len({problem.key for problem in problems}) == len(problems) >= 12
        assert all(problem.title and problem.path.startswith("/") for problem in problems)

    def test_known_handle_has_a_history_that_leads_to_its_rating(self) -> None:
        platform = self.platform()
        profile = platform.profiles([self.known])[self.known]
        changes = platform.history(self.known)
        assert isinstance(profile, Profile)
        assert changes == sorted(changes, key=lambda change: change.at)
        assert changes[-1].new == profile.rating
        assert all(b.old in {a.new, None} for a, b in itertools.pairwise(changes))

    def test_unknown_handle_is_not_found_and_the_others_are_answered(self) -> None:
        found = self.platform().profiles([self.known, self.unknown])
        assert isinstance(found[self.known], Profile)
        assert isinstance(found[self.unknown], NotFound)

    def test_history_of_an_unknown_handle_is_not_found(self) -> None:
        with pytest.raises(NotFound):
            self.platform().history(self.unknown)

    def test_never_rated_has_no_rating_and_an_empty_history(self) -> None:
        platform = self.platform()
        profile = platform.profiles([self.never_rated])[self.never_rated]
        assert isinstance(profile, Profile)
        assert (profile.rating, profile.max_rating, profile.rank_name) == (None, None, None)
        assert self.adapter.tier(profile.rating) is None
        assert platform.history(self.never_rated) == []

    def test_handle_in_another_script_is_invalid_without_asking(self) -> None:
        client = FakeClient(self.world)
        found = self.adapter(client).profiles(["Нила_九"])
        assert isinstance(found["Нила_九"], Invalid)
        assert client.asked == []

    def test_rate_limit_names_the_wait(self, call: Call) -> None:
        platform = self.platform(lambda *_: answer(b"slow down", 429, retry_after="7"))
        with pytest.raises(RateLimited) as caught:
            call(platform)
        assert caught.value.retry_after == 7

    @pytest.mark.parametrize("status", [200, 403, 503])
    def test_challenge_page_is_blocked(self, call: Call, status: int) -> None:
        with pytest.raises(Blocked):
            call(self.platform(lambda *_: answer(CHALLENGE_PAGE, status)))

    @pytest.mark.parametrize("status", [500, 502, 503])
    def test_down_is_transient(self, call: Call, status: int) -> None:
        with pytest.raises(Transient):
            call(self.platform(lambda *_: answer(b"<html>Bad gateway</html>", status)))

    @pytest.mark.parametrize("body", [b"", b"<html><h1>Down for maintenance</h1></html>", b"{"])
    def test_answer_that_is_no_data_is_transient(self, call: Call, body: bytes) -> None:
        with pytest.raises(Transient):
            call(self.platform(lambda *_: answer(body)))

    def test_truncated_answer_is_transient(self, call: Call) -> None:
        def cut(path: str, params: Mapping[str, str]) -> Response:
            whole = self.world(path, params)
            return answer(whole.body[: len(whole.body) // 2], whole.status)

        with pytest.raises(Transient):
            call(self.platform(cut))

    def test_other_layout_is_changed_layout(self, call: Call) -> None:
        with pytest.raises(ChangedLayout):
            call(self.platform(self.changed_world))

    def test_a_web_page_is_never_not_found(self, call: Call) -> None:
        with pytest.raises(PlatformError) as caught:
            call(self.platform(lambda *_: answer(b"<html><h1>Not found</h1></html>", 404)))
        assert not isinstance(caught.value, NotFound)

    def test_errors_are_sentences(self, call: Call) -> None:
        with pytest.raises(PlatformError) as caught:
            call(self.platform(lambda *_: answer(b"<html>Bad gateway</html>", 502)))
        assert caught.value.message.endswith(".")

    def test_all_times_are_aware_and_in_utc(self) -> None:
        platform = self.platform()
        rows: list[Any] = [*platform.history(self.known), *platform.attempts(self.known)]
        times = [row.at for row in rows]
        times += [contest.starts_at for contest in platform.contests() if contest.starts_at]
        assert times
        assert all(time.tzinfo is UTC for time in times)

    def test_the_newest_attempts_cost_one_request(self) -> None:
        client = FakeClient(self.world)
        platform = self.adapter(client)
        newest = platform.recent(self.known)
        assert len(client.asked) == 1
        assert newest
        assert newest == platform.attempts(self.known)[: len(newest)]

    def test_attempts_after_a_known_one_are_only_the_newer(self) -> None:
        platform = self.platform()
        everything = platform.attempts(self.known)
        assert len(everything) >= 2
        middle = len(everything) // 2
        assert platform.attempts(self.known, everything[middle].remote_id) == everything[:middle]
        assert platform.attempts(self.known, everything[0].remote_id) == []

    def test_keys_are_unique_and_links_lead_to_the_platform(self) -> None:
        platform = self.adapter(FakeClient(self.world), "http://127.0.0.1:9/pretend/")
        for things in (platform.contests(), platform.problems()):
            assert things
            assert len({thing.key for thing in things}) == len(things)
            assert all(thing.url.startswith("http://127.0.0.1:9/pretend/") for thing in things)

    def test_profile_link_is_understood_again(self) -> None:
        for base in (None, "http://127.0.0.1:9/pretend"):
            link = self.adapter.profile_url(self.known, base)
            assert self.adapter.parse_handle(f"  {link}?x=1#y ", base) == self.known
        assert self.adapter.parse_handle(f"@{self.known}") == self.known

    @pytest.mark.parametrize("text", ["", "@", "a b", "http://[", "https://example.com/profile/x"])
    def test_text_without_a_handle_is_invalid(self, text: str) -> None:
        with pytest.raises(Invalid):
            self.adapter.parse_handle(text)

    def test_tiers_rise_and_cover_every_rating(self) -> None:
        floors = [tier.floor for tier in self.adapter.tiers]
        assert floors == sorted(set(floors))
        assert all(1 <= tier.level <= 10 for tier in self.adapter.tiers)
        assert self.adapter.tier(-50) == self.adapter.tiers[0]
        for tier in self.adapter.tiers:
            assert self.adapter.tier(tier.floor) == tier
