"""The table of languages: how sources of each become a program, and how that is run.

To be read once, before the worker gives up its rights; the files that `CODETRACK_JUDGE_LANGUAGES`
names, separated like those of PATH, add languages of one's own or change some keys of ours.
"""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import msgspec

from codetrack.judge.errors import Refused
from codetrack.judge.values import MIB, Limits

OURS = Path(__file__).with_name("table.toml")
MORE = "CODETRACK_JUDGE_LANGUAGES"
ID = re.compile(r"[a-z][a-z0-9_]{0,31}")
PLACEHOLDER = re.compile(r"\{([a-z]+)\}")
KNOWN_PLACEHOLDERS = frozenset({"mem", "source", "sources", "main"})
REMEDY = f"Mend the table, or unset {MORE} if it is not ours."
SYSTEM = ("/usr",)
SPLIT_SYSTEM = ("/usr", "/bin", "/lib", "/lib64", "/sbin")  # before /bin became a link


class BadTable(Refused):
    """A table of a language is not as it has to be; the text names the language and the key."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason, REMEDY)


class CompileLimits(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What a compiler may use. Seconds and MiB."""

    cpu: float = 10
    memory: int = 512
    output: int = 64
    processes: int = 32
    files: int = 256
    tmp: int = 64

    def limits(self) -> Limits:
        return Limits(
            cpu=self.cpu,
            memory=self.memory * MIB,
            output=self.output * MIB,
            processes=self.processes,
            files=self.files,
            tmp=self.tmp * MIB,
            address_space=False,
        )


class Language(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One language: a table of table.toml. In commands, {source} is the main file's name,
    {sources} all that are compiled, {main} Java's main class, {mem} the memory limit in MiB."""

    id: str
    name: str
    extensions: tuple[str, ...]
    source: str  # what sources without a name are called
    version: tuple[str, ...]
    run: tuple[str, ...]
    hello: str  # reads 5, says "hello 5"
    enabled: bool = True
    compile: tuple[str, ...] = ()
    headers: tuple[str, ...] = ()  # extensions of files that are there, but not compiled themselves
    compile_limits: CompileLimits = CompileLimits()
    compile_env: dict[str, str] = {}
    env: dict[str, str] = {}
    binds: tuple[str, ...] = ()  # folders outside /usr that it needs; in the table, with *
    public_class: bool = False  # a file is called like the class in it
    keep_sources: bool = False  # they are what is run
    deny_fork: bool = False
    proc: bool = False
    address_space: bool = True
    processes: int = 16
    files: int = 64
    memory_extra: int = 0  # MiB that the runtime needs beside the program
    time_factor: float = 1.0

    @property
    def executables(self) -> tuple[str, ...]:
        """The programs it needs of this machine."""
        commands = (self.version, self.compile, self.run)
        return tuple(dict.fromkeys(c[0] for c in commands if c and not c[0].startswith("/box/")))


def load(environment: Mapping[str, str] = os.environ) -> dict[str, Language]:
    """All languages by their id, whether this machine has them or not. Raises BadTable."""
    more = environment.get(MORE, "").split(os.pathsep)
    tables: dict[str, Any] = {}
    languages: dict[str, Language] = {}
    for path in (OURS, *map(Path, filter(None, more))):
        for key, table in _tables(path).items():
            tables[key] = {**tables.get(key, {}), **table} if isinstance(table, dict) else table
            languages[key] = _language(key, tables[key], path)
    return languages


def _tables(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            return tomllib.load(file)
    except OSError as error:
        raise BadTable(f"{path} cannot be read: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise BadTable(f"{path} is not TOML: {error}.") from error


def _language(key: str, table: Any, path: Path) -> Language:
    where = f"[{key}] in {path}"
    if not isinstance(table, dict) or "id" in table:
        raise BadTable(f"{where}: one table a language is expected, and its name is the id.")
    try:
        language = msgspec.convert({"id": key, **table}, Language)
    except msgspec.ValidationError as error:
        raise BadTable(f"{where}: {error}.") from error
    for complaint in _complaints(language):
        raise BadTable(f"{where}: {complaint}.")
    return msgspec.structs.replace(language, binds=tuple(_existing(language.binds)))


def _complaints(language: Language) -> Iterator[str]:
    if not ID.fullmatch(language.id):
        yield "an id is made of small letters, digits and _"
    for key in ("extensions", "version", "run"):
        if not getattr(language, key):
            yield f"`{key}` is empty"
    for extension in (*language.extensions, *language.headers):
        if not extension.startswith("."):
            yield f"`extensions` and `headers` begin with a dot, unlike {extension!r}"
    if not language.source.endswith(language.extensions):
        yield "`source` has none of the `extensions`"
    for path in (*language.executables, *language.binds):
        if not path.startswith("/"):
            yield f"{path!r} is not an absolute path"
    for name in _placeholders(language) - KNOWN_PLACEHOLDERS:
        yield f"there is no placeholder {{{name}}}"


def _existing(binds: Iterable[str]) -> Iterator[str]:
    """The folders that the patterns name on this machine."""
    for pattern in binds:
        yield from map(str, sorted(Path("/").glob(pattern.strip("/"))))


def _placeholders(language: Language) -> set[str]:
    texts = (*language.compile, *language.run, *language.env.values())
    return {name for text in texts for name in PLACEHOLDER.findall(text)}


def why_not(language: Language) -> str:
    """Why this machine, or this user of it, cannot run the language; "" if it can."""
    if not language.enabled:
        return "It is switched off in the table."
    for program in language.executables:
        real = os.path.realpath(program)
        if closed := _closed(real):
            return f"{program} lies below {closed}, which the judge's user may not enter."
        if not os.access(real, os.X_OK):
            return f"{program} is not installed."
        if not any(_below(real, folder) for folder in _visible(language)):
            return f"{real} is not below /usr: name its folder in `binds`."
    return ""


def _closed(path: str) -> str:
    """The first folder on the way that this user may not pass through."""
    for folder in reversed(Path(path).parents):
        if folder.is_dir() and not os.access(folder, os.X_OK):
            return str(folder)
    return ""


def _visible(language: Language) -> tuple[str, ...]:
    """What a sandbox shows of this machine."""
    system = SYSTEM if Path("/bin").is_symlink() else SPLIT_SYSTEM
    return (*system, *map(os.path.realpath, language.binds))


def _below(path: str, folder: str) -> bool:
    return path == folder or path.startswith(folder.rstrip("/") + "/")


def filled(command: tuple[str, ...], values: Mapping[str, str]) -> tuple[str, ...]:
    """The command with its placeholders replaced."""
    return tuple(fill(part, values) for part in command)


def fill(text: str, values: Mapping[str, str]) -> str:
    return PLACEHOLDER.sub(lambda found: values.get(found[1], found[0]), text)
