"""What becomes of a delivery: taken up when due, then sent, put off, failed or dropped."""

from __future__ import annotations

from django.db import transaction

from codetrack.core import clock, notices
from codetrack.notifications import queries
from codetrack.notifications.channels import Channel, Dropped
from codetrack.notifications.models import Delivery, Mute, Notice
from codetrack.notifications.services.planning import after_quiet, plan

MOST_TRIES = 60  # of a job that ends without an outcome every time
State = Delivery.State
OPEN = (State.HELD, State.WAITING)
DIGESTS = (notices.DAILY, notices.WEEKLY)


@transaction.atomic
def take_up(*, delivery: int) -> Delivery | None:
    """The delivery if it is to be tried now: nothing joins it any more. None when it is not due,
    or is over.
    """
    rows = Delivery.objects.select_related("member__notice_timetable")
    row = rows.select_for_update(of=("self",)).filter(pk=delivery, state__in=OPEN).first()
    if row is None:
        return None
    if _is_early(row):
        plan(row)
        return None
    row.attempts += 1
    row.state = State.WAITING
    if row.attempts > MOST_TRIES:
        row.state, row.last_error = State.FAILED, "Every try ended without an outcome."
    row.save(update_fields=["attempts", "state", "last_error"])
    return row if row.state == State.WAITING else None


def _is_early(row: Delivery) -> bool:
    """Somebody chose another hour since; or it is late, by a worker that was away or a server that
    had no time, and quiet hours have begun: it waits for their end, too.
    """
    now = clock.now()
    if row.state == State.HELD and row.due_at > now:
        return True
    awake = after_quiet(row, now)
    if awake > now:
        row.due_at = awake
        row.save(update_fields=["due_at"])
    return awake > now


def still_wanted(*, delivery: Delivery, channel: Channel) -> list[Notice]:
    """The notices of a delivery that are to be told by now, the oldest first.

    A digest leaves out what was read in the inbox meanwhile: it is about what one has not seen.
    Raises Dropped when nothing is left.
    """
    rows = _wanted(delivery, channel)
    if not rows:
        raise Dropped("It is not wanted this way any more.")
    if delivery.how in DIGESTS:
        rows = [row for row in rows if row.read_at is None]
    if not rows:
        raise Dropped("All of it was read in the inbox meanwhile.")
    return rows


def _wanted(delivery: Delivery, channel: Channel) -> list[Notice]:
    rows = [row for row in delivery.notices.order_by("pk") if row.kind in notices.kinds]
    member = delivery.member
    if member is None:
        return rows
    if not member.is_active:
        return []
    chosen = queries.choices_of([member.pk])
    muted = set(Mute.objects.filter(member=member).values_list("thread", flat=True))
    return [row for row in rows if _is_wanted(row, channel, chosen, muted)]


def _is_wanted(
    row: Notice, channel: Channel, chosen: dict[tuple[int, str, str], str], muted: set[str]
) -> bool:
    kind = notices.kinds[row.kind]
    if channel.key in kind.always:
        return True
    how = queries.how(kind, channel, chosen, row.member_id or 0)
    return how != notices.OFF and row.thread not in muted


def note_sent(*, delivery: Delivery) -> None:
    _note(delivery, State.SENT)


def note_dropped(*, delivery: Delivery, why: str) -> None:
    _note(delivery, State.DROPPED, why)


def note_failed(*, delivery: Delivery, error: str, final: bool) -> None:
    """It was not taken: for good, or this time."""
    _note(delivery, State.FAILED if final else State.WAITING, error)


def _note(delivery: Delivery, state: Delivery.State, error: str = "") -> None:
    Delivery.objects.filter(pk=delivery.pk, state=State.WAITING).update(
        state=state,
        last_error=error[:1000],
        recipient=delivery.recipient,
        sent_at=clock.now() if state == State.SENT else None,
    )
