"""Writes onto a board of the database in DATABASE_URL, and says whether it is exact.

`prepare COUNT` fills it; `batches SEED COUNT` and `one-by-one SEED COUNT` wait for a line on
standard input and write; `check` prints how many counts and ranks are wrong.
"""

from __future__ import annotations

import random
import sys
from collections.abc import Callable, Iterator
from functools import partial
from itertools import batched
from typing import TYPE_CHECKING

from benchmarks.parts import boards

if TYPE_CHECKING:
    from codetrack.standings.services import Entry

KIND = f"rating:{boards.PLATFORMS[0]}"
AT_ONCE, LOOKED_AT = 500, 200


def changes(seed: int, count: int) -> Iterator[tuple[int, Entry | None]]:
    """Somebody has another rating, nine of ten proven; one of fifty has none any more."""
    from codetrack.accounts.models import User
    from codetrack.standings.services import Entry

    dice, last = random.Random(seed), User.objects.count()
    for _ in range(count):
        entry = Entry(value=dice.randint(400, 3_300), proven=dice.random() < 0.9)
        yield dice.randint(1, last), None if dice.random() < 0.02 else entry


def write_batches(seed: int, count: int) -> None:
    from codetrack.standings import services

    for batch in batched(list(changes(seed, count)), AT_ONCE):
        patiently(partial(services.put, kind=KIND, entries=dict(batch)))


def write_one_by_one(seed: int, count: int) -> None:
    for member, entry in list(changes(seed, count)):
        patiently(partial(_write, member, entry))


def patiently(write: Callable[[], object]) -> None:
    """SQLite is not fair to those who wait; a job would be tried again."""
    from django.db import OperationalError

    while True:
        try:
            write()
        except OperationalError as error:
            if "locked" not in str(error):
                raise
        else:
            return


def _write(member: int, entry: Entry | None) -> None:
    from django.db import transaction

    from codetrack.standings.models import Board, Standing

    with transaction.atomic():
        board = Board.objects.select_for_update().get(kind=KIND, period="all", starts_on="1970-1-1")
        row = Standing.objects.filter(board=board, member=member).first()
        if row is None:
            return
        _count(row, -1)
        if entry is None:
            row.delete()
            return
        row.value, row.proven = entry.value, entry.proven
        row.save(update_fields=["value", "proven"])
        _count(row, 1)


def _count(row: object, n: int) -> None:
    from django.db.models import F

    from codetrack.standings.models import Bucket, Standing

    assert isinstance(row, Standing)
    if not row.shown:
        return
    same = {"board_id": row.board_id, "proven": row.proven, "value": row.value}
    _bucket, created = Bucket.objects.get_or_create(**same, defaults={"n": n})
    if not created:
        Bucket.objects.filter(**same).update(n=F("n") + n)
        Bucket.objects.filter(**same, n__lte=0).delete()


def check() -> int:
    """Counts that are not those of the rows, and ranks that are not what counting says."""
    from codetrack.standings import queries, services
    from codetrack.standings.models import Standing
    from codetrack.standings.queries import Selection

    board = services.board_for(KIND)
    rows = Standing.objects.filter(board=board, shown=True, proven=True)
    values = dict(rows.values_list("member", "value"))
    wrong = services.recount(board=board)
    for member in random.Random(0).sample(sorted(values), LOOKED_AT):
        found = queries.page_of_members(Selection(board=board), members=[member]).rows
        more = sum(value > values[member] for value in values.values())
        wrong += [row.rank for row in found] != [1 + more]
    return wrong


def main(what: str, *numbers: int) -> None:
    boards.start_django()
    if what == "prepare":
        boards.fill(*numbers)
        print(0)
    elif what == "check":
        print(check())
    else:
        write = {"batches": write_batches, "one-by-one": write_one_by_one}[what]
        print("ready", flush=True)
        sys.stdin.readline()
        write(*numbers)


if __name__ == "__main__":
    main(sys.argv[1], *map(int, sys.argv[2:]))
