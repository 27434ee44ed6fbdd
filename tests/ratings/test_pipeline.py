"""Fetching many things in a few threads."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from codetrack.platforms.base import Blocked, ChangedLayout, NotFound, RateLimited, Transient
from codetrack.ratings.pipeline import HOPELESS, THREADS, fetch_all

pytestmark = pytest.mark.django_db(transaction=True)  # each thread closes its connection


def failing(error: Exception, *numbers: int) -> Callable[[int], int]:
    def fetch(number: int) -> int:
        if number in numbers:
            raise error
        return number * number

    return fetch


@pytest.mark.parametrize("count", [0, 1, 3, 50])
def test_everything_is_answered_once(count: int) -> None:
    answers = list(fetch_all(failing(Transient("never")), range(count)))
    assert sorted(answers) == [(number, number * number) for number in range(count)]


def test_many_things_are_fetched_by_several_threads() -> None:
    names = set()
    together = threading.Barrier(3, timeout=60)

    def fetch(number: int) -> int:
        if number < 3:
            together.wait()
        names.add(threading.current_thread().name)
        return number

    assert len(list(fetch_all(fetch, range(20)))) == 20
    assert len(names) > 1


def test_an_error_of_one_thing_is_its_answer() -> None:
    gone = NotFound("no such account")
    answers = dict(fetch_all(failing(gone, 7), range(20)))
    assert answers[7] is gone
    assert len(answers) == 20


def test_that_there_is_no_such_account_is_no_sign_of_a_platform_that_is_down() -> None:
    gone = failing(NotFound("no such account"), *range(10))
    assert len(list(fetch_all(gone, range(20)))) == 20


@pytest.mark.parametrize("error", [Blocked("no"), RateLimited("example.org")])
def test_when_we_are_not_welcome_nothing_more_is_asked(error: Exception) -> None:
    answers = list(fetch_all(failing(error, *range(200)), range(200)))
    assert 1 <= len(answers) <= THREADS


def test_a_platform_that_is_down_is_not_asked_two_hundred_times() -> None:
    asked = []

    def fetch(number: int) -> int:
        asked.append(number)
        raise Transient("down")

    assert HOPELESS <= len(list(fetch_all(fetch, range(200)))) < HOPELESS + THREADS
    assert len(asked) < 20


def test_a_mistake_of_ours_is_raised() -> None:
    with pytest.raises(NameError):
        list(fetch_all(failing(NameError(), 30), range(50)))


def test_what_odd_data_makes_of_an_adapter_is_the_answer_of_that_one_thing() -> None:
    answers = dict(fetch_all(failing(KeyError("rating"), 30), range(50)))
    assert isinstance(answers[30], ChangedLayout)
    assert len(answers) == 50
