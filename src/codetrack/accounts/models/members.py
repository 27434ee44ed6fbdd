"""Members, institutes and how they belong together; keys for programs."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING, Any, ClassVar, Self

from django.contrib.auth.models import AbstractUser, UserManager
from django.core.exceptions import ValidationError
from django.core.validators import (
    MinLengthValidator,
    ProhibitNullCharactersValidator,
    RegexValidator,
)
from django.db import models, transaction
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from codetrack.accounts import addresses, zones
from codetrack.core import clock, search
from codetrack.core.db import HouseQuerySet

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from codetrack.api.auth import Grant

    type Visitor = User | AnonymousUser

valid_username = RegexValidator(
    r"^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?\Z",
    _("Use letters, digits, dots, dashes and underscores; begin and end with a letter or digit."),
)

no_null = ProhibitNullCharactersValidator()  # PostgreSQL cannot keep one


class SeenBy(models.TextChoices):
    """Who may open the page of a member, follow them, and read their name on a board."""

    SITE = "site", _("everybody with an account here")
    INSTITUTE = "institute", _("members of my institute")
    NOBODY = "nobody", _("only me and the admins")


class OnBoards(models.TextChoices):
    """How a member stands on leaderboards."""

    NAMED = "named", _("with my name")
    ANONYMOUS = "anonymous", _("without my name")
    HIDDEN = "hidden", _("not at all")


class UserQuerySet(HouseQuerySet["User"]):
    def visible_to(self, viewer: Visitor) -> Self:
        """Themselves and whoever lets them; admins see the members of their institute.

        For a site admin everybody. Who blocked the viewer is not there for them.
        """
        if not viewer.is_authenticated:
            return self.none()
        if viewer.is_superuser:
            return self
        current = Membership.objects.current()
        own = current.filter(member=viewer)
        fellows = current.filter(institute__in=own.values("institute")).values("member")
        managed = current.filter(institute__in=own.filter(is_admin=True).values("institute"))
        shown = models.Q(seen_by=SeenBy.SITE) | models.Q(seen_by=SeenBy.INSTITUTE, pk__in=fellows)
        shown &= ~models.Q(pk__in=Block.objects.filter(blocked=viewer).values("blocker"))
        shown |= models.Q(pk__in=managed.values("member"))
        return self.filter(models.Q(pk=viewer.pk) | (models.Q(is_active=True) & shown))


class MemberManager(UserManager["User"]):
    """Makes accounts whose e-mail address and username are always lower-case."""

    def get_queryset(self) -> UserQuerySet:
        return UserQuerySet(self.model, using=self._db)

    def visible_to(self, viewer: Visitor) -> UserQuerySet:
        return self.get_queryset().visible_to(viewer)

    @classmethod
    def normalize_email(cls, email: str | None) -> str:
        return addresses.normal(email or "")

    @transaction.atomic
    def create_superuser(
        self,
        username: str,
        email: str | None = None,
        password: str | None = None,
        **extra: Any,
    ) -> User:
        """An admin who can sign in at once: whoever has the console need not confirm an address."""
        from allauth.account.models import EmailAddress

        if self.filter(email=self.normalize_email(email)).exists():
            raise ValidationError(_("Somebody already has an account with this e-mail address."))
        user: User = super().create_superuser(username, email, password, **extra)
        EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
        user.put_in_search()
        return user


class User(AbstractUser):
    """A member. Signs in by e-mail address or username; `is_superuser` is the site admin."""

    first_name = None  # type: ignore[assignment]
    last_name = None  # type: ignore[assignment]
    username = models.CharField(
        _("username"),
        max_length=30,
        unique=True,
        validators=[MinLengthValidator(3), valid_username],
        error_messages={"unique": _("Somebody already has this username.")},
    )
    email = models.EmailField(_("e-mail address"), unique=True)
    name = models.CharField(_("name"), max_length=80, blank=True, validators=[no_null])
    about = models.CharField(_("about"), max_length=280, blank=True, validators=[no_null])
    time_zone = models.CharField(
        _("time zone"), max_length=64, default="UTC", validators=[zones.check]
    )
    country = models.CharField(
        _("country"), max_length=2, blank=True, help_text=_("Two letters, ISO 3166-1.")
    )
    seen_by = models.CharField(
        _("who sees my page"), max_length=9, choices=SeenBy, default=SeenBy.INSTITUTE
    )
    on_boards = models.CharField(
        _("how I stand on leaderboards"), max_length=9, choices=OnBoards, default=OnBoards.NAMED
    )
    is_author = models.BooleanField(_("author"), default=False, help_text=_("Writes challenges."))
    is_developer = models.BooleanField(
        _("developer"), default=False, help_text=_("Is given problem reports to work on.")
    )

    #: What the API token allows that this member was known by; set by `TokenBackend`.
    grant: Grant

    objects: ClassVar[MemberManager] = MemberManager()

    class Meta(AbstractUser.Meta):
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="user_email_lower"
            ),
            models.CheckConstraint(
                condition=models.Q(username=Lower("username")), name="user_username_lower"
            ),
        ]

    def __str__(self) -> str:
        return self.shown_name

    @classmethod
    def normalize_username(cls, username: str) -> str:
        return super().normalize_username(username).lower()

    @property
    def shown_name(self) -> str:
        return self.name or self.username

    def get_full_name(self) -> str:
        return self.shown_name

    def get_short_name(self) -> str:
        return self.username

    def get_absolute_url(self) -> str:
        return reverse("home:member", args=[self.username])

    def current_membership(self) -> Membership | None:
        """The membership in the one institute they belong to now."""
        return Membership.objects.current().filter(member=self).select_related("institute").first()

    @cached_property
    def membership(self) -> Membership | None:
        """The same, asked once: for what only shows it. Whoever changes anything asks anew."""
        return self.current_membership()

    def put_in_search(self) -> None:
        search.put("member", self.pk, f"{self.name} {self.username}".strip(), self.about)


def new_invitation() -> str:
    return secrets.token_urlsafe(12)


class InstituteQuerySet(HouseQuerySet["Institute"]):
    def visible_to(self, viewer: Visitor) -> Self:
        """The institute that `viewer` belongs to; a site admin sees all."""
        if not viewer.is_authenticated:
            return self.none()
        if viewer.is_superuser:
            return self
        return self.filter(
            pk__in=Membership.objects.current().filter(member=viewer).values("institute")
        )


class Institute(models.Model):
    """A club, department or school that members belong to."""

    name = models.CharField(_("name"), max_length=120)
    slug = models.SlugField(max_length=60, unique=True)
    invitation = models.CharField(
        max_length=64,
        unique=True,
        default=new_invitation,
        help_text=_("The secret part of the invitation link."),
    )
    created_at = models.DateTimeField(default=clock.now)

    objects = InstituteQuerySet.as_manager()

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("home:institute", args=[self.slug])

    def invitation_path(self) -> str:
        return reverse("accounts:join", args=[self.invitation])


class EmailDomain(models.Model):
    """A confirmed address of this domain joins the institute without being asked for."""

    institute = models.ForeignKey(Institute, models.CASCADE, related_name="domains")
    domain = models.CharField(_("domain"), max_length=253, unique=True)

    objects = HouseQuerySet["EmailDomain"].as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(domain=Lower("domain")), name="email_domain_lower"
            )
        ]

    def __str__(self) -> str:
        return self.domain


class MembershipQuerySet(HouseQuerySet["Membership"]):
    def current(self) -> Self:
        return self.filter(state=Membership.State.CURRENT)

    def requested(self) -> Self:
        return self.filter(state=Membership.State.REQUESTED)

    def waiting(self) -> Self:
        """Those that may still start."""
        return self.filter(state__in=Membership.WAITING)


class Membership(models.Model):
    """A member in an institute: to come, current, or over. One current institute a member."""

    class State(models.TextChoices):
        INVITED = "invited", _("joins once the address is confirmed")
        REQUESTED = "requested", _("waits for approval")
        CURRENT = "current", _("member")
        DECLINED = "declined", _("declined")
        ENDED = "ended", _("ended")
        REMOVED = "removed", _("ended by an admin")

    class Way(models.TextChoices):
        FOUNDER = "founder", _("founder")
        LINK = "link", _("by invitation link")
        DOMAIN = "domain", _("by e-mail address")
        REQUEST = "request", _("by request")
        MAIL = "mail", _("by invitation mail")

    WAITING = (State.INVITED, State.REQUESTED)

    member = models.ForeignKey(User, models.CASCADE, related_name="memberships")
    institute = models.ForeignKey(Institute, models.CASCADE, related_name="memberships")
    state = models.CharField(max_length=9, choices=State)
    way = models.CharField(max_length=8, choices=Way)
    is_admin = models.BooleanField(_("institute admin"), default=False)
    batch = models.CharField(
        _("batch"), max_length=40, blank=True, help_text=_("The year or group, such as 2027.")
    )
    created_at = models.DateTimeField(default=clock.now)
    joined_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(fields=["institute", "state", "member"], name="membership_of_institute")
        ]
        constraints = [
            models.UniqueConstraint(
                fields=["member"],
                condition=models.Q(state="current"),
                name="membership_one_current",
            ),
            models.UniqueConstraint(
                fields=["member", "institute"],
                condition=models.Q(state__in=("invited", "requested")),
                name="membership_one_waiting",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.member} in {self.institute}: {self.get_state_display()}"


class Follow(models.Model):
    """One member wants to hear what another does."""

    follower = models.ForeignKey(User, models.CASCADE, related_name="follows")
    followed = models.ForeignKey(User, models.CASCADE, related_name="followed_by")
    created_at = models.DateTimeField(default=clock.now)

    objects = HouseQuerySet["Follow"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["follower", "followed"], name="follow_once"),
            models.CheckConstraint(
                condition=~models.Q(follower=models.F("followed")), name="follow_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.follower_id} follows {self.followed_id}"


class Block(models.Model):
    """One member wants to be left alone by another: neither seen nor followed."""

    blocker = models.ForeignKey(User, models.CASCADE, related_name="blocks")
    blocked = models.ForeignKey(User, models.CASCADE, related_name="blocked_by")
    created_at = models.DateTimeField(default=clock.now)

    objects = HouseQuerySet["Block"].as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["blocker", "blocked"], name="block_once"),
            models.CheckConstraint(
                condition=~models.Q(blocker=models.F("blocked")), name="block_another"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.blocker_id} blocked {self.blocked_id}"


class ApiTokenQuerySet(HouseQuerySet["ApiToken"]):
    def working(self) -> Self:
        """Those that still open the door."""
        return self.filter(models.Q(expires_at=None) | models.Q(expires_at__gt=clock.now()))


class ApiToken(models.Model):
    """A key for programs, `ct_<prefix>_<secret>`. Shown once; only its digest is kept.

    The secret is 32 random bytes, so a plain SHA-256 cannot be searched for.
    """

    owner = models.ForeignKey(User, models.CASCADE, related_name="api_tokens")
    name = models.CharField(_("name"), max_length=60)
    prefix = models.CharField(max_length=12, unique=True)
    digest = models.CharField(max_length=64, help_text=_("SHA-256 of the whole token, in hex."))
    may_write = models.BooleanField(_("may write"), default=False)
    created_at = models.DateTimeField(default=clock.now)
    expires_at = models.DateTimeField(null=True)
    last_used_at = models.DateTimeField(null=True)

    objects = ApiTokenQuerySet.as_manager()

    def __str__(self) -> str:
        return f"ct_{self.prefix}_…"


class SetupToken(models.Model):
    """The one-time token that opens the page which makes the first admin; at most one row."""

    id = models.SmallIntegerField(primary_key=True, default=1)
    digest = models.CharField(max_length=64)
    used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return "used" if self.used_at else "waiting"

    def opens_with(self, token: str) -> bool:
        fits = secrets.compare_digest(self.digest, digest_of(token))
        return fits and self.used_at is None


def digest_of(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()
