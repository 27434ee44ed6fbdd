"""What is told of memberships: who asks, and what became of it; and of who follows whom."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import replace

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from codetrack.accounts import queries
from codetrack.accounts.events import (
    MemberFollowed,
    MembershipDeclined,
    MembershipRequested,
    MembershipStarted,
)
from codetrack.accounts.models import Follow, Institute, Membership, User
from codetrack.core.models import Event
from codetrack.core.notices import NOW, OFF, Told, kind

BOTH = {"web": NOW, "email": NOW}
ASKED = _("You get this mail because you asked to join.")


def looks_after_members(member: User) -> bool:
    held = Membership.objects.current().filter(member=member, is_admin=True)
    return member.is_superuser or held.exists()


@kind(
    MembershipRequested.tag,
    key="membership_asked",
    label=_("Somebody asks to join my institute"),
    why=_("You get this mail because you are an admin of this institute."),
    defaults=BOTH,
    concerns=looks_after_members,
)
def membership_asked(events: Sequence[Event]) -> Iterator[Told]:
    admins = _admins({event.data["institute_id"] for event in events})
    for event, institute, member in _with_names(events):
        for admin in admins[institute.pk]:
            if admin != member.pk:
                yield _told(event, institute, admin, name=member.shown_name)


@kind(
    MembershipStarted.tag,
    key="membership_started",
    label=_("I am let into an institute"),
    why=ASKED,
    defaults=BOTH,
)
def membership_started(events: Sequence[Event]) -> Iterator[Told]:
    """Who came in by a link or an address of their own knows it."""
    for event, institute, member in _answered(events):
        yield _told(event, institute, member.pk)


@kind(
    MembershipDeclined.tag,
    key="membership_declined",
    label=_("An institute declines my request"),
    why=ASKED,
    defaults=BOTH,
)
def membership_declined(events: Sequence[Event]) -> Iterator[Told]:
    for event, institute, member in _answered(events):
        told = _told(event, institute, member.pk)
        yield replace(told, url=reverse("accounts:institutes"))  # theirs is not for outsiders


@kind(
    MemberFollowed.tag,
    key="new_follower",
    label=_("Somebody follows me"),
    why=_("You get this mail because somebody follows you and you asked to be told."),
    defaults={"web": NOW, "email": OFF},
)
def new_follower(events: Sequence[Event]) -> Iterator[Told]:
    """Who still follows and may be seen; who did so twice meanwhile is told of once."""
    by_pair = {(event.actor_id or 0, event.data["member_id"]): event for event in events}
    rows = Follow.objects.filter(
        follower__in={follower for follower, _to in by_pair},
        followed__in={to for _follower, to in by_pair},
    ).select_related("follower", "followed")
    follows = {(row.follower_id, row.followed_id): row for row in rows}
    followers: dict[User, list[int]] = defaultdict(list)
    for link in follows.values():
        followers[link.followed].append(link.follower_id)
    seen = {followed.pk: queries.seen_among(followed, pks) for followed, pks in followers.items()}
    for pair, event in by_pair.items():
        row = follows.get(pair)
        if row and row.follower_id in seen[row.followed_id]:
            yield Told(
                event=event,
                member_id=row.followed_id,
                thread=f"followers:{row.followed_id}",
                url=row.follower.get_absolute_url(),
                params={"name": row.follower.shown_name},
            )


def _answered(events: Sequence[Event]) -> Iterator[tuple[Event, Institute, User]]:
    """Those that somebody else began or turned down."""
    return _with_names([event for event in events if event.actor_id != event.data["member_id"]])


def _admins(institutes: set[int]) -> dict[int, list[int]]:
    """Who looks after the members of these institutes; for one without admins, the site's.

    An admin whose account is switched off looks after nobody.
    """
    rows = Membership.objects.current().filter(
        institute__in=institutes, is_admin=True, member__is_active=True
    )
    found: dict[int, list[int]] = defaultdict(list)
    for institute, member in rows.values_list("institute", "member").order_by("pk"):
        found[institute].append(member)
    if institutes - found.keys():
        site = list(User.objects.filter(is_superuser=True).values_list("pk", flat=True))
        found |= dict.fromkeys(institutes - found.keys(), site)
    return found


def _with_names(events: Sequence[Event]) -> Iterator[tuple[Event, Institute, User]]:
    institutes = Institute.objects.in_bulk([event.data["institute_id"] for event in events])
    members = User.objects.in_bulk([event.data["member_id"] for event in events])
    for event in events:
        institute = institutes.get(event.data["institute_id"])
        member = members.get(event.data["member_id"])
        if institute and member:
            yield event, institute, member


def _told(event: Event, institute: Institute, to: int, **more: str) -> Told:
    return Told(
        event=event,
        member_id=to,
        thread=f"institute:{institute.pk}",
        url=institute.get_absolute_url(),
        params={"institute": institute.name, **more},
    )
