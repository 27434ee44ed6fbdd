"""The append-only log of what happened, and how far each reader has come."""

from __future__ import annotations

from django.db import models


class Event(models.Model):
    """One thing that happened: audit log, timeline, notification source and live replay in one row.

    Ids are not foreign keys, and `data` holds no free text: an event outlives what it tells of.
    """

    seq = models.BigIntegerField(
        null=True, unique=True, help_text="Place in the one order, given after commit."
    )
    tag = models.CharField(max_length=80)
    actor_id = models.BigIntegerField(null=True)
    subject_type = models.CharField(max_length=80, blank=True)
    subject_id = models.BigIntegerField(null=True)
    topics = models.JSONField(default=list)
    data = models.JSONField(default=dict)
    at = models.DateTimeField()
    until = models.DateTimeField(null=True, help_text="A short-lived event is pruned after this.")

    class Meta:
        indexes = [
            models.Index(fields=["subject_type", "subject_id", "seq"], name="event_subject"),
            models.Index(fields=["actor_id", "seq"], name="event_actor"),
            models.Index(
                fields=["until"], name="event_until", condition=models.Q(until__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.seq or '…'} {self.tag}"


class Position(models.Model):
    """How far a consumer has read: written in the transaction of what it did.

    The row named `LOG` holds the last place given, so that a pruned place is never given again.
    """

    LOG = "*"

    consumer = models.CharField(max_length=80, primary_key=True)
    seq = models.BigIntegerField(default=0)

    def __str__(self) -> str:
        return f"{self.consumer} at {self.seq}"
