"""The tables of the job queue: what is to be done, and what recurs."""

from __future__ import annotations

from django.db import models


class Job(models.Model):
    """One call of a task, leased by a worker while it runs.

    `attempts` counts the claims and is the fencing token: only the latest claim may write an
    outcome. `failures` counts the claims that ended in an error.
    """

    class Status(models.IntegerChoices):
        READY = 0, "waiting"
        RUNNING = 1, "running"
        DONE = 2, "done"
        FAILED = 3, "failed"

    queue = models.CharField(max_length=32)
    task = models.CharField(max_length=200, help_text="Dotted path of the task.")
    args = models.JSONField(help_text='{"args": […], "kwargs": {…}}: ids and plain values.')
    key = models.CharField(
        max_length=200, null=True, help_text="One job with this key waits and one runs, at most."
    )
    priority = models.SmallIntegerField(default=0)
    run_at = models.DateTimeField()
    status = models.SmallIntegerField(choices=Status, default=Status.READY)
    attempts = models.IntegerField(default=0)
    failures = models.IntegerField(default=0)
    max_attempts = models.IntegerField()
    lease_until = models.DateTimeField(null=True)
    worker = models.CharField(max_length=120, blank=True)
    enqueued_at = models.DateTimeField()
    started_at = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        indexes = [
            models.Index(
                fields=["queue", "-priority", "run_at", "id"],
                name="job_ready",
                condition=models.Q(status=0),
            ),
            models.Index(fields=["lease_until"], name="job_leased", condition=models.Q(status=1)),
            models.Index(
                fields=["finished_at"], name="job_finished", condition=models.Q(status__gte=2)
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["key"], name="job_key_waits_once", condition=models.Q(status=0)
            ),
            models.UniqueConstraint(
                fields=["key"], name="job_key_runs_once", condition=models.Q(status=1)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task} ({self.get_status_display()})"


class Schedule(models.Model):
    """When a periodic task is next due; whoever moves `next_at` enqueues it, in one transaction."""

    name = models.CharField(max_length=200, primary_key=True)
    next_at = models.DateTimeField()
    last_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return f"{self.name} at {self.next_at:%Y-%m-%d %H:%M}"
