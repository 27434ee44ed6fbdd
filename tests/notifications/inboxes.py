"""Notices that stand in an inbox, as they would be written of events."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import count

from django.test import Client

from codetrack.accounts.models import User
from codetrack.notifications.models import Notice
from tests.notifications.conftest import NOON

type Browser = Callable[[User], Client]

_seq = count(1)
PARAMS = {
    "handle": "nila_v",
    "platform": "Codeforces",
    "old": 1500,
    "new": 1534,
    "delta": 34,
    "contests": 1,
}


def notice(
    member: User,
    thread: str = "handle:1",
    *,
    new: int = 1534,
    read: bool = False,
    kind: str = "rating_changed",
    in_inbox: bool = True,
) -> Notice:
    """One that says "Codeforces: 1500 → <new>"."""
    return Notice.objects.create(
        member=member,
        kind=kind,
        thread=thread,
        seq=next(_seq),
        url="/members/alice/",
        params=PARAMS | {"new": new, "delta": new - 1500},
        created_at=NOON,
        in_inbox=in_inbox,
        read_at=NOON + timedelta(hours=1) if read else None,
    )


def browser(member: User) -> Client:
    client = Client()
    client.force_login(member)
    return client
