"""The wheel carries all it needs: in an empty environment it starts a club, without Node."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.running import Club

ROOT = Path(__file__).resolve().parents[2]
UV = str(Path(sys.executable).with_name("uv"))
BUILT = ROOT / "src/codetrack/web/static/dist/manifest.json"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `make build` makes."""
    assert BUILT.exists(), "make test builds the pages first"
    folder = tmp_path_factory.mktemp("dist")
    how = ["--quiet", "--wheel", "--python", sys.executable, "--out-dir", str(folder)]
    subprocess.run([UV, "build", *how], cwd=ROOT, check=True)
    (wheel,) = folder.glob("codetrack_club-*.whl")
    return wheel


@pytest.fixture(scope="module")
def empty(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment with nothing in it."""
    folder = tmp_path_factory.mktemp("empty") / "venv"
    subprocess.run([UV, "venv", "--quiet", "--python", sys.executable, folder], check=True)
    return folder


def test_wheel_carries_the_languages_and_every_attack(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
    attacks = ROOT / "tests" / "judge" / "attacks"
    programs = [path.relative_to(attacks) for path in attacks.rglob("*.c")]
    assert len(programs) > 20
    assert {f"codetrack/judge/programs/{name}" for name in programs} <= names
    assert "codetrack/judge/languages/table.toml" in names
    assert not [name for name in names if name.startswith("tests/")]


@pytest.fixture(scope="module")
def codetrack(wheel: Path, empty: Path) -> str:
    """The command, installed from the wheel into the empty environment."""
    pins = ["--constraint", str(ROOT / "requirements" / "base.txt")]
    python = ["--python", str(empty / "bin" / "python")]
    subprocess.run([UV, "pip", "install", "--quiet", *python, *pins, str(wheel)], check=True)
    return str(empty / "bin" / "codetrack")


def test_wheel_starts_a_club_without_node(codetrack: str, tmp_path: Path) -> None:
    path = str(Path(codetrack).parent)
    with Club(tmp_path / "club", program=[codetrack], PATH=path) as club:
        assert club.get_json("/healthz")["status"] == "ok"
        style = club.find_in("/accounts/login/", r'href="(/static/dist/[^"]+\.css)"')
        assert club.get(style)[0] == 200


@pytest.mark.skipif(not Path("/usr/bin/bwrap").exists(), reason="bubblewrap is not here")
def test_wheel_attacks_its_judge(codetrack: str) -> None:
    """From any folder, and with an interpreter that the worker's user may not be able to read."""
    attack = [codetrack, "judge", "attack", "--only", "2"]
    told = subprocess.run(attack, cwd="/", capture_output=True, text=True, check=False)
    assert "1 of 1 contained" in told.stdout, told.stderr
