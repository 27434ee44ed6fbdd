"""Accounts on platforms, who claims them, and what was read of them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from codetrack.core.db import HouseQuerySet
from codetrack.platforms.base import Verdict

REREAD_AFTER = timedelta(days=3)
#: So long after a contest its ratings may be corrected.
RECALCULATED = (timedelta(days=1), timedelta(days=3), timedelta(days=7))
JUDGED_WITHIN = timedelta(days=1)  # an attempt pending for longer is not waited for


class HandleQuerySet(HouseQuerySet["Handle"]):
    def claimed(self) -> Self:
        """Only what somebody still names: nobody else's account is read."""
        return self.filter(Exists(Claim.objects.filter(handle=OuterRef("pk"), ended_at=None)))

    def due(self, at: datetime) -> Self:
        """What is to be read at `at`, the longest overdue first."""
        return self.claimed().filter(next_sync_at__lte=at).order_by("next_sync_at", "pk")

    def lacking_history(self) -> Self:
        """Those whose `lacks_history` is true."""
        rating, led_to = Q(current__rating__isnull=False), Q(history_rating__isnull=False)
        changed = rating & (~led_to | ~Q(current__rating=F("history_rating")))
        lost = Q(current__isnull=False) & ~rating & led_to
        seen_since = Q(active_at__gt=F("history_read_at"))
        long_ago = Q(fresh_at__gt=F("history_read_at") + REREAD_AFTER, current__isnull=False)
        return self.filter(changed | lost | (seen_since & long_ago))

    def recalculated(self) -> Self:
        """Those with a contest whose ratings may have been corrected since they were read whole."""
        wanted = Q()
        for wait in RECALCULATED:
            corrected = RatingChange.objects.filter(
                handle=OuterRef("pk"),
                at__gt=OuterRef("history_read_at") - wait,
                at__lte=OuterRef("fresh_at") - wait,
            )
            wanted |= Q(Exists(corrected))
        return self.filter(wanted)

    def history_wanted(self, *, again: bool) -> Self:
        """Those read well whose history has not been asked for since, and lacks something.

        `again`: also those in whose history something may have been corrected.
        """
        return self.filter(state=Handle.State.OK).history_behind(again=again)

    def history_behind(self, *, again: bool) -> Self:
        """The same, whatever failed since."""
        rows = self.exclude(history_read_at__gte=F("fresh_at"))
        return rows.lacking_history() | rows.recalculated() if again else rows.lacking_history()

    def attempts_wanted(self) -> Self:
        """Those read well whose attempts lack something."""
        return self.filter(state=Handle.State.OK).lacking_attempts()

    def lacking_attempts(self) -> Self:
        """Those whose `lacks_attempts` is true, and those read since with a verdict to come."""
        pending = Attempt.objects.filter(
            handle=OuterRef("pk"),
            verdict=Verdict.PENDING,
            at__gt=OuterRef("attempts_read_at") - JUDGED_WITHIN,
        )
        unread = Q(attempts_read_at=None) | Q(active_at__gt=F("attempts_read_at"))
        return self.filter(unread | Q(Exists(pending), fresh_at__gt=F("attempts_read_at")))


