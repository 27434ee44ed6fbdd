"""What the people of the demo club were told, as if it had been told over the last weeks."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime, timedelta

from codetrack.accounts.events import MembershipRequested
from codetrack.accounts.models import Membership
from codetrack.core import clock, events, notices
from codetrack.core.models import Event
from codetrack.core.notices import Kind, Told
from codetrack.notifications.models import Notice
from codetrack.ratings.events import RatingChanged
from codetrack.ratings.models import RatingChange

PAST = timedelta(days=60)
UNREAD = 2  # the newest of each member; what was told before was read within the hour
LATER = timedelta(hours=2)  # from the end of a contest until its ratings were read


def tell() -> None:
    """Fill the inboxes with the past; who waits to be let in is told by the jobs, with a mail."""
    past = _past(clock.now())
    told = [
        (kind, one)
        for kind in notices.kinds.values()
        for one in kind.tell([event for event in past if event.tag in kind.tags])
    ]
    told.sort(key=lambda pair: pair[1].event.at)
    rows = [_notice(kind, one) for kind, one in told]
    _read(rows)
    Notice.objects.bulk_create(rows)
    for row in Membership.objects.requested().select_related("member", "institute"):
        asked = MembershipRequested(institute_id=row.institute_id, member_id=row.member_id)
        events.record(asked, actor=row.member, subject=row.institute)


def _past(now: datetime) -> list[Event]:
    """What the log would say of the last contests; its places lie before the first one given."""
    changes = RatingChange.objects.filter(at__gt=now - PAST, at__lt=now - LATER)
    rows = list(changes.select_related("handle").order_by("at", "pk"))
    return [_event(row, place) for place, row in enumerate(rows, start=-len(rows))]


def _event(row: RatingChange, place: int) -> Event:
    changed = RatingChanged(
        handle_id=row.handle_id,
        platform=row.handle.platform,
        old=row.old,
        new=row.new,
        contests=1,
        revised=0,
    )
    return Event(seq=place, tag=changed.tag, at=row.at + LATER, data=asdict(changed))


def _notice(kind: Kind, told: Told) -> Notice:
    return Notice(
        member_id=told.member_id,
        kind=kind.key,
        thread=told.thread,
        seq=told.event.seq or 0,
        url=told.url,
        params=dict(told.params),
        created_at=told.event.at,
    )


def _read(rows: Sequence[Notice]) -> None:
    """All but the newest of each member, who are given from the oldest on."""
    unread: Counter[int | None] = Counter()
    for row in reversed(rows):
        unread[row.member_id] += 1
        if unread[row.member_id] > UNREAD:
            row.read_at = row.created_at + timedelta(hours=1)
