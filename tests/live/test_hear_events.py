"""What happens is told at once to those who listen, and to nobody else."""

from __future__ import annotations

from collections.abc import Callable

from django.db import transaction

from codetrack.accounts.models import User
from codetrack.core import events
from tests.cast import Cast
from tests.live.clients import Happened, Socket, happen

type Opens = Callable[[User], Socket]


def test_a_page_is_told_of_what_it_listens_to(page: Opens, cast: Cast) -> None:
    alice = page(cast.alice)
    topic = f"member:{cast.alice.pk}"
    assert alice.listen(topic) == [topic]
    seq = happen(topic, number=7)
    assert alice.read() == {
        "seq": seq,
        "tag": "tests:thing:happened",
        "topics": [topic],
        "data": {"number": 7, "ballast": ""},
    }


def test_a_program_is_told_by_its_token(program: Opens, cast: Cast) -> None:
    client = program(cast.alice)
    client.listen(f"member:{cast.alice.pk}")
    happen(f"member:{cast.alice.pk}", number=3)
    assert client.numbers(1) == [3]


def test_nobody_is_told_of_other_topics(page: Opens, cast: Cast) -> None:
    alice = page(cast.alice)
    alice.listen(f"account:{cast.alice.pk}")
    happen(f"member:{cast.alice.pk}")
    assert alice.hears_nothing()


def test_an_event_on_several_topics_is_told_once(page: Opens, cast: Cast) -> None:
    alice = page(cast.alice)
    member, institute = f"member:{cast.alice.pk}", f"institute:{cast.institute.pk}"
    alice.listen(member, institute)
    happen(member, institute, f"account:{cast.bob.pk}")
    assert sorted(alice.next("seq")["topics"]) == sorted([member, institute])
    assert alice.hears_nothing()


def test_all_of_one_transaction_comes_in_order(page: Opens, cast: Cast) -> None:
    alice = page(cast.alice)
    topic = f"member:{cast.alice.pk}"
    alice.listen(topic)
    with transaction.atomic():
        for number in range(20):
            events.record(Happened(number=number), topics=[topic])
    assert alice.numbers(20) == list(range(20))


def test_what_is_rolled_back_is_not_told(page: Opens, cast: Cast) -> None:
    alice = page(cast.alice)
    topic = f"member:{cast.alice.pk}"
    alice.listen(topic)
    with transaction.atomic():
        events.record(Happened(number=1), topics=[topic])
        transaction.set_rollback(True)
    happen(topic, number=2)
    assert alice.numbers(1) == [2]


def test_who_leaves_a_topic_hears_no_more_of_it(page: Opens, cast: Cast) -> None:
    alice = page(cast.alice)
    topic = f"member:{cast.alice.pk}"
    alice.listen(topic)
    alice.say({"leave": [topic]})
    assert alice.next("listening")["listening"] == []
    happen(topic)
    assert alice.hears_nothing()


def test_short_lived_events_are_told_too(page: Opens, cast: Cast) -> None:
    from datetime import timedelta

    from codetrack.core import clock

    alice = page(cast.alice)
    topic = f"member:{cast.alice.pk}"
    alice.listen(topic)
    with transaction.atomic():
        until = clock.now() + timedelta(minutes=1)
        events.record(Happened(number=5), topics=[topic], until=until)
    assert alice.numbers(1) == [5]
