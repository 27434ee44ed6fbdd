"""Naming an account, letting go of it, and asking for it to be read now."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from codetrack.accounts.models import User
from codetrack.core import clock, events, jobs, limits
from codetrack.core.errors import Conflict, Problem
from codetrack.ratings import permissions
from codetrack.ratings.adapters import adapter, parse_handle
from codetrack.ratings.events import HandleLinked, HandleUnlinked, RefreshAsked
from codetrack.ratings.models import Claim, Handle
from codetrack.ratings.services.audience import topics_of

SOON = 50  # priority: a member is waiting
PATIENCE = timedelta(minutes=10)  # a reading asked for longer ago than this may be asked for again


def link_handle(*, member: User, platform: str, text: str) -> Claim:
    """Let `member` name the account in `text`: bare, `@handle`, or a link to the profile.

    The platform is not asked here: whether it knows the account is found by the first reading.
    Naming the same one twice gives the same claim. Raises `Problem` (field `text`) for what can
    be no handle, `Conflict` while another handle of that platform is linked, and `TooMany` for the
    eleventh within ten minutes.
    """
    shown = parse_handle(adapter(platform), text)
    limits.take("ratings.link", member, times=10, per=600)
    with transaction.atomic():
        _take_turns(member)
        claim = _open_claim(member, platform)
        if claim is not None:
            return _same_or_conflict(claim, shown)
        return _begin(member, _handle(platform, shown))


@transaction.atomic
def link_listed(*, member: User, platform: str, text: str) -> Claim | None:
    """Let `member` name the account that a list of their institute gives them, unproven.

    None, and nothing changes, where they name one on that platform already, where another member
    has proven it, and for what can be no handle.
    """
    try:
        shown = parse_handle(adapter(platform), text)
    except Problem:
        return None
    proven = Claim.objects.verified().filter(platform=platform, handle__canonical=shown.lower())
    _take_turns(member)
    if _open_claim(member, platform) is not None or proven.exists():
        return None
    return _begin(member, _handle(platform, shown))


def change_handle(*, claim: Claim, text: str, by: User) -> Claim:
    """Name another account instead; returns the new claim, which is not proven.

    What was read of the earlier account stays with it. The same account again, and a second
    submit of the same change, give the claim that is there. Raises what `link_handle` raises.
    """
    permissions.require_owner(by, claim)
    shown = parse_handle(adapter(claim.platform), text)
    limits.take("ratings.link", by, times=10, per=600)
    with transaction.atomic():
        _take_turns(by)
        # The account before the claim, as where two rows of one account are joined.
        handle = _handle(claim.platform, shown)
        now = _open_claim(by, claim.platform)
        if now is not None and now.handle.canonical == shown.lower():
            return now
        if now is None or now != claim:
            raise Conflict(_("This handle is not linked any more."), code="claim_ended")
        _end(now, by)
        return _begin(by, handle)


def unlink_handle(*, claim: Claim, by: User) -> None:
    """End a claim; the account's history stays with the account. Twice does nothing."""
    permissions.require_owner(by, claim)
    with transaction.atomic():
        claim = Claim.objects.select_for_update().get(pk=claim.pk)
        if claim.ended_at is None:
            _end(claim, by)


def request_refresh(*, handle: Handle, by: User) -> None:
    """Have an account read before its time. Asking again while it waits does nothing.

    Raises `TooMany` for more than six within a minute.
    """
    permissions.require_named(by, handle)
    limits.take("ratings.refresh", by, times=6, per=60)
    with transaction.atomic():
        row = Handle.objects.select_for_update().filter(pk=handle.pk).first()
        if row is None:
            return  # just read, and found to be one with another
        if row.asked_at is not None and row.asked_at > clock.now() - PATIENCE:
            return
        ask_reading(row)
        asked, topics = RefreshAsked(handle_id=row.pk), [f"account:{by.pk}"]
        events.record(asked, actor=by, subject=row, topics=topics)


def ask_reading(handle: Handle) -> None:
    """Put one account before the scheduled ones; at most one such job waits."""
    handle.asked_at = clock.now()
    # Should that job fail for good, the plan finds the account.
    handle.next_sync_at = handle.next_sync_at or handle.asked_at + PATIENCE
    handle.save(update_fields=["asked_at", "next_sync_at"])
    jobs.later(
        "ratings.sync_handles",
        handle.platform,
        [handle.pk],
        key=handle.reading_key,
        priority=SOON,
    )


def end_claim(claim: Claim, end: Claim.End) -> None:
    claim.ended_at, claim.end = clock.now(), end
    claim.save(update_fields=["ended_at", "end"])


def _take_turns(member: User) -> None:
    """A second submit waits here until the first one is done."""
    User.objects.select_for_update().get(pk=member.pk)


def _open_claim(member: User, platform: str) -> Claim | None:
    """What a member names there now, locked. It may have moved to another row meanwhile: see
    `bulk.lock`.
    """
    claims = Claim.objects.open().filter(member=member, platform=platform)
    return claims.select_for_update().prefetch_related("handle").first()


def _begin(member: User, handle: Handle) -> Claim:
    claim = Claim.objects.create(
        member=member, platform=handle.platform, handle=handle, created_at=clock.now()
    )
    linked = HandleLinked(handle_id=handle.pk, platform=handle.platform)
    events.record(linked, actor=member, subject=claim, topics=topics_of(claim))
    if handle.fresh_at is None or handle.state != Handle.State.OK:
        ask_reading(handle)
    return claim


def _end(claim: Claim, by: User) -> None:
    end_claim(claim, Claim.End.UNLINKED)
    unlinked = HandleUnlinked(
        handle_id=claim.handle_id,
        platform=claim.platform,
        was_verified=claim.verified_at is not None,
    )
    events.record(unlinked, actor=by, subject=claim, topics=topics_of(claim))


def _same_or_conflict(claim: Claim, shown: str) -> Claim:
    if claim.handle.canonical == shown.lower():
        return claim
    raise Conflict(
        _("You have linked %(handle)s already. Change it, or unlink it first.")
        % {"handle": claim.handle.shown},
        code="already_linked",
        field="text",
    )


def _handle(platform: str, shown: str) -> Handle:
    """The one row of an account, locked; two members may name it at the same moment."""
    named = Handle.objects.filter(platform=platform, canonical=shown.lower())
    row = None
    while row is None:  # again where it was found to be renamed while we waited for it
        new = Handle(platform=platform, canonical=shown.lower(), shown=shown, state_at=clock.now())
        Handle.objects.bulk_create([new], ignore_conflicts=True)
        row = named.select_for_update().first()
    return row
