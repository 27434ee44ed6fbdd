"""The database goes away, or its disk is full, under a worker: it waits, and then loses nothing."""

from __future__ import annotations

import resource
import sqlite3
import sys
import time

import pytest
from django.db import DEFAULT_DB_ALIAS, connection, connections

from codetrack.core.models import Bucket, Job
from tests.core.names import later
from tests.core.waiting import until
from tests.faults import chores
from tests.faults.nursery import Nursery, alive

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
JOBS = 60


def all_done() -> bool:
    return not Job.objects.exclude(status=Job.Status.DONE).exists()


def assert_done_once() -> None:
    until(all_done, seconds=40)
    tallied = Bucket.objects.filter(key__startswith="tally-")
    assert list(tallied.values_list("tokens", flat=True)) == [1] * JOBS


def test_a_database_that_was_away_finds_the_work_done_later(nursery: Nursery) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite is a file: it does not go away.")
    for number in range(JOBS):
        later(chores.tally, number)
    pid = nursery.start(threads=2)
    until(lambda: Bucket.objects.filter(key__startswith="tally-").exists())
    close_the_door(seconds=2)
    assert alive(pid)
    assert_done_once()


def close_the_door(seconds: float) -> None:
    """Nobody is let in, and whoever is inside is thrown out, but for this test."""
    name = connection.settings_dict["NAME"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        [ours] = cursor.fetchone()
    outside = connections.create_connection(DEFAULT_DB_ALIAS)
    outside.settings_dict = outside.settings_dict | {"NAME": "postgres"}
    with outside.cursor() as cursor:
        cursor.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = %s AND pid <> %s",
            [name, ours],
        )
        time.sleep(seconds)
        cursor.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
    outside.close()


def test_a_long_writer_only_holds_a_worker_up(nursery: Nursery) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("Only SQLite has one writer at a time.")
    for number in range(JOBS):
        later(chores.tally, number)
    pid = nursery.start(threads=2)
    until(lambda: Bucket.objects.filter(key__startswith="tally-").exists())
    writer = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None, timeout=20)
    writer.execute("BEGIN EXCLUSIVE")
    time.sleep(2)
    writer.execute("COMMIT")
    writer.close()
    assert alive(pid)
    assert_done_once()


@pytest.mark.skipif(sys.platform != "linux", reason="needs prlimit to free the disk again")
def test_a_full_disk_only_holds_a_worker_up(nursery: Nursery) -> None:
    """The worker may make no file longer: what SQLite gets is what a full disk gives it."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL has its own disk.")
    pid = nursery.start(threads=2, file_limit=1)
    until(lambda: resource.prlimit(pid, resource.RLIMIT_FSIZE)[0] == 1)
    for number in range(JOBS):
        later(chores.tally, number)
    time.sleep(2)
    assert alive(pid)
    assert not Bucket.objects.filter(key__startswith="tally-").exists()
    assert Job.objects.filter(status=Job.Status.READY).count() == JOBS
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)
    assert_done_once()
