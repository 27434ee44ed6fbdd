"""Typed readers of environment variables that fail loudly. No Django here."""

from __future__ import annotations

import os
import secrets
import tempfile
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import dj_database_url

TRUE = {"1", "true", "yes", "on"}
FALSE = {"0", "false", "no", "off", ""}
LOOPBACK = "localhost,127.0.0.1,[::1]"


class BadSetting(Exception):
    """An environment variable cannot be used; the text says which and how to mend it."""


def text(name: str, default: str = "") -> str:
    """The value of `name`, or the contents of the file that `name_FILE` names."""
    path = os.environ.get(f"{name}_FILE")
    if not path:
        return os.environ.get(name, default)
    try:
        return Path(path).read_text().strip()
    except OSError as error:
        raise BadSetting(
            f"{name}_FILE names {path}, which cannot be read: {error.strerror}."
        ) from error


def flag(name: str, default: bool = False) -> bool:
    value = os.environ.get(name)
    if value is None:
        return default
    if value.lower() in TRUE:
        return True
    if value.lower() in FALSE:
        return False
    raise BadSetting(f"{name} is {value!r}; say 1 or 0.")


def choice(name: str, allowed: tuple[str, ...]) -> str:
    """One of these words; the first is the default."""
    value = text(name, allowed[0])
    if value in allowed:
        return value
    raise BadSetting(f"{name} is {value!r}; it has to be one of {', '.join(allowed)}.")


def number(name: str, default: int) -> int:
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    try:
        return int(value)
    except ValueError as error:
        raise BadSetting(f"{name} is {value!r}; it has to be a whole number.") from error


def decimal(name: str, default: float) -> float:
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    try:
        return float(value)
    except ValueError as error:
        raise BadSetting(f"{name} is {value!r}; it has to be a number.") from error


def words(name: str, default: str = "") -> list[str]:
    """A comma-separated list."""
    return [word.strip() for word in text(name, default).split(",") if word.strip()]


def hosts(url: str) -> list[str]:
    """The host names that are answered: that of `url`, and CODETRACK_HOSTS.

    Left unset, those are this machine's own names, but only for a club that lives under one of them
    itself: elsewhere a request for `localhost` is somebody's try.
    """
    name = urlsplit(url).hostname or "localhost"
    name = f"[{name}]" if ":" in name else name
    return [name, *words("CODETRACK_HOSTS", LOOPBACK if name in LOOPBACK.split(",") else "")]


def bind() -> tuple[str, int]:
    """The address and the port to listen on."""
    return text("CODETRACK_BIND", "127.0.0.1"), number("PORT", 8000)


def database(default: str) -> dict[str, Any]:
    """DATABASE_URL as Django wants it."""
    url = text("DATABASE_URL", default)
    try:
        if url.split(":")[0] not in {"sqlite", "postgres", "postgresql"}:
            raise ValueError(url)
        return dict(dj_database_url.parse(url, conn_max_age=None, conn_health_checks=True))
    except ValueError as error:
        raise BadSetting(
            "DATABASE_URL cannot be read; "
            "write postgresql://user:password@host:5432/name or sqlite:////path/to/file."
        ) from error


def data_folder() -> Path:
    """Where the database, the secrets and the media of this club live."""
    chosen = os.environ.get("CODETRACK_DATA")
    if chosen:
        return Path(chosen).expanduser().resolve()
    home = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(home).expanduser() / "codetrack"


def secret_key(folder: Path) -> str:
    """SECRET_KEY[_FILE], or one made at the first start and kept in the data folder."""
    given = text("SECRET_KEY")
    if given:
        return given
    path = folder / "secret_key"
    try:
        if not path.exists():
            _keep_once(path, secrets.token_urlsafe(48))
        return path.read_text().strip()
    except OSError as error:
        raise BadSetting(
            f"The data folder {folder} cannot be used: {error.strerror}. "
            "Choose another with CODETRACK_DATA."
        ) from error


def _keep_once(path: Path, value: str) -> None:
    """Write a private file whole or not at all; whoever is first wins, also after a kill."""
    path.parent.mkdir(parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(descriptor, "w") as file:
            file.write(value)
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        Path(draft).unlink()
