"""Four writers at once on the same boards: no deadlock, and the counts are those of the rows."""

from __future__ import annotations

import threading
from random import Random

import pytest
from django.db import connection

from codetrack.accounts.models import OnBoards, User
from codetrack.standings import services
from codetrack.standings.models import Board, Bucket, Period, Standing
from codetrack.standings.services import Change, Entry
from tests.factories import MemberFactory

WRITERS, BATCHES, MEMBERS = 4, 12, 40
KINDS = ("rating:lantern", "score", "solved")


@pytest.mark.django_db(transaction=True)
def test_four_writers_leave_exactly_the_recount() -> None:
    members = [MemberFactory().pk for _ in range(MEMBERS)]
    troubles: list[BaseException] = []
    threads = [
        threading.Thread(target=write, args=(seed, members, troubles)) for seed in range(WRITERS)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not troubles
    assert Standing.objects.exists()
    assert list(Bucket.objects.filter(n__lte=0)) == []
    assert services.reconcile() == 0


@pytest.mark.django_db(transaction=True)
def test_a_board_is_opened_once() -> None:
    begin = threading.Barrier(WRITERS)

    def open_it() -> None:
        begin.wait()
        services.board_for("score", Period.WEEK)
        connection.close()

    threads = [threading.Thread(target=open_it) for _ in range(WRITERS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert Board.objects.count() == 1


def write(seed: int, members: list[int], troubles: list[BaseException]) -> None:
    """Puts onto several boards in any order, and lets members hide and come back."""
    random = Random(seed)
    try:
        for _ in range(BATCHES):
            kinds = random.sample(KINDS, 2)
            services.put_all(changes=[change(kind, members, random) for kind in kinds])
            some = random.sample(members, 5)
            chosen = random.choice(list(OnBoards))
            User.objects.filter(pk__in=some[:1]).update(on_boards=chosen)
            services.follow_members(members=some)
    except BaseException as trouble:
        troubles.append(trouble)
        raise
    finally:
        connection.close()


def change(kind: str, members: list[int], random: Random) -> Change:
    entries: dict[int, Entry | None] = {
        member: Entry(value=random.randint(0, 5), proven=random.random() < 0.7)
        for member in random.sample(members, 15)
    }
    entries |= dict.fromkeys(random.sample(members, 3))
    return Change(kind=kind, entries=entries, period=random.choice([Period.ALL, Period.WEEK]))
