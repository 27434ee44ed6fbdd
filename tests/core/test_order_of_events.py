"""Four writers at once, committing out of the order of their ids: readers lose nothing."""

from __future__ import annotations

import random
import threading
import time

import pytest
from django.db import connection, transaction

from codetrack.core import events
from codetrack.core.models import Event
from tests.core.test_record_events import Moved

WRITERS, EACH = 4, 60


@pytest.mark.django_db(transaction=True)
def test_no_reader_loses_or_doubles_an_event() -> None:
    finished = threading.Event()
    seen: list[int] = []
    reader = threading.Thread(target=read, args=(seen, finished))
    writers = [threading.Thread(target=write, args=(number,)) for number in range(WRITERS)]
    for thread in [reader, *writers]:
        thread.start()
    for thread in writers:
        thread.join()
    finished.set()
    reader.join()
    assert sorted(seen) == sorted(range(WRITERS * EACH))
    assert Event.objects.filter(seq=None).count() == 0
    assert events.last() == WRITERS * EACH


def write(writer: int) -> None:
    pauses = random.Random(writer)
    for number in range(EACH):
        with transaction.atomic():
            events.record(Moved(thing=writer * EACH + number))
            time.sleep(pauses.uniform(0, 0.005))
    connection.close()


def read(seen: list[int], finished: threading.Event) -> None:
    last = 0
    while True:
        over = finished.is_set()
        for event in Event.objects.filter(seq__gt=last).order_by("seq"):
            assert event.seq is not None
            seen.append(event.data["thing"])
            last = event.seq
        if over:
            break
        time.sleep(0.001)
    connection.close()
