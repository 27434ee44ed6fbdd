"""Places that do a special kind of work, and whether they can."""

from __future__ import annotations

from datetime import timedelta

from django.db import models

from codetrack.core import clock

#: Whoever has not been seen for so long is away, whatever was said last.
AWAY_AFTER = timedelta(minutes=5)


class Station(models.Model):
    """A place that does a special kind of work for the club: today the judge of one machine.

    A row is what a process there says of its machine. The work itself is not let in by this row:
    each process goes by what it found out itself.
    """

    class State(models.TextChoices):
        READY = "ready", "ready"
        REFUSED = "refused", "refused"
        OFF = "off", "switched off there"

    kind = models.CharField(max_length=32, help_text="What it does, like “judge”.")
    host = models.CharField(max_length=255)
    state = models.CharField(max_length=8, choices=State)
    level = models.CharField(max_length=8, blank=True, help_text="How well, in words of its kind.")
    reason = models.TextField(blank=True, help_text="Why it refuses, in one sentence.")
    remedy = models.TextField(blank=True, help_text="What an admin does about it.")
    facts = models.JSONField(default=dict, help_text="What it found out, in words of its kind.")
    checked_at = models.DateTimeField(null=True, help_text="When it last looked at itself.")
    seen_at = models.DateTimeField(null=True, help_text="Renewed while somebody is there.")
    asked_at = models.DateTimeField(null=True, help_text="Somebody wants it to look again.")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "host"], name="station_of_host")]

    def __str__(self) -> str:
        return f"{self.kind} on {self.host}"

    @property
    def is_away(self) -> bool:
        return self.seen_at is None or clock.now() - self.seen_at > AWAY_AFTER

    @property
    def is_asked(self) -> bool:
        """Whether it was asked to look at itself since it last did."""
        return self.asked_at is not None and (
            self.checked_at is None or self.asked_at > self.checked_at
        )