class Handle(models.Model):
    """An account on a platform, read once however many members name it. It keeps its history."""

    class State(models.TextChoices):
        NEW = "new", "not read yet"
        OK = "ok", "up to date"
        STALE = "stale", "not reached lately"
        BLOCKED = "blocked", "the platform blocks this server"
        CHANGED = "changed", "the platform changed its pages"
        GONE = "gone", "no such account"
        PRIVATE = "private", "hidden by its owner"

    platform = models.CharField(max_length=20)
    canonical = models.CharField(
        max_length=80, help_text="Lower-case spelling: what makes it one account."
    )
    shown = models.CharField(max_length=80, help_text="As the platform writes it.")
    state = models.CharField(max_length=8, choices=State, default=State.NEW)
    state_at = models.DateTimeField(help_text="Since when it is in this state.")
    error = models.CharField(
        max_length=300, blank=True, help_text="What the platform answered last, if not data."
    )
    failures = models.PositiveIntegerField(default=0)
    missing_at = models.DateTimeField(
        null=True, help_text="When the platform first denied it; believed when said again later."
    )
    fresh_at = models.DateTimeField(null=True, help_text="When it was last read successfully.")
    active_at = models.DateTimeField(null=True, help_text="When its owner was last seen there.")
    asked_at = models.DateTimeField(
        null=True, help_text="When somebody asked for a refresh that is still to come."
    )
    next_sync_at = models.DateTimeField(null=True)
    rhythm = models.DurationField(
        null=True, help_text="From one reading to the next: longer while nothing is new."
    )
    mark = models.CharField(
        max_length=80,
        blank=True,
        help_text="What the platform showed in place of a last visit; another one is a visit.",
    )
    topics = models.JSONField(
        default=dict, help_text="Solved by topic, where the platform counts them itself."
    )
    history_rating = models.IntegerField(
        null=True, help_text="The rating that the stored contests lead to."
    )
    history_read_at = models.DateTimeField(null=True, help_text="When it was last read whole.")
    attempts_read_at = models.DateTimeField(null=True)
    attempt_cursor = models.CharField(
        max_length=40, blank=True, help_text="The newest attempt that was read."
    )
    current = models.OneToOneField(
        "Snapshot",
        models.SET_NULL,
        null=True,
        related_name="+",
        help_text="The last good reading.",
    )

    objects = HandleQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["next_sync_at"], name="handle_due")]
        constraints = [
            models.UniqueConstraint(fields=["platform", "canonical"], name="handle_once"),
        ]

    def __str__(self) -> str:
        return f"{self.shown} on {self.platform}"

    @property
    def reading_key(self) -> str:
        """The key of the job that reads it when a member asks."""
        return f"ratings:handle:{self.pk}"

    @property
    def is_unknown(self) -> bool:
        """The platform never knew it: most likely a slip of the pen."""
        return self.state == self.State.GONE and self.fresh_at is None

    @property
    def is_doubted(self) -> bool:
        """The platform has denied it once, and is asked again before that is believed."""
        return self.state == self.State.STALE and self.missing_at is not None

    @property
    def shown_state(self) -> str:
        """The state beside a number: none while nothing has been read."""
        return "" if self.state == self.State.NEW else self.state

    @property
    def solved_at(self) -> datetime | None:
        """How fresh the solved problems are: not seen there since, nothing is newer."""
        if self.attempts_read_at is None or self.lacks_attempts:
            return self.attempts_read_at
        return self.fresh_at

    @property
    def lacks_history(self) -> bool:
        """Its rating is not the one its stored contests lead to, or they were read long ago."""
        if self.current is None:
            return False
        return self.current.rating != self.history_rating or self._may_hide_contests

    @property
    def _may_hide_contests(self) -> bool:
        """A contest without a change, and a correction of an older one, show in no rating."""
        if self.history_read_at is None or self.fresh_at is None or self.active_at is None:
            return False
        seen_since = self.active_at > self.history_read_at
        return seen_since and self.fresh_at - self.history_read_at > REREAD_AFTER

    @property
    def lacks_attempts(self) -> bool:
        """Its owner has been there since the attempts were read."""
        return self.lacks_attempts_since(self.active_at)

    def lacks_attempts_since(self, active_at: datetime | None) -> bool:
        if self.attempts_read_at is None:
            return True
        return active_at is not None and active_at > self.attempts_read_at


class ClaimQuerySet(HouseQuerySet["Claim"]):
    def open(self) -> Self:
        return self.filter(ended_at=None)

    def verified(self) -> Self:
        return self.open().filter(verified_at__isnull=False)


class Claim(models.Model):
    """A member says that an account is theirs; proven once `verified_at` is set."""

    class End(models.TextChoices):
        UNLINKED = "unlinked", "unlinked"
        LOST = "lost", "proven by another member"

    handle = models.ForeignKey(Handle, models.PROTECT, related_name="claims")
    platform = models.CharField(max_length=20)
    member = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="claims")
    created_at = models.DateTimeField()
    verified_at = models.DateTimeField(null=True)
    method = models.CharField(max_length=20, blank=True)
    ended_at = models.DateTimeField(null=True)
    end = models.CharField(max_length=8, choices=End, blank=True)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["handle"],
                condition=models.Q(verified_at__isnull=False, ended_at=None),
                name="claim_one_owner",
            ),
            models.UniqueConstraint(
                fields=["member", "platform"],
                condition=models.Q(ended_at=None),
                name="claim_one_a_platform",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.handle} by {self.member}"


