"""How a process follows the log, also when the database goes away for a moment."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.db import connection, transaction

from codetrack.accounts.models import User
from codetrack.core import events
from codetrack.live import topics
from tests.cast import Cast
from tests.core.waiting import until
from tests.live.clients import Happened, Socket, happen
from tests.live.conftest import Server

type Opens = Callable[[User], Socket]

only_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="SQLite tells nobody and is no server."
)


@only_postgresql
@pytest.mark.django_db(transaction=True)
def test_postgresql_tells_of_what_is_committed() -> None:
    from django.db import DEFAULT_DB_ALIAS, connections

    ear = connections.create_connection(DEFAULT_DB_ALIAS)
    try:
        with ear.cursor() as cursor:
            cursor.execute(f"LISTEN {events.CHANNEL}")
        with transaction.atomic():
            events.record(Happened(number=1))
            transaction.set_rollback(True)
        assert list(ear.connection.notifies(timeout=0.2)) == []
        happen()
        assert len(list(ear.connection.notifies(timeout=5, stop_after=1))) == 1
    finally:
        ear.close()


@only_postgresql
def test_a_database_that_restarts_costs_no_event(page: Opens, cast: Cast) -> None:
    topic = f"account:{cast.alice.pk}"
    alice = page(cast.alice)
    alice.listen(topic)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    happen(topic, number=1)
    assert alice.numbers(1) == [1]
    second = page(cast.alice)
    assert second.listen(topic) == [topic]


def test_a_question_that_fails_tells_nothing(
    server: Server, page: Opens, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever may not be told for sure is sent away, and the others stay."""
    alice, bob = page(cast.alice), page(cast.bob)
    own = f"account:{cast.bob.pk}"
    bob.listen(own)
    kind = topics.Kind(may_listen=lambda user, pk: True, of_user=True)
    monkeypatch.setitem(topics.kinds, "thing", kind)
    monkeypatch.setattr(topics, "shifting", {Happened.tag})
    topic = f"thing:{cast.alice.pk}"
    alice.listen(topic)

    def may_listen(user: object, pk: int) -> bool:
        raise ZeroDivisionError

    failing = topics.Kind(may_listen=may_listen, of_user=True)
    monkeypatch.setitem(topics.kinds, "thing", failing)
    happen(topic)
    assert alice.closed()[0] == 1013
    monkeypatch.setattr(topics, "shifting", set())
    happen(own, number=2)
    assert bob.numbers(1) == [2]


def test_who_asks_while_rights_shift_is_answered_by_the_new_ones(
    server: Server, page: Opens, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    alice = page(cast.alice)
    asked: list[int] = []

    def may_listen(user: object, pk: int) -> bool:
        """Yes at first; before that answer arrives, rights have shifted, and it is no."""
        asked.append(pk)
        if len(asked) == 1:
            shifts = server.hub.shifts
            happen(f"account:{cast.bob.pk}")
            until(lambda: server.hub.shifts > shifts)
            return True
        return False

    monkeypatch.setitem(topics.kinds, "thing", topics.Kind(may_listen=may_listen, of_user=False))
    monkeypatch.setattr(topics, "shifting", {Happened.tag})
    alice.say({"listen": ["thing:1"]})
    assert alice.next("refused")["refused"] == ["thing:1"]
    assert len(asked) == 2
