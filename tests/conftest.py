"""The world that every test lives in: settings by environment, a data folder and a database.

`CODETRACK_TEST_DB` chooses the database: nothing (SQLite in a file), `postgres` (a server for the
session) or the URL of a server that is there already.
"""

from __future__ import annotations

import atexit
import gc
import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import django
import pytest
from hypothesis import HealthCheck
from hypothesis import settings as hypotheses

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_django import DjangoDbBlocker

    from tests.cast import Cast
    from tests.stage import Stage

OURS = ("CODETRACK_", "DATABASE_URL", "SECRET_KEY", "PORT")
TEST_DB = os.environ.get("CODETRACK_TEST_DB", "")
DATA = Path(tempfile.mkdtemp(prefix="codetrack-tests-"))
atexit.register(shutil.rmtree, DATA, ignore_errors=True)


def database_url() -> str:
    """Where rows are kept. The first process starts the server, its workers inherit the URL."""
    if TEST_DB != "postgres":
        return TEST_DB or f"sqlite:///{DATA / 'codetrack.sqlite3'}"
    from tests.postgres import Server

    server = Server()
    atexit.register(server.stop)
    return server.start().url


def set_environment() -> None:
    """Only what is said here reaches the settings, whatever the shell of the developer has set."""
    url = database_url()
    for name in [name for name in os.environ if name.startswith(OURS)]:
        del os.environ[name]
    os.environ |= {
        "CODETRACK_TEST_DB": url if url.startswith("postgres") else "",
        "CODETRACK_DATA": str(DATA),
        "CODETRACK_JUDGE_WORKERS": "0",  # a self-test takes seconds
        "DATABASE_URL": url,
        "SECRET_KEY": "only-for-tests-" * 4,
        "DJANGO_SETTINGS_MODULE": "codetrack.config.settings",
    }


set_environment()
django.setup()  # so that the conftest of an app may name its models

# The same examples every time, on however busy a machine.
hypotheses.register_profile(
    "house", derandomize=True, deadline=None, suppress_health_check=[HealthCheck.too_slow]
)
hypotheses.load_profile("house")


def pytest_configure() -> None:
    """Argon2id as in production, but with parameters that cost nothing."""
    from django.contrib.auth.hashers import Argon2PasswordHasher

    Argon2PasswordHasher.time_cost = 1
    Argon2PasswordHasher.memory_cost = 8
    Argon2PasswordHasher.parallelism = 1


def pytest_collection_finish() -> None:
    """What was imported stays: the collector need not look through all of it again and again."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """On PostgreSQL, what uses no database of the tests has nothing new to say."""
    if not os.environ["CODETRACK_TEST_DB"]:
        return
    config.hook.pytest_deselected(items=[item for item in items if not uses_database(item)])
    items[:] = [item for item in items if uses_database(item)]


def uses_database(item: pytest.Item) -> bool:
    names = set(getattr(item, "fixturenames", ()))
    marked = item.get_closest_marker("django_db") is not None
    return marked or bool(names & {"db", "transactional_db", "django_db_setup"})


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix: None) -> None:
    """SQLite in a file, so that threads of a test share it; nothing waits for the disk."""
    from django.db import connections

    database = connections["default"].settings_dict
    if "sqlite" in database["ENGINE"]:
        database["TEST"]["NAME"] = str(DATA / "test.sqlite3")
        commands = database["OPTIONS"]["init_command"]
        database["OPTIONS"]["init_command"] = commands.replace(
            "synchronous=FULL", "synchronous=OFF"
        )


@pytest.fixture(scope="session", autouse=True)
def static_files_are_looked_at_once() -> Iterator[None]:
    """Each client of a test loads the middleware anew, and WhiteNoise with it all static files."""
    from django.conf import settings
    from whitenoise.middleware import WhiteNoiseMiddleware

    look = WhiteNoiseMiddleware.add_files_from_finders
    known: dict[tuple[object, ...], dict[str, object]] = {}

    def remember(self: WhiteNoiseMiddleware) -> None:
        key = (*settings.INSTALLED_APPS, self.max_age)
        if key not in known:
            look(self)
            known[key] = dict(self.files)
        self.files = dict(known[key])

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(WhiteNoiseMiddleware, "add_files_from_finders", remember)
        yield


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A test that commits empties all tables at its end, which is made cheap."""
    from tests.flushing import make_cheap

    with pytest.MonkeyPatch.context() as patch:
        with django_db_blocker.unblock():
            make_cheap(patch)
        yield


@pytest.fixture(scope="session", autouse=True)
def tokens_spell_nothing() -> Iterator[None]:
    """No name that is looked for in a page stands there by chance, in a token against forgery."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("django.middleware.csrf.CSRF_ALLOWED_CHARS", "JKQVWXYZ")
        yield


@pytest.fixture(autouse=True)
def memory_of_this_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """What a process keeps in its memory is of the test before; it does not expire within one."""
    from django.core.cache import caches

    from codetrack.web import sources

    caches["process"].clear()
    monkeypatch.setattr(sources, "KEPT_SECONDS", 3_600)


@pytest.fixture
def cast(db: None) -> Cast:
    """Everybody of `tests/cast.py`."""
    from tests.cast import make_cast

    return make_cast()


@pytest.fixture(scope="session")
def stage() -> Iterator[Stage]:
    """The server of all pretend worlds."""
    from tests.stage import Stage

    with Stage() as stage:
        yield stage
