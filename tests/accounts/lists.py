"""Lists of people for tests, and what was made of them."""

from __future__ import annotations

import csv
import io
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from codetrack.accounts import services
from codetrack.accounts.models import Invitation, Roster, RosterLine, User
from codetrack.core import clock
from codetrack.core.testing import run_jobs
from codetrack.ratings.models import Claim, Handle, Snapshot
from tests.cast import Cast

QUEUES = ["default", "mail"]


def read(cast: Cast, text: str | bytes, title: str = "students.csv") -> Roster:
    raw = text.encode() if isinstance(text, str) else text
    return services.read_roster(institute=cast.institute, raw=raw, title=title, by=cast.ada)


def lines(roster: Roster) -> list[RosterLine]:
    return list(roster.lines.order_by("number"))


def fates(roster: Roster) -> list[tuple[str, str]]:
    """What becomes of each line, and what is wrong with it."""
    return [(str(line.outcome), str(line.trouble)) for line in lines(roster)]


def invite(cast: Cast, text: str | bytes) -> Roster:
    """Reads a list and invites everybody on it, to the last mail."""
    roster = read(cast, text)
    services.invite_roster(row=roster, by=cast.ada)
    run_jobs(QUEUES)
    roster.refresh_from_db()
    return roster


def invitation(email: str) -> Invitation:
    return Invitation.objects.select_related("institute", "by").get(email=email)


def proven(member: User, shown: str, *, rating: int | None = None) -> Claim:
    """A handle on Codeforces that this member has shown to be theirs."""
    now = clock.now()
    handle = Handle.objects.create(
        platform="codeforces", canonical=shown.lower(), shown=shown, state="ok", state_at=now
    )
    handle.current = Snapshot.objects.create(
        handle=handle, day=now.date(), fetched_at=now, rating=rating
    )
    handle.save()
    return Claim.objects.create(
        handle=handle, platform="codeforces", member=member, created_at=now, verified_at=now
    )


def table(response: Any) -> list[list[str]]:
    """The rows of a file that was sent."""
    content = b"".join(response.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(content, newline="")))


def queries_of(client: Client, path: str) -> int:
    """How often a page asks the database, once it is warm."""
    client.get(path)
    with CaptureQueriesContext(connection) as found:
        assert client.get(path).status_code == 200
    return len(found)
