"""`codetrack judge …` needs no club: it touches neither data folder nor settings."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from tests.running import run

#: A club that could not even start.
BROKEN = {"DATABASE_URL": "mysql://nowhere", "PORT": "eighty"}


def test_help_names_the_three_commands(tmp_path: Path) -> None:
    told = run(tmp_path / "club", "judge", "--help", **BROKEN)
    assert told.returncode == 0
    for command in ("doctor", "run", "attack"):
        assert command in told.stdout
    assert not (tmp_path / "club").exists()


def test_what_cannot_begin_is_one_sentence(tmp_path: Path) -> None:
    told = run(tmp_path / "club", "judge", "run", str(tmp_path / "none.py"), **BROKEN)
    assert (told.returncode, told.stdout) == (2, "")
    assert told.stderr.startswith("codetrack judge: ") and len(told.stderr.splitlines()) == 1
    assert not (tmp_path / "club").exists()


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="the judge needs Linux")
def test_a_club_asks_its_own_command(tmp_path: Path) -> None:
    told = run(tmp_path / "club", "judge", "doctor", "--json", **BROKEN)
    found = json.loads(told.stdout)
    assert (told.returncode == 0) == (found["level"] in ("A", "B"))
    assert {"name", "ok", "seen", "remedy"} <= found["probes"][0].keys()
    assert all({"id", "name", "usable", "why"} <= one.keys() for one in found["languages"])
    assert not (tmp_path / "club").exists()