class Proof(models.Model):
    """A one-time token that a member puts on the platform to show that the account is theirs.

    Neither the token nor what it is made of alone is stored: it takes `nonce` and the secret key.
    """

    claim = models.ForeignKey(Claim, models.CASCADE, related_name="proofs")
    method = models.CharField(max_length=20)
    nonce = models.CharField(max_length=32, unique=True)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the token, in hex.")
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    problem = models.CharField(
        max_length=120, blank=True, help_text="At which the compile error is to be, if that is it."
    )
    asked_at = models.DateTimeField(null=True, help_text="When the last check was asked for.")
    checked_at = models.DateTimeField(null=True, help_text="When the last check was done.")
    seen = models.CharField(
        max_length=300, blank=True, help_text="What the last check found instead."
    )
    used_at = models.DateTimeField(null=True)

    objects = HouseQuerySet["Proof"].as_manager()

    class Meta:
        indexes = [models.Index(fields=["claim", "-created_at"], name="proof_latest")]

    def __str__(self) -> str:
        return f"proof of {self.claim_id} by {self.method}"

    @property
    def is_checking(self) -> bool:
        """A check has been asked for and is not done."""
        if self.asked_at is None:
            return False
        return self.checked_at is None or self.checked_at < self.asked_at


class Snapshot(models.Model):
    """What a platform said of an account on one day (UTC); the last reading of the day is kept."""

    handle = models.ForeignKey(Handle, models.CASCADE, related_name="snapshots")
    day = models.DateField()
    fetched_at = models.DateTimeField()
    rating = models.IntegerField(null=True)
    max_rating = models.IntegerField(null=True)
    rank_name = models.CharField(max_length=40, blank=True)
    max_rank_name = models.CharField(max_length=40, blank=True)
    provisional = models.BooleanField(default=False)
    global_rank = models.IntegerField(null=True)
    country_rank = models.IntegerField(null=True)
    contests = models.IntegerField(default=0)
    solved = models.IntegerField(null=True)
    solved_by = models.JSONField(
        default=dict, help_text="Solved by level, where the platform counts them itself."
    )

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
    phase = models.CharField(
        max_length=10, blank=True, help_text="before, running, judging or finished."
    )

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
    first_new = models.IntegerField(
        null=True, help_text="What `new` was before the platform corrected it."
    )

    objects = HouseQuerySet["RatingChange"].as_manager()

    class Meta:
        indexes = [models.Index(fields=["handle", "at"], name="rating_change_history")]
        constraints = [
            models.UniqueConstraint(fields=["handle", "contest"], name="rating_change_once")
        ]

    def __str__(self) -> str:
        return f"{self.handle_id}: {self.old} → {self.new}"


class Problem(models.Model):
    """A problem of a platform."""

    platform = models.CharField(max_length=20)
    key = models.CharField(max_length=120)
    title = models.CharField(max_length=300)
    url = models.URLField(max_length=300, blank=True)
    difficulty = models.IntegerField(null=True, help_text="On the platform's own scale.")
    level = models.CharField(max_length=20, blank=True, help_text="The difficulty in a word.")
    tags = models.JSONField(default=list)
    contest_key = models.CharField(max_length=80, blank=True)
    twin = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        related_name="twins",
        help_text="The same problem under another key, which counts for both.",
    )

    objects = HouseQuerySet["Problem"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["platform", "key"], name="problem_once")]

    def __str__(self) -> str:
        return self.title


class Attempt(models.Model):
    """One submission of an account on its platform."""

    handle = models.ForeignKey(Handle, models.CASCADE, related_name="attempts")
    problem = models.ForeignKey(Problem, models.CASCADE, related_name="attempts")
    remote_id = models.CharField(max_length=40)
    verdict = models.CharField(max_length=10, help_text="A `platforms.base.Verdict`.")
    language = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField()
    contest_key = models.CharField(max_length=80, blank=True)
    participation = models.CharField(max_length=10, help_text="A `platforms.base.Participation`.")

    objects = HouseQuerySet["Attempt"].as_manager()

    class Meta:
        indexes = [models.Index(fields=["handle", "-at"], name="attempt_latest")]
        constraints = [models.UniqueConstraint(fields=["handle", "remote_id"], name="attempt_once")]

    def __str__(self) -> str:
        return f"{self.remote_id} of {self.handle_id}: {self.verdict}"


class CalendarDay(models.Model):
    """How much an account submitted on one day, as its platform counts, in the platform's zone."""

    handle = models.ForeignKey(Handle, models.CASCADE, related_name="calendar")
    day = models.DateField()
    submissions = models.PositiveIntegerField()

    objects = HouseQuerySet["CalendarDay"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["handle", "day"], name="calendar_day_once")]

    def __str__(self) -> str:
        return f"{self.handle_id} on {self.day}: {self.submissions}"


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
