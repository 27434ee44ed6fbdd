"""`codetrack up` starts a club, ends when told, and refuses in one sentence what cannot work."""

from __future__ import annotations

import signal
import socket
import stat
import subprocess
from pathlib import Path

import pytest

from tests.postgres import free_port
from tests.running import CODETRACK, Club, run, status, surroundings

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("how", [signal.SIGTERM, signal.SIGINT])
def test_club_starts_answers_and_ends_when_told(tmp_path: Path, how: signal.Signals) -> None:
    with Club(tmp_path / "club") as club:
        assert club.get_json("/healthz")["status"] == "ok"
        assert club.get_json("/readyz")["database"] == "ok"
        assert f"CodeTrack 0.1.0 is at {club.url}/" in club.told
        assert "No mail server is set" in club.told
        link = club.find(r"http://localhost:\d+(/setup/\?token=\S+)")
        assert club.get(link)[0] == 200
        assert club.stop(how) == 0
        assert "Traceback" not in club.told


def test_start_again_keeps_the_club_and_makes_a_fresh_token(tmp_path: Path) -> None:
    links = set()
    for _ in range(2):
        with Club(tmp_path / "club") as club:
            links.add(club.find(r"token=(\S+)"))
    assert len(links) == 2


def test_second_club_runs_beside_the_first(tmp_path: Path) -> None:
    with Club(tmp_path / "one") as one, Club(tmp_path / "two") as two:
        assert one.get_json("/healthz") == two.get_json("/healthz")
        assert one.port != two.port


def test_taken_port_is_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", free_port())) as taken:
        port = taken.getsockname()[1]
        refused = run(tmp_path, "up", PORT=str(port))
    assert refused.returncode == 2
    assert refused.stderr == (
        f"codetrack: Port {port} cannot be used: another program uses it. "
        "Choose another, for example PORT=8010.\n"
    )


@pytest.mark.parametrize(
    ("environment", "told"),
    [
        ({"PORT": "eighty"}, "PORT is 'eighty'; it has to be a whole number."),
        ({"PORT": "99999"}, "Port 99999 cannot be used"),
        ({"CODETRACK_SIGNUP": "ajar"}, "it has to be one of open, invitation, closed."),
        ({"CODETRACK_URL": "club.example"}, "which is not the address of a site."),
        ({"CODETRACK_MAIL_URL": "mail"}, "CODETRACK_MAIL_URL cannot be used."),
        ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL cannot be read"),
        ({"DATABASE_URL": "postgresql://a:b@127.0.0.1:1/x"}, "The database cannot be used"),
        ({"CODETRACK_DATA": "/dev/null/club"}, "Choose another with CODETRACK_DATA."),
        ({"CODETRACK_DATA": "/dev/null/club", "SECRET_KEY": "x" * 50}, "CODETRACK_DATA."),
    ],
    ids=str,
)
def test_what_cannot_work_is_one_sentence(
    tmp_path: Path, environment: dict[str, str], told: str
) -> None:
    refused = run(tmp_path, "up", **({"PORT": str(free_port())} | environment))
    assert refused.returncode == 2
    assert told in refused.stderr
    assert len(refused.stderr.splitlines()) == 1


@pytest.mark.parametrize(("command", "code"), [("up", 2), ("worker", 2), ("doctor", 1)])
def test_file_that_is_no_database_is_told_plainly(tmp_path: Path, command: str, code: int) -> None:
    (tmp_path / "codetrack.sqlite3").write_bytes(b"no pages, only words " * 1000)
    told = run(tmp_path, command, PORT=str(free_port()))
    assert told.returncode == code
    assert "file is not a database" in told.stderr + told.stdout
    assert len(told.stderr.splitlines()) == (code == 2)


def test_nobody_else_on_the_machine_reads_the_club(tmp_path: Path) -> None:
    data = tmp_path / "club"
    with Club(data) as club:
        assert club.get("/accounts/login/")[0] == 200
        modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in data.iterdir()}
    assert {"codetrack.sqlite3", "codetrack.sqlite3-wal", "secret_key"} <= modes.keys()
    assert set(modes.values()) == {0o600}
    assert stat.S_IMODE(data.stat().st_mode) == 0o700


@pytest.mark.parametrize("program", [["worker"], ["manage", "check"]], ids=" ".join)
def test_what_others_could_read_is_closed_at_the_next_start(
    tmp_path: Path, program: list[str]
) -> None:
    paths = [tmp_path / name for name in ("codetrack.sqlite3", "secret_key")]
    for path in paths:
        path.touch(0o644)
    run(tmp_path, *program, SECRET_KEY="x" * 50)
    assert [stat.S_IMODE(path.stat().st_mode) for path in paths] == [0o600] * 2


def test_unknown_queue_is_refused(tmp_path: Path) -> None:
    refused = run(tmp_path, "worker", "--queues", "mail,parties")
    assert (refused.returncode, refused.stdout) == (2, "")
    assert (
        "There is no queue parties; there are default, mail, notices, sync, judge."
        in refused.stderr
    )


def test_worker_wants_a_migrated_database(tmp_path: Path) -> None:
    refused = run(tmp_path, "worker")
    assert refused.returncode == 2
    assert "run `codetrack manage migrate` first." in refused.stderr


def test_worker_ends_when_told(tmp_path: Path) -> None:
    data = tmp_path / "club"
    assert run(data, "manage", "migrate", "--verbosity=0").returncode == 0
    with Club(data, "worker") as worker:
        assert "Running jobs of default, mail, notices, sync, judge." in worker.told
        assert worker.stop() == 0


def test_web_serves_pages_by_gunicorn(tmp_path: Path) -> None:
    assert run(tmp_path, "manage", "migrate", "--verbosity=0").returncode == 0
    port = free_port()
    web = subprocess.Popen(
        [*CODETRACK, "web", "--log-level", "error"],
        env=surroundings(tmp_path, PORT=str(port)),
        stdin=subprocess.DEVNULL,
    )
    try:
        assert status(f"http://127.0.0.1:{port}/accounts/login/") == 200
    finally:
        web.terminate()
    assert web.wait(timeout=30) == 0
