"""Settings come from the environment, are documented, and complain in sentences."""

from __future__ import annotations

import ast
import os
import re
import stat
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.test import override_settings

from codetrack.config import checks, env

ROOT = Path(__file__).resolve().parents[2]
PLACE = "<PLATFORM>"
CANARY = "PYTHON_CODETRACK_CANARY"  # the judge's self-test puts it there and looks for it
READERS = {"text", "flag", "number", "decimal", "words", "choice"}


def variables_read() -> set[str]:
    """Every name that `env` readers are asked for, and what others take from the environment."""
    found: set[str] = set()
    for path in (ROOT / "src").rglob("*.py"):
        nodes = list(ast.walk(ast.parse(path.read_text())))
        constants = {key: value for node in nodes for key, value in constant(node)}
        for node in nodes:
            if isinstance(node, ast.Call) and node.args and reads_environment(node.func):
                name = name_of(node.args[0])
                found.add(constants.get(name, name))
    return {name for name in found if name.isupper() or PLACE in name}


def constant(node: ast.AST) -> Iterator[tuple[str, str]]:
    """`NAME = "value"`."""
    match node:
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str(value))):
            yield name, value


def reads_environment(function: ast.expr) -> bool:
    match function:
        case ast.Attribute(attr="get", value=ast.Attribute(attr="environ")):
            return True
        case ast.Attribute(attr="get", value=ast.Name(id="environment")):
            return True
        case ast.Attribute(attr=name, value=ast.Name(id="env")) | ast.Name(id=name):
            return name in READERS
    return False


def name_of(argument: ast.expr) -> str:
    match argument:
        case ast.Constant(value=str(name)) | ast.Name(id=name):
            return name
        case ast.JoinedStr(values=parts):
            return "".join(str(p.value) if isinstance(p, ast.Constant) else PLACE for p in parts)
    return ""


def test_every_variable_is_documented_and_nothing_else() -> None:
    page = (ROOT / "docs" / "reference" / "settings.md").read_text()
    documented = set(re.findall(r"^\| `([^`]+)`", page, re.MULTILINE))
    not_ours_to_set = {f"{PLACE}_FILE", CANARY, "HOME"}
    assert documented == variables_read() - not_ours_to_set


@pytest.mark.parametrize(
    ("read", "value"),
    [
        (lambda: env.flag("CODETRACK_DEBUG"), "perhaps"),
        (lambda: env.number("CODETRACK_DEBUG", 1), "many"),
        (lambda: env.decimal("CODETRACK_DEBUG", 1), "1,5"),
        (lambda: env.choice("CODETRACK_DEBUG", ("open", "closed")), "ajar"),
    ],
)
def test_bad_value_is_named_in_one_sentence(
    monkeypatch: pytest.MonkeyPatch, read: object, value: str
) -> None:
    monkeypatch.setenv("CODETRACK_DEBUG", value)
    assert callable(read)
    with pytest.raises(env.BadSetting, match=f"CODETRACK_DEBUG is '{value}'"):
        read()


@pytest.mark.parametrize("url", ["mysql://a/b", "nonsense", "postgresql://host:port/name"])
def test_bad_database_is_refused(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    with pytest.raises(env.BadSetting, match="DATABASE_URL"):
        env.database("sqlite://")


def test_secret_is_read_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "mail").write_text("smtp://mail.example\n")
    monkeypatch.setenv("CODETRACK_MAIL_URL_FILE", str(tmp_path / "mail"))
    assert env.text("CODETRACK_MAIL_URL") == "smtp://mail.example"
    monkeypatch.setenv("CODETRACK_MAIL_URL_FILE", str(tmp_path / "absent"))
    with pytest.raises(env.BadSetting, match="absent, which cannot be read"):
        env.text("CODETRACK_MAIL_URL")


def test_secret_key_is_made_once_and_kept_private(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("SECRET_KEY")
    first = env.secret_key(tmp_path / "club")
    assert len(first) >= 50
    assert env.secret_key(tmp_path / "club") == first
    assert [path.name for path in (tmp_path / "club").iterdir()] == ["secret_key"]
    assert stat.S_IMODE((tmp_path / "club" / "secret_key").stat().st_mode) == 0o600


def test_data_folder_that_cannot_be_used_is_told(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.delenv("SECRET_KEY")
    (tmp_path / "file").touch()
    with pytest.raises(env.BadSetting, match="Choose another with CODETRACK_DATA"):
        env.secret_key(tmp_path / "file" / "folder")


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"CODETRACK_URL": "club.example"}, "codetrack.E001"),
        ({"CODETRACK_URL": "http://club.example/codetrack"}, "codetrack.E001"),
        ({"CODETRACK_URL": "https://club.example"}, "codetrack.E002"),
        ({"PLATFORMS": {"x": {"url": "example", "interval": 1.0}}}, "codetrack.E003"),
        ({"PLATFORMS": {"x": {"url": "http://example", "interval": -1.0}}}, "codetrack.E004"),
        ({"JUDGE_WORKERS": -1}, "codetrack.E005"),
        ({"STATEMENT_SECONDS": -1}, "codetrack.E006"),
    ],
    ids=str,
)
def test_setting_that_cannot_work_is_an_error_with_a_hint(
    changed: dict[str, object], expected: str
) -> None:
    with override_settings(**changed):
        (found,) = checks.check_settings()
    assert (found.id, bool(found.hint)) == (expected, True)


def test_settings_of_the_tests_are_fine() -> None:
    assert checks.check_settings() == []
    assert "CODETRACK_DEBUG" not in os.environ


@pytest.mark.parametrize(
    ("url", "said", "answered"),
    [
        ("http://localhost:8000", None, ["localhost", "localhost", "127.0.0.1", "[::1]"]),
        ("http://[::1]:8000", None, ["[::1]", "localhost", "127.0.0.1", "[::1]"]),
        ("https://club.example", None, ["club.example"]),
        ("https://club.example", "localhost, inside", ["club.example", "localhost", "inside"]),
        ("http://localhost:8000", "", ["localhost"]),
    ],
)
def test_the_names_of_this_machine_are_answered_only_where_the_club_lives_there(
    monkeypatch: pytest.MonkeyPatch, url: str, said: str | None, answered: list[str]
) -> None:
    if said is not None:
        monkeypatch.setenv("CODETRACK_HOSTS", said)
    assert env.hosts(url) == answered
