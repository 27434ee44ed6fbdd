"""What a member has read, and taking it back. Either twice changes nothing."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from codetrack.accounts.models import User
from codetrack.core import clock
from codetrack.notifications.models import Notice, NoticeQuerySet
from codetrack.notifications.services.bell import ring


def mark_read(*, member: User, notices: Collection[int]) -> int:
    """Mark these of a member's own notices read; return how many were unread."""
    return _mark(member, Notice.objects.filter(pk__in=notices))


def mark_thread_read(
    *, member: User, thread: str, up_to: int | None = None, at: datetime | None = None
) -> int:
    """Mark what was told of a thread read, up to the notice that the page showed as the newest.

    What is marked in one go has one moment, `at` or now, by which it can be taken back.
    """
    return _mark(member, _up_to(Notice.objects.filter(thread=thread), up_to), at)


def mark_all_read(*, member: User, up_to: int | None = None, at: datetime | None = None) -> int:
    """Mark everything read, up to the notice that the page showed as the newest."""
    return _mark(member, _up_to(Notice.objects.all(), up_to), at)


def mark_unread(*, member: User, read_at: datetime, thread: str = "") -> int:
    """Take back what was marked read at that very moment, and nothing else; return how many."""
    with transaction.atomic():
        rows = Notice.objects.inbox_of(member.pk).read_in_one(read_at, thread)
        count = rows.update(read_at=None)
        if count:
            ring([member.pk])
    return count


def _up_to(rows: NoticeQuerySet, newest: int | None) -> NoticeQuerySet:
    return rows if newest is None else rows.filter(pk__lte=newest)


def _mark(member: User, rows: NoticeQuerySet, at: datetime | None = None) -> int:
    with transaction.atomic():
        mine = rows.filter(member=member, in_inbox=True, read_at=None)
        count = mine.update(read_at=at or clock.now())
        if count:
            ring([member.pk])
    return count
