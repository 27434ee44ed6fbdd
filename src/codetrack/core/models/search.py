"""What can be found by its words: one row a thing, kept by the app that owns the thing."""

from __future__ import annotations

from django.db import models


class Entry(models.Model):
    """The folded words of one thing; migrations add the full-text index of the database."""

    kind = models.CharField(max_length=40)
    ref = models.BigIntegerField(help_text="Primary key of the thing.")
    title = models.TextField()
    body = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "ref"], name="entry_once")]

    def __str__(self) -> str:
        return f"{self.kind} {self.ref}: {self.title}"
