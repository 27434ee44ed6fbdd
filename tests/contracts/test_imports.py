"""Each import contract holds, and each is broken here on purpose, in a copy, and is seen."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FLOORS = "Apps stack: a lower app never imports a higher one"
INSIDE = "Inside an app: doors, services, queries, permissions, models, events"
OUTSIDE = "The outside world is plain Python: no Django, nothing of ours"


@dataclass(frozen=True)
class Crime:
    """A line added to a file, and the contract that it breaks."""

    path: str
    line: str
    contract: str

    @property
    def chain(self) -> str:
        """The line of the report that accuses it: by itself, not by way of another crime."""
        importer = ".".join(Path("codetrack", self.path).with_suffix("").parts)
        importer = importer.removesuffix(".__init__")
        imported = self.line.removeprefix("import ")
        shown = imported if imported.startswith("codetrack.") else imported.partition(".")[0]
        return rf"^- +{re.escape(importer)} -> {re.escape(shown)} \(l\..*\)\n\n"

    def __str__(self) -> str:
        return f"{self.path}: {self.line}"


CRIMES = [
    Crime("core/clock.py", "import codetrack.accounts.models", FLOORS),
    Crime("core/clock.py", "import codetrack.web.menu", FLOORS),
    Crime("web/menu.py", "import codetrack.api.apps", FLOORS),
    Crime("api/paging.py", "import codetrack.live.limits", FLOORS),
    Crime("live/hub.py", "import codetrack.accounts.models", FLOORS),
    Crime("accounts/queries.py", "import codetrack.ratings.models", FLOORS),
    Crime("accounts/notices.py", "import codetrack.notifications.services", FLOORS),
    Crime("notifications/queries.py", "import codetrack.ratings.models", FLOORS),
    Crime("ratings/queries/readings.py", "import codetrack.home.views", FLOORS),
    Crime("home/views/member.py", "import codetrack.demo.world", FLOORS),
    Crime("demo/world.py", "import codetrack.config.env", FLOORS),
    Crime("platforms/base.py", "import codetrack.core.clock", FLOORS),
    Crime("accounts/models/__init__.py", "import codetrack.accounts.queries", INSIDE),
    Crime("accounts/permissions.py", "import codetrack.accounts.services", INSIDE),
    Crime("ratings/queries/readings.py", "import codetrack.ratings.services", INSIDE),
    Crime("ratings/services/__init__.py", "import codetrack.ratings.tasks", INSIDE),
    Crime("ratings/events.py", "import codetrack.ratings.models", INSIDE),
    Crime("notifications/queries.py", "import codetrack.notifications.tasks", INSIDE),
    Crime("platforms/base.py", "import django.utils.timezone", OUTSIDE),
    Crime("platforms/codeforces.py", "import codetrack.core.clock", OUTSIDE),
]


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    return copied(tmp_path)


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> str:
    """What is said of a copy in which every crime was committed."""
    folder = copied(tmp_path_factory.mktemp("crimes"))
    for crime in CRIMES:
        path = folder / "src" / "codetrack" / crime.path
        path.write_text(f"{path.read_text()}\n{crime.line}\n")
    outcome = lint(folder)
    assert outcome.returncode == 1, outcome.stdout + outcome.stderr
    return outcome.stdout


def copied(folder: Path) -> Path:
    """The source and its contracts, to be spoilt."""
    ignore = shutil.ignore_patterns("static", "templates", "__pycache__")
    shutil.copytree(ROOT / "src", folder / "src", ignore=ignore)
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def lint(folder: Path) -> subprocess.CompletedProcess[str]:
    program = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    return subprocess.run(
        [sys.executable, "-c", program, "--no-logo", "--no-cache"],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder / "src"), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        check=False,
    )


def test_contracts_hold(copy: Path) -> None:
    outcome = lint(copy)
    assert outcome.returncode == 0, outcome.stdout
    for contract in (FLOORS, INSIDE, OUTSIDE):
        assert f"{contract} KEPT" in outcome.stdout


@pytest.mark.parametrize("crime", CRIMES, ids=str)
def test_broken_contract_is_seen(report: str, crime: Crime) -> None:
    assert f"{crime.contract} BROKEN" in report
    parts = re.split(r"\n(.+)\n-{9,}\n", report)
    told = dict(zip(parts[1::2], parts[2::2], strict=True))[crime.contract]
    assert re.search(crime.chain, told, re.MULTILINE), told


def test_app_without_a_floor_is_seen(copy: Path) -> None:
    app = copy / "src" / "codetrack" / "parties"
    app.mkdir()
    (app / "__init__.py").touch()
    outcome = lint(copy)
    assert outcome.returncode == 1
    assert "parties" in outcome.stdout
