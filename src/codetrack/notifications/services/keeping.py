"""Keeping the tables small and the queue whole."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction

from codetrack.core import clock
from codetrack.notifications.models import Delivery, Notice
from codetrack.notifications.services.delivering import OPEN
from codetrack.notifications.services.planning import plan

AT_ONCE = 1_000


def wake_overdue(*, overdue: timedelta) -> int:
    """Enqueue what should have gone out so long ago; one that waits in the queue stays as it is."""
    with transaction.atomic():
        rows = Delivery.objects.filter(state__in=OPEN, due_at__lt=clock.now() - overdue)
        found = list(rows.order_by("due_at", "pk")[:AT_ONCE])
        for row in found:
            plan(row)
    return len(found)


def prune(*, notices: timedelta, deliveries: timedelta) -> int:
    """Delete notices and deliveries that are older than this; return how many notices."""
    now = clock.now()
    over = Delivery.objects.exclude(state__in=OPEN)
    over.filter(created_at__lt=now - deliveries).delete()
    return Notice.objects.filter(created_at__lt=now - notices).delete()[0]
