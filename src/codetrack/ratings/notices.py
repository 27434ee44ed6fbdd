"""What members are told of their handles: ratings, ranks, proofs, and what only they can mend."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from codetrack.accounts.models import User
from codetrack.core.models import Event
from codetrack.core.notices import NOW, OFF, Told, kind
from codetrack.platforms.registry import all_platforms
from codetrack.ratings.events import (
    HandleGone,
    HandleHidden,
    HandleLost,
    HandleVerified,
    PlatformBlocked,
    RatingChanged,
)
from codetrack.ratings.models import Claim, ClaimQuerySet
from codetrack.ratings.queries import platform_name

if TYPE_CHECKING:
    from codetrack.core.notices import Plain

LINKED = _("You get this mail because you linked this handle.")
BOTH = {"web": NOW, "email": NOW}


@kind(
    RatingChanged.tag, key="rating_changed", label=_("My rating changed"), why=LINKED, defaults=BOTH
)
def rating_changed(events: Sequence[Event]) -> Iterator[Told]:
    for event, claim in _claimed(events):
        old, new = event.data["old"], event.data["new"]
        if new is None or (new == old and not event.data["contests"]):
            continue  # a contest of the past was corrected, and nothing came of it
        change = {"old": old, "new": new, "delta": None if old is None else new - old}
        url = claim.member.get_absolute_url()
        yield _told(event, claim, url=url, **change, contests=event.data["contests"])


@kind(
    RatingChanged.tag, key="rank_gained", label=_("I gained a rank name"), why=LINKED, defaults=BOTH
)
def rank_gained(events: Sequence[Event]) -> Iterator[Told]:
    for event, claim in _claimed(events):
        platform = all_platforms().get(claim.platform)
        before = platform.tier(event.data["old"]) if platform else None
        after = platform.tier(event.data["new"]) if platform else None
        if after is not None and (before is None or before.floor < after.floor):
            url = claim.member.get_absolute_url()
            yield _told(event, claim, url=url, rank=after.name, new=event.data["new"])


@kind(
    HandleVerified.tag,
    key="handle_verified",
    label=_("A handle of mine is verified"),
    why=_("You get this mail because you proved this handle."),
    defaults={"web": NOW, "email": OFF},
)
def handle_verified(events: Sequence[Event]) -> Iterator[Told]:
    yield from _of_claim(events)


@kind(
    HandleLost.tag,
    key="handle_lost",
    label=_("Another member proved a handle of mine"),
    why=_("You get this mail because you had proven this handle."),
    defaults=BOTH,
    always=["email"],
)
def handle_lost(events: Sequence[Event]) -> Iterator[Told]:
    """Not who it was: only that it happened, and what to do about it."""
    yield from _of_claim(events)


@kind(
    HandleGone.tag,
    HandleHidden.tag,
    key="handle_unreadable",
    label=_("A handle of mine cannot be read"),
    why=LINKED,
    defaults=BOTH,
)
def handle_unreadable(events: Sequence[Event]) -> Iterator[Told]:
    for event, claim in _claimed(events):
        yield _told(event, claim, hidden=event.tag == HandleHidden.tag)


@kind(
    PlatformBlocked.tag,
    key="platform_blocked",
    label=_("A platform blocks this site"),
    why=_("You get this mail because you are an admin of this site."),
    defaults=BOTH,
    concerns=lambda member: member.is_superuser,
)
def platform_blocked(events: Sequence[Event]) -> Iterator[Told]:
    """A member can do nothing about it; whoever runs this site can."""
    admins = list(User.objects.filter(is_superuser=True, is_active=True))
    for event in events:
        key = event.data["platform"]
        for admin in admins:
            yield Told(
                event=event,
                member_id=admin.pk,
                thread=f"platform:{key}",
                url=reverse("ratings:handles"),
                params={"platform": platform_name(key), "key": key.upper()},
            )


def _claimed(events: Sequence[Event]) -> Iterator[tuple[Event, Claim]]:
    """Each event with everybody who names its handle now."""
    handles = {event.data["handle_id"] for event in events}
    claims: dict[int, list[Claim]] = defaultdict(list)
    for claim in _with_handle(Claim.objects.open().filter(handle__in=handles)):
        claims[claim.handle_id].append(claim)
    for event in events:
        for claim in claims[event.data["handle_id"]]:
            yield event, claim


def _of_claim(events: Sequence[Event]) -> Iterator[Told]:
    """To the member of the claim that each event is about, over by now or not."""
    subjects = {event.subject_id for event in events if event.subject_id}
    claims = {claim.pk: claim for claim in _with_handle(Claim.objects.filter(pk__in=subjects))}
    for event in events:
        if event.subject_id in claims:
            yield _told(event, claims[event.subject_id])


def _with_handle(claims: ClaimQuerySet) -> ClaimQuerySet:
    return claims.select_related("handle", "member").order_by("pk")


def _told(event: Event, claim: Claim, *, url: str = "", **more: Plain) -> Told:
    handle = claim.handle
    return Told(
        event=event,
        member_id=claim.member_id,
        thread=f"handle:{handle.pk}",
        url=url or reverse("ratings:handles"),
        params={"handle": handle.shown, "platform": platform_name(claim.platform), **more},
    )
