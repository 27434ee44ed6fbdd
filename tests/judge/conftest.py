"""A judge for all tests of a worker; real sandboxes take turns, so that times mean something."""

from __future__ import annotations

import platform
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from codetrack.judge.client import Judge
from codetrack.judge.sandbox import bwrap

HERE = Path(__file__).parent


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All that judge run in one process of pytest-xdist, one after the other, in `make test`."""
    for item in items:
        if HERE in item.path.parents and "judge" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.xdist_group("judge"))
            item.add_marker(pytest.mark.slow)


@pytest.fixture(scope="session")
def judge() -> Iterator[Judge]:
    """The front of a real worker; skipped where there can be no sandbox at all."""
    needs_sandboxes()
    with Judge() as judge:
        yield judge


def needs_sandboxes() -> None:
    """Skip a test where no sandbox can be made at all."""
    if platform.system() != "Linux":
        pytest.skip("the judge needs Linux")
    if not any(Path(place).exists() for place in bwrap.PLACES):
        pytest.skip(f"bubblewrap is not here. {bwrap.INSTALL}")


def needs(program: str) -> pytest.MarkDecorator:
    """A test of a language that not every machine has."""
    return pytest.mark.skipif(shutil.which(program) is None, reason=f"{program} is not here")


@pytest.fixture
def shared() -> Iterator[Path]:
    """A folder that the worker's user can reach, as pytest's own is closed to others."""
    with tempfile.TemporaryDirectory(prefix="codetrack-shared-") as made:
        yield Path(made)
