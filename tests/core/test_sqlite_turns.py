"""Whoever has one thing to write gets a turn between those who write for long."""

from __future__ import annotations

import threading
import time

import pytest
from django.db import connection, transaction

from codetrack.core.models import Position
from codetrack.core.sqlite import base

LONG, MANY = 0.1, 20


@pytest.mark.django_db(transaction=True)
def test_a_short_write_comes_between_long_ones(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("of SQLite alone, where one writes at a time")
    monkeypatch.setattr(base, "LONG_SECONDS", LONG / 2)
    begun, done = threading.Event(), list[int]()

    def write_for_long() -> None:
        for number in range(MANY):
            with transaction.atomic():
                Position.objects.create(consumer=f"long {number}")
                begun.set()
                time.sleep(LONG)
            done.append(number)
        connection.close()

    writer = threading.Thread(target=write_for_long)
    writer.start()
    begun.wait()
    Position.objects.create(consumer="short")
    before = len(done)
    writer.join()
    assert before < MANY / 2 and len(done) == MANY
