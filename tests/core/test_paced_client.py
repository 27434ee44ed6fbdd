"""The client that adapters are handed, against a real web server that misbehaves."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator

import httpx2
import pytest
import stamina
from django.db import connection
from pytest_django.fixtures import Settings

from codetrack.core import http
from codetrack.core.errors import Unavailable
from codetrack.core.http import PacedClient
from codetrack.core.models import Pace
from codetrack.core.testing import HeldClock, hold_clock
from codetrack.platforms.base import Blocked, RateLimited, Transient
from codetrack.platforms.codeforces import Codeforces
from tests.core.servers import Answer, WebServer

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_waiting_between_tries() -> Iterator[None]:
    with stamina.set_testing(True, attempts=http.TRIES):
        yield


@pytest.fixture
def held() -> Iterator[HeldClock]:
    with hold_clock() as held:
        yield held


@pytest.fixture
def client(web_server: WebServer) -> PacedClient:
    return PacedClient(web_server.url, interval=2.0)


def script(server: WebServer, *answers: Answer) -> None:
    waiting = list(answers)
    server.answer = lambda path: waiting.pop(0) if waiting else (200, {}, b"{}")


def test_it_says_who_asks(web_server: WebServer, client: PacedClient, settings: Settings) -> None:
    settings.CODETRACK_URL, settings.CONTACT = "https://club.example", "ada@club.example"
    response = client.get("api/user.info", {"handles": "a;b"})
    [(_, path, headers)] = web_server.requests
    assert path == "/api/user.info?handles=a%3Bb"
    agent = f"CodeTrack/{settings.VERSION} (+https://club.example; ada@club.example)"
    assert headers["User-Agent"] == agent
    assert "gzip" in headers["Accept-Encoding"]
    assert response.status == 200 and response.body == b"{}"
    assert response.url.startswith(web_server.url)


def test_it_posts_forms(web_server: WebServer, client: PacedClient) -> None:
    client.post("api/user.info", {"handles": "a;b"})
    assert web_server.paths == ["/api/user.info handles=a%3Bb"]


def test_it_posts_json_with_headers_and_its_own_name(
    web_server: WebServer, client: PacedClient
) -> None:
    headers = {"Referer": "https://platform.test/", "User-Agent": "a browser"}
    client.post_json("graphql", {"query": "{ a }", "variables": {"n": 1}}, headers)
    [(_, path, sent)] = web_server.requests
    assert path == '/graphql {"query":"{ a }","variables":{"n":1}}'
    assert sent["Content-Type"] == "application/json"
    assert sent["Referer"] == "https://platform.test/"
    assert sent["User-Agent"] == http.user_agent()


def test_requests_keep_their_distance(
    web_server: WebServer, client: PacedClient, held: HeldClock
) -> None:
    began = held.at
    for _ in range(3):
        client.get("x")
    assert (held.at - began).total_seconds() == pytest.approx(4)


def test_what_is_down_is_asked_three_times(web_server: WebServer, client: PacedClient) -> None:
    script(web_server, (503, {}, b""), (502, {}, b""), (200, {}, b"[]"))
    with hold_clock():
        assert client.get("x").body == b"[]"
        script(web_server, *[(503, {}, b"")] * 4)
        with pytest.raises(Transient):
            client.get("x")
    assert len(web_server.requests) == 6


def test_a_short_retry_after_is_waited_for_by_everybody(
    web_server: WebServer, client: PacedClient, held: HeldClock
) -> None:
    script(web_server, (429, {"Retry-After": "20"}, b""))
    began = held.at
    client.get("x")
    assert (held.at - began).total_seconds() == pytest.approx(20)
    assert len(web_server.requests) == 2


def test_a_long_retry_after_is_told_to_the_job(
    web_server: WebServer, client: PacedClient, held: HeldClock
) -> None:
    script(web_server, (429, {"Retry-After": "600"}, b""))
    with pytest.raises(RateLimited) as caught:
        client.get("x")
    assert caught.value.retry_after == 600
    with pytest.raises(RateLimited) as caught:
        PacedClient(web_server.url, interval=2.0).get("y")
    assert caught.value.retry_after == pytest.approx(600)
    assert web_server.paths == ["/x"]
    held.forward(seconds=601)
    assert client.get("x").status == 200


def test_a_challenge_page_is_not_asked_again(web_server: WebServer, client: PacedClient) -> None:
    script(web_server, (403, {"Content-Type": "text/html"}, b"<title>Just a moment...</title>"))
    with pytest.raises(Blocked):
        client.get("x")
    assert len(web_server.requests) == 1


def test_half_an_answer_is_asked_for_again(
    web_server: WebServer, client: PacedClient, held: HeldClock
) -> None:
    script(web_server, (200, {"Content-Length": "100"}, b"{"), (200, {}, b"{}"))
    assert client.get("x").body == b"{}"


def test_nobody_there_is_a_passing_fault(held: HeldClock) -> None:
    with pytest.raises(Transient, match="was not reached"):
        PacedClient("http://127.0.0.1:9", interval=0.01).get("x")


def test_a_server_that_hangs_is_left(
    web_server: WebServer, monkeypatch: pytest.MonkeyPatch, held: HeldClock
) -> None:
    given_up = threading.Event()

    def hang(path: str) -> Answer:
        given_up.wait(60)
        return 200, {}, b"{}"

    web_server.answer = hang
    client = PacedClient(web_server.url, interval=0.01)
    monkeypatch.setattr(client, "http", httpx2.Client(timeout=0.1))
    with client.http, pytest.raises(Transient, match="not reached"):
        client.get("x")
    given_up.set()


def test_an_endless_answer_is_cut_off(
    web_server: WebServer, client: PacedClient, monkeypatch: pytest.MonkeyPatch, held: HeldClock
) -> None:
    monkeypatch.setattr(http, "LARGEST_BODY", 1000)
    web_server.answer = lambda path: (200, {}, b"x" * 5000)
    with pytest.raises(Transient, match="more than we can take"):
        client.get("x")


def test_redirects_are_followed(web_server: WebServer, client: PacedClient) -> None:
    script(web_server, (302, {"Location": "/there"}, b""))
    assert client.get("here").url == f"{web_server.url}/there"


def test_a_platform_that_is_switched_off_says_so(settings: Settings) -> None:
    settings.PLATFORMS = {"codeforces": settings.PLATFORMS["codeforces"] | {"enabled": False}}
    with pytest.raises(Unavailable, match="Codeforces is switched off") as caught:
        http.platform("codeforces")
    assert caught.value.permanent
    with pytest.raises(Unavailable, match="nowhere"):
        http.platform("nowhere")


def test_a_platform_asks_where_the_settings_say(settings: Settings, web_server: WebServer) -> None:
    chosen = {"enabled": True, "url": web_server.url, "interval": 0.01, "proxy": ""}
    settings.PLATFORMS = {"codeforces": chosen}
    web_server.answer = lambda path: (200, {}, b'{"status":"OK","result":[]}')
    adapter = http.platform("codeforces")
    assert isinstance(adapter, Codeforces)
    assert adapter.contests() == []
    assert web_server.paths[0].startswith("/api/contest.list")


@pytest.mark.django_db(transaction=True)
def test_threads_share_one_pace(web_server: WebServer) -> None:
    """One request in 20 ms over four threads: together they never ask faster."""

    def ask() -> None:
        for _ in range(25):
            PacedClient(web_server.url, interval=0.02).get("x")
        connection.close()

    began = time.monotonic()
    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    took = time.monotonic() - began
    assert len(web_server.requests) == 100
    assert took >= 99 * 0.02
    assert Pace.objects.count() == 1
