"""What was told to whom, by which channel, and how each member wants it."""

from __future__ import annotations

from datetime import datetime, time
from typing import Self

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from codetrack.core import clock, notices
from codetrack.core.db import HouseQuerySet


class How(models.TextChoices):
    """How a channel tells a member of a kind of notice."""

    NOW = notices.NOW, _("at once")
    DAILY = notices.DAILY, _("daily")
    WEEKLY = notices.WEEKLY, _("weekly")
    OFF = notices.OFF, _("off")


class NoticeQuerySet(HouseQuerySet["Notice"]):
    def inbox_of(self, member_id: int) -> Self:
        """What stands in the inbox of a member."""
        return self.filter(member=member_id, in_inbox=True)

    def unread(self) -> Self:
        return self.filter(read_at=None)

    def read_in_one(self, at: datetime, thread: str = "") -> Self:
        """What was marked read in one go, at that very moment; of one thread, if one is given."""
        rows = self.filter(read_at=at)
        return rows.filter(thread=thread) if thread else rows


class Notice(models.Model):
    """One thing told to one recipient: a member, or an address that has no account.

    Its text is made of the templates of its kind whenever it is shown, in the reader's language.
    """

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="notices"
    )
    address = models.EmailField(blank=True, help_text="Of somebody without an account.")
    kind = models.CharField(max_length=40)
    thread = models.CharField(max_length=80, help_text="What it is about, such as handle:12.")
    seq = models.BigIntegerField(help_text="The place of the event that it tells of.")
    url = models.CharField(max_length=300, help_text="The page that shows more, on this site.")
    params = models.JSONField(default=dict, help_text="Plain values for the templates.")
    created_at = models.DateTimeField(help_text="When it happened.")
    in_inbox = models.BooleanField(default=True)
    read_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["member", "thread"], name="notice_thread"),
            models.Index(
                fields=["member"],
                name="notice_unread",
                condition=models.Q(read_at=None, in_inbox=True),
            ),
            models.Index(fields=["created_at"], name="notice_age"),
            models.Index(fields=["seq"], name="notice_seq"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "kind", "thread", "seq"], name="notice_member_once"
            ),
            models.UniqueConstraint(
                fields=["address", "kind", "thread", "seq"],
                condition=models.Q(member=None),
                name="notice_address_once",
            ),
            models.CheckConstraint(
                condition=models.Q(member=None) ^ models.Q(address=""), name="notice_one_recipient"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} to {self.member_id or self.address}"


class Delivery(models.Model):
    """One message over a channel that leaves this site, with the notices in it.

    It is held until `due_at`, so that what comes meanwhile joins it; then it waits to be taken by
    the other side. `key` makes it the same message however often it is tried.
    """

    class State(models.TextChoices):
        HELD = "held", _("more may join")
        WAITING = "waiting", _("on its way")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed")
        DROPPED = "dropped", _("not wanted any more")

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, null=True, related_name="deliveries"
    )
    address = models.EmailField(blank=True, help_text="Of somebody without an account.")
    channel = models.CharField(max_length=12)
    how = models.CharField(max_length=6, choices=How)
    group = models.CharField(max_length=80, help_text="What joins: its thread, or its digest.")
    notices = models.ManyToManyField(Notice, related_name="deliveries")
    key = models.CharField(max_length=64, unique=True)
    recipient = models.CharField(max_length=320, blank=True, help_text="Where it went.")
    state = models.CharField(max_length=8, choices=State, default=State.HELD)
    due_at = models.DateTimeField()
    attempts = models.PositiveIntegerField(default=0)
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField(default=clock.now)
    sent_at = models.DateTimeField(null=True)

    objects = HouseQuerySet["Delivery"].as_manager()

    class Meta:
        verbose_name_plural = "deliveries"
        indexes = [
            models.Index(
                fields=["due_at"],
                name="delivery_open",
                condition=models.Q(state__in=("held", "waiting")),
            ),
            models.Index(fields=["created_at"], name="delivery_age"),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["member", "channel", "group"],
                condition=models.Q(state="held", address=""),
                name="delivery_member_held_once",
            ),
            models.UniqueConstraint(
                fields=["address", "channel", "group"],
                condition=models.Q(state="held", member=None),
                name="delivery_address_held_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.channel} to {self.member_id or self.address}: {self.state}"


class Preference(models.Model):
    """What a member chose for a kind and a channel; without a row the kind's default holds."""

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notice_preferences"
    )
    kind = models.CharField(max_length=40)
    channel = models.CharField(max_length=12)
    how = models.CharField(max_length=6, choices=How)

    objects = HouseQuerySet["Preference"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["member", "kind", "channel"], name="preference_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} by {self.channel}: {self.how}"


class Timetable(models.Model):
    """When a member is told, on the clock of their own time zone; the defaults hold without it."""

    class Weekday(models.IntegerChoices):
        MONDAY = 0, _("Monday")
        TUESDAY = 1, _("Tuesday")
        WEDNESDAY = 2, _("Wednesday")
        THURSDAY = 3, _("Thursday")
        FRIDAY = 4, _("Friday")
        SATURDAY = 5, _("Saturday")
        SUNDAY = 6, _("Sunday")

    member = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        primary_key=True,
        related_name="notice_timetable",
    )
    digest_hour = models.PositiveSmallIntegerField(
        _("hour of the digest"), default=8, validators=[MaxValueValidator(23)]
    )
    digest_weekday = models.PositiveSmallIntegerField(
        _("day of the weekly digest"), choices=Weekday, default=Weekday.MONDAY
    )
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_to = models.TimeField(_("quiet until"), null=True, blank=True)

    objects = HouseQuerySet["Timetable"].as_manager()

    def __str__(self) -> str:
        return f"{self.digest_hour}:00"

    @property
    def quiet(self) -> tuple[time, time] | None:
        """From when until when nothing is sent at once; None when there is no such time."""
        if self.quiet_from is None or self.quiet_to is None or self.quiet_from == self.quiet_to:
            return None
        return self.quiet_from, self.quiet_to


class Mute(models.Model):
    """A member wants to hear no more of a thread."""

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="muted_threads"
    )
    thread = models.CharField(max_length=80)
    created_at = models.DateTimeField(default=clock.now)

    objects = HouseQuerySet["Mute"].as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["member", "thread"], name="mute_once")]

    def __str__(self) -> str:
        return f"{self.thread} by {self.member_id}"


class Blocked(models.Model):
    """An address to which nothing is sent: it does not exist, or its owner said so."""

    class Why(models.TextChoices):
        REFUSED = "refused", _("the mail server says that there is no such address")
        BOUNCED = "bounced", _("mail to it came back")
        COMPLAINED = "complained", _("it was marked as unwanted")
        ASKED = "asked", _("its owner wants no mail from here")

    address = models.EmailField(max_length=320, unique=True)
    why = models.CharField(max_length=10, choices=Why)
    error = models.CharField(max_length=300, blank=True, help_text="What the other side said.")
    created_at = models.DateTimeField(default=clock.now)

    objects = HouseQuerySet["Blocked"].as_manager()

    class Meta:
        verbose_name_plural = "blocked addresses"

    def __str__(self) -> str:
        return f"{self.address}: {self.why}"
