"""Whoever has one thing to write gets a turn among those who write all the time."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing, suppress
from functools import partial

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError

from codetrack.core.models import Position
from codetrack.core.sqlite import base, turns
from codetrack.core.sqlite.turns import Turns
from tests.core.waiting import until

MANY = 60


def in_threads(acts: list[Callable[[], object]]) -> list[threading.Thread]:
    """One after the other, each begun once the one before it waits."""
    started = []
    for act in acts:
        thread = threading.Thread(target=act)
        thread.start()
        started.append(thread)
        time.sleep(0.02)
    return started


def test_who_came_first_is_first() -> None:
    line, came = Turns(), list[int]()

    def write(number: int) -> None:
        assert line.take(20)
        came.append(number)
        line.give()

    assert line.take(0)
    threads = in_threads([partial(write, number) for number in range(5)])
    line.give()
    for thread in threads:
        thread.join()
    assert came == [0, 1, 2, 3, 4]


def test_clicks_pass_jobs_but_not_for_ever() -> None:
    line, came = Turns(), list[str]()

    def write(name: str) -> None:
        if name == "job":
            turns.let_others_pass()
        assert line.take(20)
        came.append(name)
        line.give()

    def come(*names: str) -> None:
        assert line.take(0)
        threads = in_threads([partial(write, name) for name in names])
        line.give()
        for thread in threads:
            thread.join()

    come(*["click"] * 6)  # passes nobody
    came.clear()
    come("job", "job", *["click"] * 6)
    assert came == [*["click"] * turns.PASSING, "job", "click", "click", "job"]


def test_who_gives_up_holds_nobody_up() -> None:
    line = Turns()
    assert line.take(0)
    assert not line.take(0.01)
    line.give()
    assert line.take(0)


@pytest.fixture
def writer() -> threading.Thread:
    """Writes, in one short transaction after the other."""
    if connection.vendor != "sqlite":
        pytest.skip("of SQLite alone, where one writes at a time")

    def write() -> None:
        turns.let_others_pass()
        for number in range(MANY):
            with transaction.atomic():
                Position.objects.create(consumer=f"job {number}")
                time.sleep(0.03)
        connection.close()

    return threading.Thread(target=write)


def written(writer: threading.Thread, act: Callable[[], object]) -> int:
    """How much the writer had written when this was done."""
    writer.start()
    until(Position.objects.exists)
    act()
    before = Position.objects.filter(consumer__startswith="job").count()
    writer.join()
    assert Position.objects.filter(consumer__startswith="job").count() == MANY
    return before


@pytest.mark.django_db(transaction=True)
def test_a_thread_waits_for_one_other_alone(writer: threading.Thread) -> None:
    def click() -> None:
        for number in range(5):
            Position.objects.create(consumer=f"click {number}")
            with transaction.atomic():
                Position.objects.filter(consumer__startswith="click").update(seq=number)

    assert written(writer, click) < 20


@pytest.mark.django_db(transaction=True)
def test_another_process_comes_between(writer: threading.Thread) -> None:
    path = connection.settings_dict["NAME"]

    def click() -> None:
        with closing(sqlite3.connect(path, timeout=20)) as other, other:
            other.execute("INSERT INTO core_position (consumer, seq) VALUES ('click', 0)")

    assert written(writer, click) < MANY / 2


@pytest.mark.django_db(transaction=True)
def test_the_turn_ends_whatever_ends_the_transaction() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("of SQLite alone, where one writes at a time")
    line = base._turns[str(connection.settings_dict["NAME"])]

    with suppress(ZeroDivisionError), transaction.atomic():
        raise ZeroDivisionError
    assert line.take(0)
    line.give()
    with suppress(TransactionManagementError), transaction.atomic():
        connection.close()
    assert line.take(0)
    line.give()
