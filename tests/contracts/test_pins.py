"""What is pinned is pinned whole: with hashes, without an address, for every system."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
REQUIREMENTS = sorted((ROOT / "requirements").glob("*.txt"))
LOCK = json.loads((ROOT / "package-lock.json").read_text())["packages"]


@pytest.mark.parametrize("path", REQUIREMENTS, ids=lambda path: path.name)
def test_every_requirement_has_a_hash_and_no_address(path: Path) -> None:
    content = path.read_text()
    pins = re.findall(r"^[a-z0-9][^\n]*==[^\n]*\n", content, re.MULTILINE)
    assert pins
    assert [pin for pin in pins if f"{pin}    --hash=sha256:" not in content] == []
    assert "://" not in content


def test_lock_of_the_front_end_names_no_address() -> None:
    assert [name for name, entry in LOCK.items() if "resolved" in entry] == []


def test_lock_of_the_front_end_is_whole_for_every_system() -> None:
    """npm leaves out what a registry lacks for another system, and `npm ci` then fails there."""
    wanted = {name for entry in LOCK.values() for name in entry.get("optionalDependencies", {})}
    assert [name for name in sorted(wanted) if f"node_modules/{name}" not in LOCK] == []
