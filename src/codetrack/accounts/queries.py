"""What pages and the API ask about members and institutes; nothing here writes."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib.sessions.models import Session
from django.core import signing
from django.db.models import Count, Exists, F, FilteredRelation, OuterRef, Q

from codetrack.accounts import addresses
from codetrack.accounts.models import (
    ApiToken,
    Block,
    EmailDomain,
    Follow,
    Institute,
    Membership,
    MembershipQuerySet,
    SetupToken,
    User,
    UserQuerySet,
    digest_of,
)
from codetrack.core import clock, search

if TYPE_CHECKING:
    from allauth.account.models import EmailAddress
    from allauth.usersessions.models import UserSession
    from django.db.models import QuerySet

    from codetrack.accounts.models import Visitor


def is_founded() -> bool:
    """Whether somebody runs this club already."""
    return User.objects.filter(is_superuser=True, is_active=True).exists()


def is_setup_link(token: str) -> bool:
    """Whether this token opens the page that makes the first admin."""
    row = SetupToken.objects.first()
    return row is not None and row.opens_with(token)


def visible_to(viewer: Visitor) -> UserQuerySet:
    """The members that `viewer` may see."""
    return User.objects.visible_to(viewer)


def seen_among(viewer: Visitor, members: Iterable[int]) -> set[int]:
    """Which of these `viewer` may see, in one query."""
    return set(visible_to(viewer).filter(pk__in=list(members)).values_list("pk", flat=True))


def members_of(institute: Institute) -> MembershipQuerySet:
    """Current memberships with their members loaded."""
    current = Membership.objects.current().filter(institute=institute)
    return current.filter(member__is_active=True).select_related("member")


def only_admin_of(institute_id: int) -> Membership | None:
    """The admin without whom the other members would have none: who cannot go before naming one.

    One whose account is switched off is none.
    """
    current = Membership.objects.current().filter(institute=institute_id, member__is_active=True)
    admins = list(current.filter(is_admin=True)[:2])
    if len(admins) != 1 or not current.exclude(pk=admins[0].pk).exists():
        return None
    return admins[0]


def requests_to(institute: Institute) -> MembershipQuerySet:
    """Who waits for approval, the longest first."""
    asked = Membership.objects.requested().filter(institute=institute)
    return asked.select_related("member").order_by("created_at", "pk")


def invited_to(institute: Institute) -> MembershipQuerySet:
    """Who signed up by the link and has not confirmed the address yet."""
    invited = Membership.objects.filter(institute=institute, state=Membership.State.INVITED)
    return invited.select_related("member").order_by("created_at", "pk")


def was_refused(member: User, institute: Institute) -> bool:
    """Whether the last word of its admins on this member was no: they declined or removed them.

    What a member ended before it began, by taking the request back, says nothing.
    """
    state = Membership.State
    said = Membership.objects.filter(member=member, institute=institute)
    said = said.exclude(state__in=Membership.WAITING)
    last = said.exclude(state=state.ENDED, joined_at=None).order_by("-pk").first()
    return last is not None and last.state in {state.DECLINED, state.REMOVED}


def institute_of_invitation(invitation: str) -> Institute | None:
    return Institute.objects.filter(invitation=invitation).first() if invitation else None


def institute_of_address(email: str) -> Institute | None:
    """The institute that takes in every confirmed address of this domain."""
    domain = addresses.normal(email).rpartition("@")[2]
    row = EmailDomain.objects.filter(domain=domain).select_related("institute").first()
    return row.institute if row else None


def confirmed_addresses(member: User) -> list[str]:
    from allauth.account.models import EmailAddress

    rows = EmailAddress.objects.filter(user=member, verified=True)
    return list(rows.values_list("email", flat=True))


def unconfirmed_address(email: str) -> EmailAddress | None:
    """The address that waits for its mail link."""
    from allauth.account.models import EmailAddress

    waiting = EmailAddress.objects.filter(email=addresses.normal(email), verified=False)
    return waiting.select_related("user").first()


def address_of_link(key: str) -> EmailAddress | None:
    """Whose address a mail link is about, however old; None when it was never ours."""
    from allauth.account import app_settings
    from allauth.account.models import EmailAddress

    try:
        pk = signing.loads(key, salt=app_settings.SALT)
    except signing.BadSignature:
        return None
    return EmailAddress.objects.filter(pk=pk).first()


def sessions_of(member: User) -> list[UserSession]:
    """Where a member is signed in now, the latest first."""
    from allauth.usersessions.models import UserSession

    alive = Session.objects.filter(expire_date__gt=clock.now()).values("session_key")
    rows = UserSession.objects.filter(user=member, session_key__in=alive)
    return list(rows.order_by("-created_at"))


def found_members(viewer: Visitor, text: str, limit: int = 30) -> list[User]:
    """The members `viewer` may see whose name, username or words about them fit, best first."""
    keys = search.find("member", text, limit=10 * limit)
    rows = visible_to(viewer).in_bulk(keys)
    return [rows[key] for key in keys if key in rows][:limit]


def token_of(secret: str) -> ApiToken | None:
    """The working key that `secret` is, with its owner; None for an unknown or expired one."""
    kind, _, rest = secret.partition("_")
    prefix, _, _ = rest.partition("_")
    if kind != "ct" or not prefix:
        return None
    rows = ApiToken.objects.working().filter(prefix=prefix, owner__is_active=True)
    token = rows.select_related("owner").first()
    if token and secrets.compare_digest(token.digest, digest_of(secret)):
        return token
    return None


def institutes_by_member(members: Iterable[User]) -> dict[int, Institute]:
    """The current institute of each of these members, in one query."""
    rows = Membership.objects.current().filter(member__in=list(members)).select_related("institute")
    return {row.member_id: row.institute for row in rows}


def addresses_of(member: User) -> QuerySet[EmailAddress]:
    """The e-mail addresses of a member, the one in use first."""
    from allauth.account.models import EmailAddress

    rows: QuerySet[EmailAddress] = EmailAddress.objects.filter(user=member)
    return rows.order_by("-primary", "-verified", "email")


def tokens_of(member: User) -> QuerySet[ApiToken]:
    return ApiToken.objects.filter(owner=member).select_related("owner").order_by("-created_at")


def memberships_of(institute: Institute) -> MembershipQuerySet:
    """Every membership, also those to come and those that are over."""
    rows = Membership.objects.filter(institute=institute)
    return rows.select_related("member", "institute")


def requests_of(member: User) -> MembershipQuerySet:
    """The institutes a member has asked and that have not answered."""
    return Membership.objects.requested().filter(member=member).select_related("institute")


def open_institutes() -> QuerySet[Institute]:
    """The institutes anybody with an account may ask to be let in; their names are no secret."""
    return Institute.objects.order_by("name", "pk")


def choices_for(member: User) -> dict[str, Any]:
    """What the page for finding an institute shows."""
    asked = {row.institute_id: row for row in requests_of(member)}
    current = member.current_membership()
    names = [row for row in open_institutes() if not current or row.pk != current.institute_id]
    return {"current": current, "institutes": [(row, asked.get(row.pk)) for row in names]}


# --- who follows whom ----------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Relation:
    """How `viewer` and `member` stand to each other, and how many follow `member` or are followed.

    The numbers count everybody, also those whom `viewer` may not see.
    """

    member: User
    own: bool
    follows: bool
    followed_back: bool
    blocked: bool
    following: int
    followers: int


def relation(viewer: User, member: User) -> Relation:
    pair = [viewer.pk, member.pk]
    between = Follow.objects.filter(follower__in=pair, followed__in=pair)
    who = set(between.values_list("follower", flat=True))
    return Relation(
        member=member,
        own=viewer == member,
        follows=viewer.pk in who,
        followed_back=member.pk in who,
        blocked=Block.objects.filter(blocker=viewer, blocked=member).exists(),
        following=Follow.objects.filter(follower=member, followed__is_active=True).count(),
        followers=Follow.objects.filter(followed=member, follower__is_active=True).count(),
    )


def followees_of(member: User, viewer: User | None = None) -> UserQuerySet:
    """Whom `member` follows, as far as `viewer` may see: by default `member`.

    Each has `since`, which rises with the time of following.
    """
    rows = visible_to(viewer or member).filter(is_active=True)
    return (
        rows.alias(link=FilteredRelation("followed_by", condition=Q(followed_by__follower=member)))
        .filter(link__isnull=False)
        .annotate(since=F("link__pk"))
    )


def followers_of(member: User, viewer: User | None = None) -> UserQuerySet:
    """Who follows `member`, as `followees_of`."""
    rows = visible_to(viewer or member).filter(is_active=True)
    return (
        rows.alias(link=FilteredRelation("follows", condition=Q(follows__followed=member)))
        .filter(link__isnull=False)
        .annotate(since=F("link__pk"))
    )


def followed_among(viewer: User, members: Iterable[User]) -> set[int]:
    """Which of these `viewer` follows, in one query."""
    rows = Follow.objects.filter(follower=viewer, followed__in=list(members))
    return set(rows.values_list("followed", flat=True))


def following_among(viewer: User, members: Iterable[User]) -> set[int]:
    """Which of these follow `viewer`, in one query."""
    rows = Follow.objects.filter(followed=viewer, follower__in=list(members))
    return set(rows.values_list("follower", flat=True))


@dataclass(frozen=True, kw_only=True)
class Person:
    """A member in a list, as `viewer` meets them."""

    member: User
    institute: Institute | None
    follows: bool
    followed_back: bool


def introduced(viewer: User, members: Iterable[User]) -> list[Person]:
    """These members with their institutes and how they stand to `viewer`, in three queries."""
    rows = list(members)
    if not rows:
        return []
    institutes = institutes_by_member(rows)
    follows, back = followed_among(viewer, rows), following_among(viewer, rows)
    return [
        Person(
            member=row,
            institute=institutes.get(row.pk),
            follows=row.pk in follows,
            followed_back=row.pk in back,
        )
        for row in rows
    ]


def followable_by(member: User) -> UserQuerySet:
    """Fellows and followers whom `member` may see, and neither follows nor blocked."""
    current = member.membership
    fellows = members_of(current.institute) if current else Membership.objects.none()
    followers = Follow.objects.filter(followed=member)
    near = fellows.values("member").union(followers.values("follower"))
    rows = visible_to(member).filter(pk__in=near, is_active=True).exclude(pk=member.pk)
    rows = rows.exclude(pk__in=Follow.objects.filter(follower=member).values("followed"))
    return rows.exclude(pk__in=Block.objects.filter(blocker=member).values("blocked"))


def suggestions(member: User, limit: int = 6) -> list[User]:
    """Whom `member` could follow.

    First whom most of those follow whom they follow, then who is of their batch, then whom most
    follow at all.
    """
    friends = Follow.objects.filter(follower=member).values("followed")
    current = member.membership
    batch = current.batch if current else ""
    same = Membership.objects.current().filter(member=OuterRef("pk")).exclude(batch="")
    rows = followable_by(member).annotate(
        known_by=Count("followed_by", Q(followed_by__follower__in=friends)),
        heard_by=Count("followed_by"),
        beside=Exists(
            same.filter(institute=current.institute_id if current else None, batch=batch)
        ),
    )
    return list(rows.order_by("-known_by", "-beside", "-heard_by", "username")[:limit])


def blocked_by(member: User) -> QuerySet[Block]:
    """Whom a member blocked, the latest first."""
    return Block.objects.filter(blocker=member).select_related("blocked").order_by("-pk")


def reachable_by(member: User) -> QuerySet[User]:
    """Whom a member may see, and whom they follow or blocked: to end that, seeing is not needed."""
    followed = Follow.objects.filter(follower=member).values("followed")
    blocked = Block.objects.filter(blocker=member).values("blocked")
    named = Q(pk__in=visible_to(member)) | Q(pk__in=followed) | Q(pk__in=blocked)
    return User.objects.filter(named)
