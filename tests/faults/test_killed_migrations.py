"""kill -9 in the middle of `migrate`: the next `migrate` ends what was begun."""

from __future__ import annotations

import random
import secrets
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.migrations.executor import MigrationExecutor

from tests.faults.nursery import Nursery, alive

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def empty_database(tmp_path: Path) -> Iterator[str]:
    """The name of a database without tables, on the server of the tests."""
    if connection.vendor == "sqlite":
        yield str(tmp_path / "club.sqlite3")
        return
    name = f"migrations_{secrets.token_hex(4)}"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    yield name
    with connection.cursor() as cursor:
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.timeout(300)
def test_killed_migrations_are_taken_up_again(nursery: Nursery, empty_database: str) -> None:
    moments = random.Random(int(time.time()))
    for _ in range(5):
        pid = nursery.start(database=empty_database, role="migrate")
        time.sleep(moments.uniform(0.05, 0.6))
        nursery.kill(pid)
    pid = nursery.start(database=empty_database, role="migrate")
    nursery.wait(pid, seconds=200)
    assert not alive(pid)
    assert_whole(empty_database)


def assert_whole(name: str) -> None:
    """Every migration is applied, and the tables can be written to."""
    other = connections.create_connection(DEFAULT_DB_ALIAS)
    other.settings_dict = other.settings_dict | {"NAME": name}
    try:
        executor = MigrationExecutor(other)
        assert executor.migration_plan(executor.loader.graph.leaf_nodes()) == []
        with other.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM core_bucket")
            assert cursor.fetchone() == (0,)
            cursor.execute("SELECT count(*) FROM core_cache")
    finally:
        other.close()
