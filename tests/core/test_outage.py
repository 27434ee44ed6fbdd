"""A database that cannot serve at present is told from one that was asked nonsense."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import psycopg
import pytest
from django.db import Error, OperationalError

from codetrack.core.db import outage


def fill(path: Path) -> None:
    """Write more than there is room for."""
    with closing(sqlite3.connect(path)) as database:
        database.execute("CREATE TABLE t (x)")
        database.execute("PRAGMA max_page_count = 2")
        database.execute("INSERT INTO t VALUES (zeroblob(20000))")


def queue(path: Path) -> None:
    """Write while somebody else does."""
    with closing(sqlite3.connect(path)) as one, closing(sqlite3.connect(path, timeout=0)) as two:
        one.execute("BEGIN IMMEDIATE")
        two.execute("BEGIN IMMEDIATE")


def mistype(path: Path) -> None:
    with closing(sqlite3.connect(path)) as database:
        database.execute("SELECT nothing FROM nowhere")


def fill_server(path: Path) -> None:
    raise psycopg.errors.DiskFull("could not extend file")


def wait_for_server(path: Path) -> None:
    raise psycopg.errors.LockNotAvailable("canceling statement due to lock timeout")


def get_entangled(path: Path) -> None:
    raise psycopg.errors.DeadlockDetected("deadlock detected")


def take_too_long(path: Path) -> None:
    raise psycopg.errors.QueryCanceled("canceling statement due to statement timeout")


@contextmanager
def as_django() -> Iterator[None]:
    """Wrapped as Django wraps what a driver raises."""
    try:
        yield
    except (sqlite3.OperationalError, psycopg.OperationalError) as error:
        raise OperationalError(*error.args) from error


@pytest.mark.parametrize(
    ("act", "code"),
    [
        (fill, "disk_full"),
        (fill_server, "disk_full"),
        (queue, "busy"),
        (wait_for_server, "busy"),
        (get_entangled, "busy"),
        (take_too_long, "too_slow"),
        (mistype, None),
    ],
)
def test_what_cannot_be_done_has_a_name(
    tmp_path: Path, act: Callable[[Path], None], code: str | None
) -> None:
    with pytest.raises(Error) as caught, as_django():
        act(tmp_path / "x.sqlite3")
    known = outage(caught.value)
    assert (known and known.code) == code


def test_nothing_is_no_outage() -> None:
    assert outage(None) is None
    assert outage(ValueError()) is None
    assert outage(OperationalError("connection refused")) is None
