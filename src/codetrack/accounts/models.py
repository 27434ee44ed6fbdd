"""Members, institutes and how they belong together; API tokens."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models.functions import Lower
from django.urls import reverse

from codetrack.core.db import HouseQuerySet


class User(AbstractUser):
    """A member. Signs in by e-mail or username; `is_superuser` is the site admin."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    email = models.EmailField("e-mail address", unique=True)
    name = models.CharField("name", max_length=80, blank=True, help_text="As others see you.")
    about = models.CharField(max_length=280, blank=True)
    time_zone = models.CharField(max_length=64, default="UTC")
    is_author = models.BooleanField("author", default=False, help_text="May write challenges.")
    is_developer = models.BooleanField("developer", default=False, help_text="May be given reports.")

    objects: ClassVar[UserManager[User]] = UserManager.from_queryset(HouseQuerySet)()  # type: ignore[assignment]

    class Meta(AbstractUser.Meta):
        constraints = [
            models.UniqueConstraint(Lower("email"), name="user_email_once"),
            models.UniqueConstraint(Lower("username"), name="user_username_once"),
        ]

    def __str__(self) -> str:
        return self.shown_name

    @property
    def shown_name(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.shown_name

    def get_short_name(self) -> str:
        return self.username

    def get_absolute_url(self) -> str:
        return reverse("home:member", args=[self.username])


class Institute(models.Model):
    """A club, department or school that members belong to."""

    name = models.CharField(max_length=120)
    slug = models.SlugField(max_length=60, unique=True)
    invitation = models.CharField(max_length=64, unique=True, help_text="Secret part of the invitation link.")
    created_at = models.DateTimeField()

    objects = HouseQuerySet["Institute"].as_manager()

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("accounts:institute", args=[self.slug])


class EmailDomain(models.Model):
    """A verified address of this domain joins the institute without being asked for."""

    institute = models.ForeignKey(Institute, models.CASCADE, related_name="domains")
    domain = models.CharField(max_length=253, unique=True)

    def __str__(self) -> str:
        return self.domain


class Membership(models.Model):
    """A member in an institute: asked for, current, or ended. One current institute a member."""

    class State(models.TextChoices):
        REQUESTED = "requested", "waiting for approval"
        CURRENT = "current", "member"
        ENDED = "ended", "ended"

    class Way(models.TextChoices):
        LINK = "link", "by invitation link"
        DOMAIN = "domain", "by e-mail address"
        REQUEST = "request", "by request"
        FOUNDER = "founder", "founder"

    member = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    institute = models.ForeignKey(Institute, models.CASCADE, related_name="memberships")
    state = models.CharField(max_length=9, choices=State)
    way = models.CharField(max_length=8, choices=Way)
    is_admin = models.BooleanField("institute admin", default=False)
    created_at = models.DateTimeField()
    joined_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = HouseQuerySet["Membership"].as_manager()

    class Meta:
        indexes = [models.Index(fields=["institute", "state", "member"], name="membership_of_institute")]
        constraints = [
            models.UniqueConstraint(
                fields=["member"], condition=models.Q(state="current"), name="membership_one_current"
            ),
            models.UniqueConstraint(
                fields=["member", "institute"],
                condition=models.Q(state="requested"),
                name="membership_one_request",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} in {self.institute}: {self.get_state_display()}"


class ApiToken(models.Model):
    """A key for programs. The secret is shown once; only its digest is kept."""

    owner = models.ForeignKey(User, models.CASCADE, related_name="api_tokens")
    name = models.CharField(max_length=60)
    prefix = models.CharField(max_length=12, unique=True)
    digest = models.CharField(max_length=64, help_text="SHA-256 of the whole token, in hex.")
    may_write = models.BooleanField(default=False)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    objects = HouseQuerySet["ApiToken"].as_manager()

    def __str__(self) -> str:
        return f"ct_{self.prefix}_…"


class SetupToken(models.Model):
    """The one-time token that opens the page which makes the first admin; at most one row."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return "used" if self.used_at else "waiting"
