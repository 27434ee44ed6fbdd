"""A token bucket in a row: so often in so long, whoever asks and in whichever process."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from django.db import connection

from codetrack.core import limits
from codetrack.core.errors import TooMany
from codetrack.core.models import Bucket
from codetrack.core.testing import HeldClock, hold_clock

pytestmark = pytest.mark.django_db


@pytest.fixture
def held() -> Iterator[HeldClock]:
    with hold_clock() as held:
        yield held


def test_so_often_and_not_once_more(held: HeldClock) -> None:
    for _ in range(3):
        limits.take("mail", "alice", times=3, per=60)
    with pytest.raises(TooMany) as caught:
        limits.take("mail", "alice", times=3, per=60)
    assert caught.value.retry_after == pytest.approx(20)
    assert caught.value.status == 429


def test_time_gives_back_one_after_the_other(held: HeldClock) -> None:
    for _ in range(3):
        limits.take("mail", "alice", times=3, per=60)
    held.forward(seconds=20)
    limits.take("mail", "alice", times=3, per=60)
    with pytest.raises(TooMany):
        limits.take("mail", "alice", times=3, per=60)
    held.forward(hours=5)
    for _ in range(3):
        limits.take("mail", "alice", times=3, per=60)
    with pytest.raises(TooMany):
        limits.take("mail", "alice", times=3, per=60)


def test_a_refusal_costs_nothing(held: HeldClock) -> None:
    limits.take("mail", "alice", times=1, per=60)
    for _ in range(10):
        with pytest.raises(TooMany):
            limits.take("mail", "alice", times=1, per=60)
    held.forward(seconds=60)
    limits.take("mail", "alice", times=1, per=60)


def test_people_and_scopes_are_counted_apart() -> None:
    limits.take("mail", "alice", times=1, per=60)
    limits.take("mail", "bob", times=1, per=60)
    limits.take("proof", "alice", times=1, per=60)


def test_the_text_says_how_long(held: HeldClock) -> None:
    limits.take("mail", "alice", times=1, per=600)
    with pytest.raises(TooMany, match="in 10 minutes"):
        limits.take("mail", "alice", times=1, per=600)
    with pytest.raises(TooMany, match="Enough for today"):
        limits.take("mail", "alice", times=1, per=600, message="Enough for today.")


def test_nobodys_address_is_kept() -> None:
    limits.take("mail", "alice@example.org", times=1, per=60)
    assert "alice" not in Bucket.objects.get().key


def test_forgotten_buckets_are_pruned(held: HeldClock) -> None:
    limits.take("mail", "alice", times=1, per=60)
    assert limits.prune() == 0
    held.forward(days=8)
    assert limits.prune() == 1


@pytest.mark.django_db(transaction=True)
def test_threads_together_get_no_more_than_one_alone() -> None:
    taken: list[bool] = []

    def ask() -> None:
        for _ in range(10):
            try:
                limits.take("mail", "alice", times=7, per=100_000)
            except TooMany:
                taken.append(False)
            else:
                taken.append(True)
        connection.close()

    threads = [threading.Thread(target=ask) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sum(taken) == 7 and len(taken) == 40
