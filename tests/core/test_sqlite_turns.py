"""Whoever has one thing to write gets a turn among those who write all the time."""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing, nullcontext, suppress
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Self

import pytest
from django.db import connection, transaction
from django.db.transaction import TransactionManagementError

from codetrack.core.models import Position
from codetrack.core.sqlite import base, turns
from codetrack.core.sqlite.turns import Turns
from codetrack.core.sqlite.waiting import Waiting
from tests.core.waiting import until


def in_threads(line: Turns, acts: list[Callable[[], object]]) -> list[threading.Thread]:
    """One after the other, each begun once the one before it waits."""
    started = []
    for act in acts:
        thread = threading.Thread(target=act)
        thread.start()
        started.append(thread)
        until(partial(are_waiting, line, len(started)))
    return started


def are_waiting(line: Turns, count: int) -> bool:
    return len(line._hurried) + len(line._others) == count


def test_who_came_first_is_first() -> None:
    line, came = Turns(), list[int]()

    def write(number: int) -> None:
        assert line.take(20)
        came.append(number)
        line.give()

    assert line.take(0)
    threads = in_threads(line, [partial(write, number) for number in range(5)])
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
        threads = in_threads(line, [partial(write, name) for name in names])
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
def line() -> Turns:
    """Of the database of the tests."""
    if connection.vendor != "sqlite":
        pytest.skip("of SQLite alone, where one writes at a time")
    return base._turns[str(connection.settings_dict["NAME"])]


class Writer:
    """`with Writer(take) as writer:` writes all the time in a thread, in one transaction after the
    other; `take` takes the time of each, `times` says when it began and ended.
    """

    def __init__(self, take: Callable[[], object]) -> None:
        self.take = take
        self.times: list[tuple[float, float]] = []
        self.begun, self.over = threading.Event(), threading.Event()
        self.thread = threading.Thread(target=self.write)

    def write(self) -> None:
        turns.let_others_pass()
        while not self.over.is_set():
            with transaction.atomic():
                begun = time.monotonic()
                Position.objects.create(consumer=f"job {begun}")
                self.begun.set()
                self.take()
                self.times.append((begun, time.monotonic()))
        connection.close()

    def __enter__(self) -> Self:
        self.thread.start()
        self.begun.wait()
        return self

    def __exit__(self, *error: object) -> None:
        self.over.set()
        self.thread.join()


@pytest.mark.django_db(transaction=True)
def test_a_thread_waits_for_one_other_alone(line: Turns) -> None:
    """However little time there is between two transactions of the other one."""

    def take() -> None:
        until(lambda: bool(line._hurried) or writer.over.is_set())

    writer = Writer(take)
    with writer:
        for number in range(5):
            Position.objects.create(consumer=f"click {number}")
            with transaction.atomic():
                Position.objects.filter(consumer__startswith="click").update(seq=number)
        assert Position.objects.filter(consumer__startswith="job").count() <= 10


@pytest.mark.django_db(transaction=True)
def test_another_process_comes_between(line: Turns) -> None:
    path = connection.settings_dict["NAME"]
    with Writer(partial(time.sleep, 0.03)) as writer:
        until(lambda: len(writer.times) > 10)
        with Waiting(path).told():
            told = len(writer.times)
            with closing(sqlite3.connect(path, timeout=60)) as other, other:
                other.execute("INSERT INTO core_position (consumer, seq) VALUES ('click', 0)")
            until(lambda: len(writer.times) > told + 20)
            times = writer.times[told + 1 :]
    assert longest_without_a_pause(times) <= turns.LONG_SECONDS
    assert turns.PAUSE_SECONDS > 0.1  # so long, at the most, SQLite waits before it tries again


def longest_without_a_pause(times: list[tuple[float, float]]) -> float:
    """How long was written before somebody who tries again and again was sure to come between."""
    longest = spent = 0.0
    for (begun, ended), (next_begun, _) in pairwise(times):
        spent += ended - begun
        if next_begun - ended > turns.PAUSE_SECONDS:
            spent = 0.0
        longest = max(longest, spent)
    return longest


def test_who_waits_is_known_to_the_other_processes(tmp_path: Path) -> None:
    database = tmp_path / "codetrack.sqlite3"
    ours, theirs = Waiting(str(database)), Waiting(str(database))
    assert ours.is_somebody()  # nobody knows, before there is a database
    database.touch()
    assert not ours.is_somebody()
    with theirs.told():
        assert ours.is_somebody()
    assert not ours.is_somebody()
    with ours.told():
        assert not ours.is_somebody()


@pytest.mark.parametrize("somebody", [False, True])
def test_a_job_stops_for_those_who_wait_alone(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, somebody: bool
) -> None:
    database = tmp_path / "codetrack.sqlite3"
    database.touch()
    pauses: list[float] = []
    monkeypatch.setattr(turns, "LONG_SECONDS", -1.0)
    monkeypatch.setattr(turns.time, "sleep", pauses.append)
    line = Turns(Waiting(str(database)))

    def write() -> None:
        turns.let_others_pass()
        assert line.take(0)
        line.give()

    with Waiting(str(database)).told() if somebody else nullcontext():
        job = threading.Thread(target=write)
        job.start()
        job.join()
    assert pauses == ([turns.PAUSE_SECONDS] if somebody else [])


@pytest.mark.django_db(transaction=True)
def test_the_turn_ends_whatever_ends_the_transaction(line: Turns) -> None:
    with suppress(ZeroDivisionError), transaction.atomic():
        raise ZeroDivisionError
    assert line.take(0)
    line.give()
    with suppress(TransactionManagementError), transaction.atomic():
        connection.close()
    assert line.take(0)
    line.give()
