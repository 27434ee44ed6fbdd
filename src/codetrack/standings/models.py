"""Boards, who stands on them with what, and how many stand with each value.

A rank is a sum over `Bucket`, of which there are as many as different values, whatever the number
of members: it takes as long for a million as for a hundred.
"""

from __future__ import annotations

from datetime import date, timedelta
from secrets import randbits

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from codetrack.core import clock
from codetrack.core.db import HouseQuerySet


class Period(models.TextChoices):
    """Of what time a board tells: the value as it is, or what was gained since a week began."""

    ALL = "all", _("All time")
    MONTH = "month", _("This month")
    WEEK = "week", _("This week")

    def start(self, day: date) -> date:
        """The first day of the month or week that `day` lies in; weeks begin on Monday."""
        match self:
            case Period.MONTH:
                return day.replace(day=1)
            case Period.WEEK:
                return day - timedelta(days=day.weekday())
        return EVER


EVER = date(1970, 1, 1)


class Board(models.Model):
    """One list to stand on: a kind of `boards.py`, of all time or of one month or week (UTC).

    A board of all time with another first day than `EVER` has no rows:
    its buckets are those that the board had when that week began, for the arrows.
    """

    kind = models.CharField(max_length=60)
    period = models.CharField(max_length=5, choices=Period, default=Period.ALL)
    starts_on = models.DateField(default=EVER, help_text="The first day of its month or week.")
    changed_at = models.DateTimeField(default=clock.now)

    objects = HouseQuerySet["Board"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["kind", "period", "starts_on"], name="board_once"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.period} {self.starts_on}"

    @property
    def is_kept(self) -> bool:
        """It is only the counts of a board of all time as they were on one Monday."""
        return self.period == Period.ALL and self.starts_on != EVER


def drawn_lot() -> int:
    """A place among equals that says nothing of who it is: ids rise in the order of joining."""
    return randbits(31)


class Standing(models.Model):
    """What one member has on one board. What a page asks by is kept here, beside the value."""

    pk = models.CompositePrimaryKey("board_id", "member_id")
    board = models.ForeignKey(Board, models.CASCADE, related_name="standings", db_index=False)
    # Rows outlive an account that is erased until a service takes them off together with their
    # share of the buckets: a cascade would leave the buckets wrong.
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.DO_NOTHING, related_name="standings", db_constraint=False
    )
    value = models.IntegerField()
    proven = models.BooleanField(help_text="Of accounts that are shown to be the member's own.")
    lot = models.IntegerField(default=drawn_lot, help_text="Drawn, for the order of equals.")
    shown = models.BooleanField(help_text="Neither hidden by the member nor without an account.")
    named = models.BooleanField(
        default=True, help_text="Neither anonymous on boards nor seen by admins alone."
    )
    institute = models.ForeignKey(
        "accounts.Institute", models.SET_NULL, null=True, related_name="+", db_index=False
    )
    country = models.CharField(max_length=2, blank=True)
    as_of = models.DateTimeField(null=True, help_text="How fresh the value is.")
    since = models.DateTimeField(help_text="When the member came onto it, or became proven there.")

    objects = HouseQuerySet["Standing"].as_manager()

    class Meta:
        indexes = [
            models.Index(
                fields=["board", "-value", "lot", "member"],
                name="standing_proven",
                condition=models.Q(shown=True, proven=True),
            ),
            models.Index(
                fields=["board", "-value", "lot", "member"],
                name="standing_shown",
                condition=models.Q(shown=True),
            ),
            models.Index(
                fields=["institute", "board", "-value", "lot", "member", "proven", "since"],
                name="standing_institute",
                condition=models.Q(shown=True, institute__isnull=False),
            ),
            models.Index(
                fields=["country", "board", "-value", "lot", "member", "proven"],
                name="standing_country",
                condition=models.Q(shown=True, named=True) & ~models.Q(country=""),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member_id} on {self.board_id}: {self.value}"


class Bucket(models.Model):
    """How many stand on a board with one value, of those who are shown."""

    pk = models.CompositePrimaryKey("board_id", "proven", "value")
    board = models.ForeignKey(Board, models.CASCADE, related_name="buckets", db_index=False)
    proven = models.BooleanField()
    value = models.IntegerField()
    n = models.IntegerField()

    objects = HouseQuerySet["Bucket"].as_manager()

    def __str__(self) -> str:
        return f"{self.n} with {self.value} on {self.board_id}"


class FeedItem(models.Model):
    """One thing a member did that those who follow them may want to see.

    Its text is the template `<app>/feed/<kind>.html`, made whenever it is shown.
    """

    member = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="feed_items", db_index=False
    )
    kind = models.CharField(max_length=40)
    key = models.CharField(max_length=80, help_text="What tells it from others of its kind.")
    at = models.DateTimeField()
    url = models.CharField(max_length=300, blank=True)
    params = models.JSONField(default=dict, help_text="Plain values for the template.")

    objects = HouseQuerySet["FeedItem"].as_manager()

    class Meta:
        indexes = [models.Index(fields=["member", "-at", "-id"], name="feed_of_member")]
        constraints = [
            models.UniqueConstraint(fields=["member", "kind", "key"], name="feed_item_once")
        ]

    def __str__(self) -> str:
        return f"{self.kind} by {self.member_id}"
