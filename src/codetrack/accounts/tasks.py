"""The housekeeping of accounts."""

from __future__ import annotations

from datetime import timedelta

from django.conf import settings
from django.contrib.sessions.backends.db import SessionStore
from django.db import transaction

from codetrack.accounts import people, post, roster, services
from codetrack.accounts.models import Invitation
from codetrack.core import clock, jobs, mail, smtp
from codetrack.core.errors import Unavailable

PATIENCE = timedelta(hours=20)  # with a mail server that does not answer


@jobs.every(hours=24)
@jobs.task()
def clear_sessions() -> None:
    """Delete sessions that are over; nobody is signed in by them."""
    SessionStore.clear_expired()


@jobs.every(hours=24)
@jobs.task()
def forget_rosters() -> None:
    """Delete lists of people, and invitations that came to nothing, after their time."""
    services.forget_rosters()


@jobs.task(atomic=True)
def invite_next(pk: int) -> None:
    """Invite the next part of a list; with its mails written exactly once."""
    services.invite_next(roster_id=pk)


@jobs.task(queue_name="mail", max_attempts=mail.TRIES, backoff=15)
def send_invitation(pk: int) -> None:
    """Hand the mail of one invitation over; a second time only if nobody saw that it went."""
    row = people.unsent(pk)
    if row is None:
        return
    refused = roster.refused([row.email])
    if refused:
        services.note_error(invitation=row, error=refused[row.email], final=True)
    elif settings.MAIL_URL:
        _hand_over(row)
    else:
        with transaction.atomic():
            post.message(row).send()  # into the outbox, for the admin to pass on
            services.note_sent(invitation=row)


def _hand_over(row: Invitation) -> None:
    try:
        mail.hand_over(post.message(row))
    except smtp.Refused as error:
        services.note_error(invitation=row, error=str(error), final=True)
        if any(answer.says_unknown for answer in error.answers.values()):
            roster.note_unknown(row.email, str(error))
    except smtp.NotNow as error:
        given_up = clock.now() > row.asked_at + PATIENCE
        services.note_error(invitation=row, error=str(error), final=given_up)
        if not given_up:
            raise Unavailable(str(error)) from error
    else:
        services.note_sent(invitation=row)
