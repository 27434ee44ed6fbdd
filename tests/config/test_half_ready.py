"""What is not ready yet is told in a sentence, before anything is promised."""

from __future__ import annotations

import os
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from django.core.management import call_command

from codetrack.config import embedded
from codetrack.config.management.commands import test as command
from codetrack.core.jobs import worker
from tests.core.waiting import until
from tests.postgres import free_port
from tests.running import surroundings

MANAGE = [sys.executable, str(Path(__file__).resolve().parents[2] / "manage.py")]


def test_tests_without_pytest_say_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "find_spec", lambda name: None)
    with pytest.raises(SystemExit, match=r"run `make test` once"):
        call_command("test")


def test_no_address_is_told_when_the_jobs_cannot_run(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(self: worker.Worker) -> None:
        raise RuntimeError("no thread can be started")

    monkeypatch.setattr(worker.Worker, "start", broken)
    monkeypatch.setenv("PORT", str(free_port()))
    with embedded.claim_port() as claimed, pytest.raises(RuntimeError, match="no thread"):
        embedded.serve(claimed, "CodeTrack is at http://localhost/")
    assert capsys.readouterr().out == ""


@pytest.mark.slow
def test_runserver_on_an_empty_folder_asks_to_migrate_and_runs_no_jobs(tmp_path: Path) -> None:
    data = tmp_path / "club"
    port = free_port()
    log = tmp_path / "log"
    with log.open("w") as told:
        process = subprocess.Popen(
            [*MANAGE, "runserver", "--noreload"],
            env=surroundings(data, PORT=str(port), PYTHONUNBUFFERED="1"),
            stdin=subprocess.DEVNULL,
            stdout=told,
            stderr=told,
            start_new_session=True,
        )
    try:
        until(lambda: "No jobs run until it is migrated" in log.read_text(), seconds=60)
        assert "manage.py migrate" in log.read_text()
        assert ask(port, "/healthz") == 200
        assert ask(port, "/readyz") == 503
    finally:
        os.killpg(process.pid, 15)
        process.wait(timeout=30)
    assert "no such table: core_job" not in log.read_text()


def ask(port: int, path: str) -> int:
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code
