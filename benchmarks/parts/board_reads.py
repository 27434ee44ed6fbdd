"""Reads boards of the database in DATABASE_URL in five ways, ours and by a window function.

Prints the medians of each in milliseconds, as JSON. What both say of a rank has to agree.
"""

from __future__ import annotations

import json
import random
import statistics
import time
from collections.abc import Callable, Sequence
from itertools import cycle
from typing import TYPE_CHECKING, Any

from benchmarks.parts import boards

if TYPE_CHECKING:
    from codetrack.standings.queries import Row, Selection

type Read = Callable[[], object]

OURS, RIVALS, SIZE = 90, 4, 50
WARM = 3


def main() -> None:
    boards.start_django()
    boards.begin_this_week()
    from codetrack.standings import queries

    whole = selections()
    institute, people = selections(institute=1), selections(people=followed())
    dice = random.Random(1)
    members = shown_members(dice)
    last = (queries.size(whole[0]) or 0) - SIZE
    places = [dice.randint(1, last) for _ in range(OURS)]
    check(whole, members)
    ours = {
        "rank of one": reads(whole, members, standing),
        "page k": reads(whole, places, lambda s, k: queries.page_from(s, rank=k).rows),
        "institute": reads(institute, places, lambda s, _: queries.page(s).rows),
        "following": reads(people, places, lambda s, _: queries.page(s).rows),
        "around me": reads(whole, members, around),
    }
    those = ", ".join(map(str, followed()))
    theirs = {
        "rank of one": reads(whole, members, lambda s, m: window(s, f"member_id = {m}")),
        "page k": reads(whole, places, lambda s, k: window(s, skip=k)),
        "institute": reads(whole, places, lambda s, _: window(s, "institute_id = 1")),
        "following": reads(whole, places, lambda s, _: window(s, f"member_id IN ({those})")),
        "around me": reads(whole, places, lambda s, k: window(s, skip=k)),
    }
    found = {name: [median(ours[name], WARM), median(theirs[name][:RIVALS], 1)] for name in ours}
    print(json.dumps(found))


def standing(selection: Selection, member: int) -> list[Row]:
    from codetrack.standings import queries

    return queries.page_of_members(selection, members=[member]).rows


def around(selection: Selection, member: int) -> list[Row]:
    from codetrack.standings import queries

    page = queries.around(selection, member=member)
    return page.rows if page else []


def selections(**part: Any) -> list[Selection]:
    """The same of each of the three boards."""
    from codetrack.standings import queries
    from codetrack.standings.queries import Selection

    found = [queries.board(f"rating:{key}") for key in boards.PLATFORMS]
    return [Selection(board=board, **part) for board in found if board]


def followed() -> frozenset[int]:
    from codetrack.accounts.models import Follow

    rows = Follow.objects.filter(follower=boards.VIEWER)
    return frozenset({boards.VIEWER, *rows.values_list("followed", flat=True)})


def shown_members(dice: random.Random) -> list[int]:
    """Members who stand on every board with a proven value."""
    from codetrack.accounts.models import User
    from codetrack.standings.models import Standing

    last = User.objects.order_by("-pk").values_list("pk", flat=True)[0]
    asked = [dice.randint(1, last) for _ in range(2 * OURS)]
    shown = Standing.objects.filter(member__in=asked, board=1, shown=True, proven=True)
    return list(shown.values_list("member", flat=True))[:OURS]


def reads[T](
    each: Sequence[Selection], given: Sequence[T], read: Callable[[Selection, T], object]
) -> list[Read]:
    """One call for each of what is given, on one of the boards in turn."""

    def bind(selection: Selection, one: T) -> Read:
        return lambda: read(selection, one)

    return [bind(*pair) for pair in zip(cycle(each), given, strict=False)]


def median(calls: Sequence[Read], warm: int) -> float:
    """Of these calls, in milliseconds; the first few are made once before."""
    took = []
    for call in (*calls[:warm], *calls):
        began = time.perf_counter()
        call()
        took.append(time.perf_counter() - began)
    return statistics.median(took[warm:]) * 1_000


def window(selection: Selection, where: str = "TRUE", skip: int = 0) -> list[Any]:
    """The board ranked as a whole, and of it what is asked for."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM (SELECT member_id, institute_id, value, proven, as_of,"  # noqa: S608
            " RANK() OVER (ORDER BY value DESC) AS place FROM standings_standing"
            f" WHERE board_id = {selection.board.pk} AND shown AND proven) AS ranked"
            f" WHERE {where} ORDER BY place, member_id LIMIT {SIZE} OFFSET {skip}"
        )
        found: list[Any] = cursor.fetchall()
    return found


def check(whole: Sequence[Selection], members: Sequence[int]) -> None:
    """Ours and the window function give a member the same rank."""
    for selection, member in zip(whole, members, strict=False):
        own = standing(selection, member)
        ((*_, place),) = window(selection, f"member_id = {member}")
        if [row.rank for row in own] != [place]:
            raise SystemExit(f"{member} has rank {place}, not {own}")


if __name__ == "__main__":
    main()
