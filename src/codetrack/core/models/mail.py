"""Every mail that leaves, or waits to leave."""

from __future__ import annotations

from django.db import models


class OutgoingMail(models.Model):
    """One mail to one envelope, kept with its Message-ID so that a second try is the same mail."""

    class State(models.TextChoices):
        WAITING = "waiting", "waiting"
        SENT = "sent", "sent"
        KEPT = "kept", "kept: no mail server is set"
        FAILED = "failed", "failed"

    message_id = models.CharField(max_length=200, unique=True)
    sender = models.CharField(max_length=320)
    recipients = models.JSONField()
    subject = models.CharField(max_length=998)
    message = models.BinaryField(help_text="The MIME message as it goes over the wire.")
    state = models.CharField(max_length=8, choices=State, default=State.WAITING)
    attempts = models.IntegerField(default=0)
    error = models.TextField(blank=True)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state", "-created_at"], name="mail_state")]

    def __str__(self) -> str:
        return self.subject
