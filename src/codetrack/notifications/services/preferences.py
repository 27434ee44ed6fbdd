"""How a member wants to be told: by which channel, how often, when, and of what no more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import time

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from codetrack.accounts.models import User
from codetrack.core import events, limits, notices
from codetrack.core.errors import Problem
from codetrack.notifications import channels
from codetrack.notifications.events import (
    AddressUnblocked,
    PreferenceSet,
    ScheduleSet,
    ThreadMuted,
    ThreadUnmuted,
    Unsubscribed,
)
from codetrack.notifications.models import Blocked, Mute, Preference, Timetable
from codetrack.notifications.services.blocking import block
from codetrack.notifications.services.planning import plan_again

MAIL = "email"
MOST_MUTED = 500


@transaction.atomic
def set_preference(*, member: User, kind: str, channel: str, how: str) -> None:
    """Choose how a channel tells of a kind. Raises Problem for what cannot be chosen."""
    known, there = notices.kinds.get(kind), channels.every().get(channel)
    if known is None or there is None or how not in there.ways:
        raise Problem(_("This cannot be chosen. Load the page again."), code="bad_preference")
    if channel in known.always and how != notices.NOW:
        raise Problem(_("This is always told, because it is about your account."), code="always")
    Preference.objects.update_or_create(
        member=member, kind=kind, channel=channel, defaults={"how": how}
    )
    payload = PreferenceSet(kind=kind, channel=channel, how=how)
    events.record(payload, actor=member, subject=member)


@transaction.atomic
def set_preferences(*, member: User, chosen: Mapping[tuple[str, str], str]) -> None:
    """Choose for several kinds and channels at once: all of it, or nothing."""
    for (kind, channel), how in chosen.items():
        set_preference(member=member, kind=kind, channel=channel, how=how)


@transaction.atomic
def set_timetable(
    *,
    member: User,
    digest_hour: int,
    digest_weekday: int,
    quiet_from: time | None,
    quiet_to: time | None,
) -> None:
    """Choose when digests come and when nothing else does; what waits follows at once.

    Raises Problem (with its field) for an hour or a day that there is not, for half of a span, and
    for a time with an offset: the clock is the member's.
    """
    for field, at in (("quiet_from", quiet_from), ("quiet_to", quiet_to)):
        if at and at.tzinfo:
            raise Problem(_("Give a time of your own clock, without an offset."), field=field)
    if (quiet_from is None) != (quiet_to is None):
        field = "quiet_to" if quiet_to is None else "quiet_from"
        raise Problem(_("Give both ends of the quiet hours, or neither."), field=field)
    row = Timetable(member=member, digest_hour=digest_hour, digest_weekday=digest_weekday)
    row.quiet_from, row.quiet_to = quiet_from, quiet_to
    try:
        row.clean_fields(exclude=["member"])
    except ValidationError as error:
        name, (first, *_rest) = next(iter(error.error_dict.items()))
        raise Problem(first.messages[0], code=first.code or "invalid", field=name) from error
    fields = ["digest_hour", "digest_weekday", "quiet_from", "quiet_to"]
    Timetable.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["member"], update_fields=fields
    )
    plan_again([member.pk])
    events.record(ScheduleSet(), actor=member, subject=member)


@transaction.atomic
def mute(*, member: User, thread: str) -> None:
    """Tell a member no more of a thread. Twice does nothing; raises Problem for far too many."""
    if not thread or len(thread) > 80 or not thread.isprintable():
        raise Problem(_("There is no such thread."), code="bad_thread")
    _row, created = Mute.objects.get_or_create(member=member, thread=thread)
    if not created:
        return
    if Mute.objects.filter(member=member).count() > MOST_MUTED:
        raise Problem(_("You have muted very much. Take some of it back first."), code="too_many")
    events.record(ThreadMuted(thread=thread), actor=member, subject=member)


@transaction.atomic
def unmute(*, member: User, thread: str) -> None:
    """Tell of it again. Twice does nothing."""
    if not thread.isprintable():
        return  # no such thread was muted; with a null in it PostgreSQL would not even look
    if Mute.objects.filter(member=member, thread=thread).delete()[0]:
        events.record(ThreadUnmuted(thread=thread), actor=member, subject=member)


def unblock(*, member: User) -> None:
    """Try the member's address again. Raises TooMany for the sixth time within an hour."""
    limits.take("notifications.unblock", member, times=5, per=3_600)
    with transaction.atomic():
        if Blocked.objects.filter(address=member.email).delete()[0]:
            events.record(AddressUnblocked(member_id=member.pk), actor=member, subject=member)


@transaction.atomic
def unsubscribe(*, member: User | None, address: str, kinds: Iterable[str]) -> None:
    """Mail no more of these kinds, as the link in a mail asks; an address without an account gets
    no mail at all. Twice does nothing, and what is always told stays.
    """
    if member is None:
        block(address=address, why=Blocked.Why.ASKED, error="")
        return
    chosen = [key for key in kinds if key in notices.kinds]
    mine = Preference.objects.filter(member=member, channel=MAIL)
    done = set(mine.filter(how=notices.OFF).values_list("kind", flat=True))
    off = [k for k in chosen if MAIL not in notices.kinds[k].always and k not in done]
    for key in off:
        Preference.objects.update_or_create(
            member=member, kind=key, channel=MAIL, defaults={"how": notices.OFF}
        )
    if off:
        events.record(Unsubscribed(kinds=off), actor=member, subject=member)
