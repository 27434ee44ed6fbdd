"""Two small clocks that hold across processes: one for platforms, one for people."""

from __future__ import annotations

from django.db import models


class Pace(models.Model):
    """When the next request to a platform may go out."""

    host = models.CharField(max_length=200, primary_key=True)
    next_at = models.FloatField(default=0, help_text="Unix time in seconds.")

    def __str__(self) -> str:
        return self.host


class Bucket(models.Model):
    """A token bucket: what somebody may still do, as of a moment."""

    key = models.CharField(max_length=200, primary_key=True)
    tokens = models.FloatField()
    at = models.FloatField(help_text="Unix time in seconds.")

    class Meta:
        indexes = [models.Index(fields=["at"], name="bucket_at")]

    def __str__(self) -> str:
        return self.key
