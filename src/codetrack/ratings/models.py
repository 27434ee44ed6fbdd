"""Accounts on platforms, who claims them, and what was read of them."""

from __future__ import annotations

from django.conf import settings
from django.db import models

from codetrack.core.db import HouseQuerySet


class Handle(models.Model):
    """An account on a platform, read once however many members name it. Its history stays with it."""

    class State(models.TextChoices):
        NEW = "new", "not read yet"
        OK = "ok", "up to date"
        STALE = "stale", "not reached lately"
        BLOCKED = "blocked", "the platform blocks this server"
        CHANGED = "changed", "the platform changed its pages"
        GONE = "gone", "no such account any more"
        PRIVATE = "private", "hidden by its owner"

    platform = models.CharField(max_length=20)
    canonical = models.CharField(max_length=80, help_text="Lower-case spelling: what makes it one account.")
    shown = models.CharField(max_length=80, help_text="As the platform writes it.")
    state = models.CharField(max_length=8, choices=State, default=State.NEW)
    state_at = models.DateTimeField(help_text="Since when it is in this state.")
    error = models.CharField(max_length=300, blank=True, help_text="What the platform answered last, if not data.")
    failures = models.PositiveIntegerField(default=0)
    fresh_at = models.DateTimeField(null=True, help_text="When it was last read successfully.")
    next_sync_at = models.DateTimeField(null=True)
    attempt_cursor = models.CharField(max_length=40, blank=True, help_text="The newest attempt that was read.")
    current = models.OneToOneField(
        "Snapshot", models.SET_NULL, null=True, related_name="+", help_text="The last good reading."
    )

    objects = HouseQuerySet["Handle"].as_manager()

    class Meta:
        indexes = [models.Index(fields=["platform", "next_sync_at"], name="handle_due")]
        constraints = [
            models.UniqueConstraint(fields=["platform", "canonical"], name="handle_once"),
        ]

    def __str__(self) -> str:
        return f"{self.shown} on {self.platform}"


class Claim(models.Model):
    """A member says that an account is theirs; proven once `verified_at` is set."""

    handle = models.ForeignKey(Handle, models.PROTECT, related_name="claims")
    platform = models.CharField(max_length=20)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="claims")
    created_at = models.DateTimeField()
    verified_at = models.DateTimeField(null=True)
    method = models.CharField(max_length=20, blank=True)
    ended_at = models.DateTimeField(null=True)

    objects = HouseQuerySet["Claim"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["handle"],
                condition=models.Q(verified_at__isnull=False, ended_at=None),
                name="claim_one_owner",
            ),
            models.UniqueConstraint(
                fields=["member", "platform"], condition=models.Q(ended_at=None), name="claim_one_a_platform"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.handle} by {self.member}"


class Proof(models.Model):
    """A one-time token that a member puts on the platform to show that the account is theirs."""

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="proofs")
    method = models.CharField(max_length=20)
    nonce = models.CharField(max_length=32, help_text="The token is made of this and the secret key.")
    digest = models.CharField(max_length=64, help_text="SHA-256 of the token, in hex.")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    checked_at = models.DateTimeField(null=True)
    checks = models.PositiveIntegerField(default=0)
    seen = models.CharField(max_length=300, blank=True, help_text="What the last check found instead.")
    used_at = models.DateTimeField(null=True)

    objects = HouseQuerySet["Proof"].as_manager()

    class Meta:
        indexes = [models.Index(fields=["claim", "-created_at"], name="proof_latest")]

    def __str__(self) -> str:
        return f"proof of {self.claim_id} by {self.method}"


class Snapshot(models.Model):
    """What a platform said of an account on one day; the last reading of the day is kept."""

    handle = models.ForeignKey(Handle, models.CASCADE, related_name="snapshots")
    day = models.DateField()
    fetched_at = models.DateTimeField()
    rating = models.IntegerField(null=True)
    max_rating = models.IntegerField(null=True)
    rank_name = models.CharField(max_length=40, blank=True)
    max_rank_name = models.CharField(max_length=40, blank=True)
    solved = models.IntegerField(null=True)
    contests = models.IntegerField(default=0)

    objects = HouseQuerySet["Snapshot"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["handle", "day"], name="snapshot_one_a_day")]

    def __str__(self) -> str:
        return f"{self.handle_id} on {self.day}: {self.rating}"


class Contest(models.Model):
    """A contest of a platform."""

    platform = models.CharField(max_length=20)
    key = models.CharField(max_length=80)
    name = models.CharField(max_length=300)
    url = models.URLField(max_length=300, blank=True)
    starts_at = models.DateTimeField(null=True)
    duration = models.DurationField(null=True)
    phase = models.CharField(max_length=10, blank=True, help_text="before, running, judging or finished.")
    rated_read_at = models.DateTimeField(null=True, help_text="When its rating changes were last read.")

    objects = HouseQuerySet["Contest"].as_manager()

    class Meta:
        indexes = [models.Index(fields=["platform", "-starts_at"], name="contest_by_start")]
        constraints = [models.UniqueConstraint(fields=["platform", "key"], name="contest_once")]

    def __str__(self) -> str:
        return self.name


class RatingChange(models.Model):
    """What one contest did to an account's rating; corrected in place, with `revised_at`."""

    handle = models.ForeignKey(Handle, models.CASCADE, related_name="rating_changes")
    contest = models.ForeignKey(Contest, models.CASCADE, related_name="rating_changes")
    rank = models.IntegerField(null=True)
    old = models.IntegerField(null=True)
    new = models.IntegerField()
    at = models.DateTimeField()
    revised_at = models.DateTimeField(null=True)

    objects = HouseQuerySet["RatingChange"].as_manager()

    class Meta:
        indexes = [models.Index(fields=["handle", "at"], name="rating_change_history")]
        constraints = [models.UniqueConstraint(fields=["handle", "contest"], name="rating_change_once")]

    def __str__(self) -> str:
        return f"{self.handle_id}: {self.old} → {self.new}"


class Problem(models.Model):
    """A problem of a platform."""

    platform = models.CharField(max_length=20)
    key = models.CharField(max_length=120)
    title = models.CharField(max_length=300)
    url = models.URLField(max_length=300, blank=True)
    difficulty = models.IntegerField(null=True, help_text="On the platform's own scale.")
    tags = models.JSONField(default=list)

    objects = HouseQuerySet["Problem"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["platform", "key"], name="problem_once")]

    def __str__(self) -> str:
        return self.title


class Solve(models.Model):
    """The first accepted attempt of an account at a problem."""

    handle = models.ForeignKey(Handle, models.CASCADE, related_name="solves")
    problem = models.ForeignKey(Problem, models.CASCADE, related_name="solves")
    at = models.DateTimeField()
    language = models.CharField(max_length=60, blank=True)
    remote_id = models.CharField(max_length=40, blank=True)

    objects = HouseQuerySet["Solve"].as_manager()

    class Meta:
        indexes = [models.Index(fields=["handle", "-at"], name="solve_latest")]
        constraints = [models.UniqueConstraint(fields=["handle", "problem"], name="solve_once")]

    def __str__(self) -> str:
        return f"{self.handle_id} solved {self.problem_id}"
