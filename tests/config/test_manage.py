"""The Django commands people know work as the README says."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from contextlib import closing
from pathlib import Path

import pytest

from tests.postgres import free_port
from tests.running import START_SECONDS, status, surroundings

ROOT = Path(__file__).resolve().parents[2]
MANAGE = [sys.executable, str(ROOT / "manage.py")]

pytestmark = pytest.mark.slow


def manage(data: Path, *arguments: str, **more: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [*MANAGE, *arguments],
        env=surroundings(data, **more),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=START_SECONDS,
        check=False,
    )


@pytest.fixture(scope="module")
def club(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with a migrated database."""
    data = tmp_path_factory.mktemp("club")
    migrated = manage(data, "migrate")
    assert migrated.returncode == 0, migrated.stderr
    return data


def test_superuser_of_the_command_line_can_sign_in_at_once(club: Path) -> None:
    made = manage(
        club,
        *("createsuperuser", "--noinput", "--username", "grace", "--email", "grace@club.example"),
        DJANGO_SUPERUSER_PASSWORD="an-early-compiler",
    )
    assert made.returncode == 0, made.stderr
    program = (
        "from django.test import Client; "
        "answer = Client(headers={'host': 'localhost'}).post('/accounts/login/', "
        "{'login': 'grace', 'password': 'an-early-compiler'}); "
        "print(answer.status_code, answer.headers['Location'])"
    )
    tried = manage(club, "shell", "--no-imports", "--command", program)
    assert tried.stdout.split()[0] == "302", tried.stderr
    assert "confirm-email" not in tried.stdout


@pytest.mark.parametrize("reload", [[], ["--noreload"]], ids=["reloading", "not-reloading"])
def test_runserver_serves_pages_and_runs_the_jobs_in_one_place(
    club: Path, tmp_path: Path, reload: list[str]
) -> None:
    data = tmp_path / "club"
    shutil.copytree(club, data)
    port = free_port()
    process = subprocess.Popen(
        [*MANAGE, "runserver", *reload],
        env=surroundings(data, PORT=str(port)),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        assert status(f"http://127.0.0.1:{port}/accounts/login/") == 200
        assert len(workers(data)) == 1
    finally:
        os.killpg(process.pid, 15)
        process.wait(timeout=30)


def workers(data: Path) -> set[str]:
    """Who ran the jobs that are due at the first start."""
    query = "SELECT DISTINCT worker FROM core_job WHERE finished_at IS NOT NULL"
    for _ in range(300):
        with closing(sqlite3.connect(data / "codetrack.sqlite3", timeout=20)) as database:
            if found := {name for (name,) in database.execute(query)}:
                return found
        time.sleep(0.2)
    raise AssertionError("No job was run.")


def test_tests_are_those_of_pytest(tmp_path: Path) -> None:
    ran = manage(tmp_path, "test", "--version")
    assert ran.returncode == 0
    assert ran.stdout.startswith("pytest ")


def test_data_folder_that_cannot_be_used_is_one_sentence() -> None:
    refused = manage(Path("/dev/null/club"), "migrate")
    assert refused.returncode == 2
    assert refused.stderr.startswith("manage.py: The data folder /dev/null/club cannot be written")
