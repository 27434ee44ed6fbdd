"""Adapters are found: those of the package, and those an installed package announces."""

import ast
import sys
from collections.abc import Iterator
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

from codetrack import platforms
from codetrack.platforms import registry
from codetrack.platforms.base import Platform
from codetrack.platforms.codeforces import Codeforces


class Chessforces(Codeforces):
    key = "chessforces"
    name = "Chessforces"


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    registry.all_platforms.cache_clear()
    yield
    registry.all_platforms.cache_clear()


def test_adapters_of_the_package_are_found_and_complete() -> None:
    found = registry.all_platforms()
    assert found["codeforces"] is Codeforces
    for key, adapter in found.items():
        assert adapter.key == key
        assert adapter.name and adapter.home_url.startswith("https://")
        assert adapter.interval > 0
        assert adapter.proofs and adapter.tiers


@pytest.mark.parametrize("target", [f"{__name__}:Chessforces", __name__])
def test_an_installed_package_adds_its_own(monkeypatch: pytest.MonkeyPatch, target: str) -> None:
    point = EntryPoint(name="chess", value=target, group=registry.ENTRY_POINTS)
    monkeypatch.setattr(registry, "entry_points", lambda group: [point])
    found = registry.all_platforms()
    assert found["chessforces"].name == "Chessforces"
    assert list(found) == sorted(found) and "codeforces" in found


def test_every_adapter_has_a_contract_test() -> None:
    tests = {path.stem for path in Path(__file__).parent.glob("test_*.py")}
    assert {f"test_{key}" for key in registry.all_platforms()} <= tests


def test_platforms_import_nothing_of_ours_and_no_framework() -> None:
    allowed = {*sys.stdlib_module_names, "bs4", "msgspec"}
    for path in Path(platforms.__path__[0]).glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.level == 0:
                names = [node.module or ""]
            assert {name.split(".")[0] for name in names} <= allowed, path.name


def test_a_platform_shows_where_it_is() -> None:
    class Client:
        pass

    platform: Platform = Codeforces(Client(), "http://127.0.0.1:1/x/")  # type: ignore[arg-type]
    assert repr(platform) == "<Codeforces at http://127.0.0.1:1/x>"
