"""What `leaderboard-page` does inside: `enter` makes a session, `drawn` counts rows that are drawn.

Each prints one line of JSON. DATABASE_URL names the database.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

from benchmarks.parts import boards

if TYPE_CHECKING:
    from django.test import Client

PAGE = "/leaderboard/?tab=global&by=rating:codeforces"
REQUESTS = 20


def enter() -> str:
    """The key of a session of the one who looks."""
    boards.begin_this_week()
    return _client().session.session_key or ""


def drawn() -> dict[str, int]:
    """How many rows are drawn: at first, in 20 requests more, after a change, and in 20 more."""
    from django.db import transaction

    from codetrack.standings import lines, services
    from codetrack.standings.models import Standing

    client, found = _client(), {}

    def ask(name: str, requests: int) -> None:
        before = lines._drawn.cache_info().misses
        for _ in range(requests):
            assert client.get(PAGE).status_code == 200
        found[name] = lines._drawn.cache_info().misses - before

    ask("first", 1)
    ask("again", REQUESTS)
    with transaction.atomic():
        rows = Standing.objects.filter(board__kind="rating:codeforces", proven=True, shown=True)
        tenth = rows.filter(board__period="all").order_by("-value", "member_id")[9]
        entry = services.Entry(value=tenth.value + 1, proven=True, as_of=tenth.as_of)
        services.put(kind="rating:codeforces", entries={tenth.member_id: entry})
        ask("changed", 1)
        ask("unchanged", REQUESTS)
        transaction.set_rollback(True)
    return found


def _client() -> Client:
    from django.test import Client

    from codetrack.accounts.models import User

    client = Client(headers={"host": "localhost"})
    client.force_login(User.objects.get(pk=boards.VIEWER))
    return client


if __name__ == "__main__":
    boards.start_django()
    print(json.dumps({"enter": enter, "drawn": drawn}[sys.argv[1]]()))
