"""Who is asked to come: lists of people that an admin handed in, and invitations by mail."""

from __future__ import annotations

from typing import Self

from django.conf import settings
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from codetrack.core import clock
from codetrack.core.db import HouseQuerySet


class Roster(models.Model):
    """A list of people as an admin handed it in: read and looked at first, then invited."""

    class State(models.TextChoices):
        DRAFT = "draft", _("nothing is sent yet")
        INVITING = "inviting", _("invitations are on their way")
        DONE = "done", _("everybody is invited")
        CANCELLED = "cancelled", _("cancelled")

    institute = models.ForeignKey("accounts.Institute", models.CASCADE, related_name="rosters")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    title = models.CharField(max_length=120, blank=True, help_text="The name of the file.")
    words = models.JSONField(default=list, help_text="What is to be known of how it was read.")
    state = models.CharField(max_length=9, choices=State, default=State.DRAFT)
    created_at = models.DateTimeField(default=clock.now)

    objects = HouseQuerySet["Roster"].as_manager()

    def __str__(self) -> str:
        return f"{self.title or self.pk}: {self.get_state_display()}"

    def get_absolute_url(self) -> str:
        return reverse("accounts:roster_report", args=[self.institute.slug, self.pk])

    @property
    def tone(self) -> str:
        """How its state looks."""
        return {self.State.INVITING: "live", self.State.DONE: "good"}.get(
            self.State(self.state), ""
        )


class Outcome(models.TextChoices):
    """What becomes of the person in a line."""

    INVITE = "invite", _("gets an invitation")
    ASK = "ask", _("has an account here, and is asked")
    UPDATE = "update", _("is invited already: brought up to date")
    WAITING = "waiting", _("is invited already")
    MEMBER = "member", _("is a member already")
    SKIP = "skip", _("is left out")


DONE = {
    Outcome.INVITE: _("is invited"),
    Outcome.ASK: _("has an account here, and was asked"),
    Outcome.UPDATE: _("was invited already: brought up to date"),
}


class Trouble(models.TextChoices):
    """What is wrong with a line. The person is left out, or only what is wrong."""

    BAD_ADDRESS = "bad_address", _("no e-mail address")
    DUPLICATE = "duplicate", _("duplicate")
    ELSEWHERE = "elsewhere", _("member of another institute")
    REFUSED = "refused", _("gets no mail")
    UNKNOWN_ROLE = "unknown_role", _("unknown role")
    FOREIGN_HANDLE = "foreign_handle", _("foreign handle")
    BAD_HANDLE = "bad_handle", _("no handle")
    SHORTENED = "shortened", _("too long")


class RosterLineQuerySet(HouseQuerySet["RosterLine"]):
    def to_do(self) -> Self:
        """Those that are still to be acted upon."""
        return self.filter(done=False, outcome__in=RosterLine.ACTED_UPON)

    def to_mail(self) -> Self:
        """Those of whom a mail is still to be asked for."""
        return self.to_do().exclude(outcome=Outcome.UPDATE)

    def troubled(self) -> Self:
        return self.exclude(trouble="")


class RosterLine(models.Model):
    """One line of a roster, as it was understood, with what becomes of it."""

    ACTED_UPON = (Outcome.INVITE, Outcome.ASK, Outcome.UPDATE)

    roster = models.ForeignKey(Roster, models.CASCADE, related_name="lines")
    number = models.PositiveIntegerField(help_text="Where the line begins in the file.")
    email = models.CharField(max_length=254, blank=True)
    name = models.CharField(max_length=80, blank=True)
    batch = models.CharField(max_length=40, blank=True)
    is_admin = models.BooleanField(default=False)
    extras = models.JSONField(default=dict, help_text="Key of a registered column: its value.")
    outcome = models.CharField(max_length=8, choices=Outcome)
    trouble = models.CharField(max_length=15, choices=Trouble, blank=True)
    detail = models.CharField(max_length=300, blank=True)
    done = models.BooleanField(default=False)

    objects = RosterLineQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["roster", "number"], name="roster_line_once")
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.email} {self.fate}"

    @property
    def fate(self) -> str:
        """What becomes of the person; of whoever it has become, what did."""
        if self.done:
            return str(DONE.get(Outcome(self.outcome), self.get_outcome_display()))
        if self.outcome in self.ACTED_UPON and self.roster.state == Roster.State.CANCELLED:
            return str(_("was not invited: the list was cancelled"))
        return self.get_outcome_display()


class InvitationQuerySet(HouseQuerySet["Invitation"]):
    def open(self) -> Self:
        """Those that may still be accepted."""
        return self.waiting().filter(expires_at__gt=clock.now())

    def waiting(self) -> Self:
        """Neither accepted nor withdrawn; too late or not."""
        return self.filter(state=Invitation.State.OPEN)

    def unsent(self) -> Self:
        """Those whose mail is still to go out."""
        return self.open().filter(sent_at=None, failed=False)


class Invitation(models.Model):
    """A person is asked by mail to join an institute. The link in the mail is made of this row."""

    class State(models.TextChoices):
        OPEN = "open", _("open")
        ACCEPTED = "accepted", _("accepted")
        WITHDRAWN = "withdrawn", _("withdrawn")

    institute = models.ForeignKey("accounts.Institute", models.CASCADE, related_name="invitations")
    email = models.EmailField(max_length=254)
    name = models.CharField(max_length=80, blank=True)
    batch = models.CharField(max_length=40, blank=True)
    is_admin = models.BooleanField(default=False)
    extras = models.JSONField(default=dict, help_text="Key of a registered column: its value.")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+")
    roster = models.ForeignKey(Roster, models.SET_NULL, null=True, related_name="invitations")
    member = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        related_name="invitations",
        help_text="Who came by the link.",
    )
    state = models.CharField(max_length=9, choices=State, default=State.OPEN)
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField()
    asked_at = models.DateTimeField(help_text="When its mail was put in the queue.")
    mails = models.PositiveSmallIntegerField(default=1, help_text="How many, this one included.")
    sent_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=300, blank=True, help_text="What the mail server said.")
    failed = models.BooleanField(default=False, help_text="This mail will never arrive.")

    objects = InvitationQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["institute", "state", "email"], name="invitation_of_institute"),
            models.Index(
                fields=["email"], name="invitation_open", condition=models.Q(state="open")
            ),
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["institute", "email"],
                condition=models.Q(state="open"),
                name="invitation_one_open",
            ),
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="invitation_email_lower"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} to {self.institute_id}: {self.get_state_display()}"

    @property
    def is_late(self) -> bool:
        """It can no longer be accepted."""
        return self.expires_at <= clock.now()

    @property
    def is_open(self) -> bool:
        """It may still be accepted."""
        return self.state == self.State.OPEN and not self.is_late
