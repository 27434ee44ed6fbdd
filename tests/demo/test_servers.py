"""Starting and stopping the pretend world."""

import socket
from pathlib import Path

import httpx2
import pytest

from codetrack.demo.servers import PLATFORMS, DemoServers, PortTaken, current, pretend
from codetrack.platforms.registry import all_platforms
from tests.postgres import free_port


def test_ports_follow_from_the_port_of_the_site(tmp_path: Path) -> None:
    port = free_port(in_a_row=3)
    with DemoServers(port, tmp_path) as servers:
        assert (servers.http_port, servers.smtp_port) == (port + 1, port + 2)
        assert servers.url("codeforces") == f"http://127.0.0.1:{port + 1}/codeforces"
        assert servers.smtp_url == f"smtp://127.0.0.1:{port + 2}"
        assert httpx2.get(servers.url("codeforces") + "/api/contest.list").status_code == 200


def test_a_taken_port_is_said_in_one_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(PortTaken, match=f"Port {port} is in use. Choose another PORT."):
            DemoServers(port - 1)


def test_two_pretend_worlds_run_side_by_side(tmp_path: Path) -> None:
    with (
        DemoServers(data_dir=tmp_path / "one") as one,
        DemoServers(data_dir=tmp_path / "two") as two,
    ):
        one.pretend.world.add("only.in.one")
        url = "/profile/only.in.one"
        assert httpx2.get(one.url("codeforces") + url).status_code == 200
        assert httpx2.get(two.url("codeforces") + url).status_code == 404


def test_the_pages_find_the_world_that_is_served(tmp_path: Path) -> None:
    assert current() is None
    with DemoServers(data_dir=tmp_path) as servers:
        assert current() is servers.pretend
    assert current() is None


def test_after_stopping_nothing_listens(tmp_path: Path) -> None:
    with DemoServers(data_dir=tmp_path) as servers:
        ports = [servers.http_port, servers.smtp_port]
    for port in ports:
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", port), timeout=1)


@pytest.mark.parametrize("key", [maker.key for maker in PLATFORMS])
def test_problems_and_settings_lead_to_the_control_page(tmp_path: Path, key: str) -> None:
    site = all_platforms()[key]
    made = pretend(tmp_path, 0, "http://site", size=1)
    with DemoServers(world=made) as servers, httpx2.Client() as client:
        for problem in site.proof_problems:
            answer = client.get(servers.url(key) + problem.path)
            assert answer.headers["Location"] == f"http://site/demo/{key}/?problem={problem.key}"
        for place in site.proofs:
            url = place.settings_url.replace(site.home_url, servers.url(key), 1)
            assert client.get(url).headers["Location"] == f"http://site/demo/{key}/"


def test_every_world_has_a_file_of_its_own_and_the_same_people(tmp_path: Path) -> None:
    first = pretend(tmp_path, size=20)
    for platform in first.platforms.values():
        platform.world.edit_profile(platform.world.everybody()[0].handle, name="ct-9f2kq1")
    files = {path.name for path in (tmp_path / "demo").iterdir()}
    assert {"world.json", "world-leetcode.json", "world-codechef.json"} <= files
    again = pretend(tmp_path)
    people = {key: platform.world.people() for key, platform in first.platforms.items()}
    assert {key: one.world.people() for key, one in again.platforms.items()} == people
    assert again.platforms["codechef"].world.everybody()[0].name == "ct-9f2kq1"
