"""What becomes of one invitation: accepted, withdrawn, sent and sent again."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from codetrack.accounts import events, permissions, roster
from codetrack.accounts.models import Invitation, Membership, User
from codetrack.accounts.services.membership import start_invited
from codetrack.accounts.services.privacy import change_privacy
from codetrack.accounts.services.rosters import GOOD_FOR, ask_by_mail, check_allowance, hold
from codetrack.core import clock, limits
from codetrack.core.errors import Conflict
from codetrack.core.events import record

State = Invitation.State


def come_by_mail(*, member: User, invitation: Invitation) -> None:
    """A new account is made by the link of an invitation: it is kept for it, with the name."""
    member.name = member.name or invitation.name
    member.save(update_fields=["name"])
    Invitation.objects.open().filter(pk=invitation.pk).update(member=member)


@transaction.atomic
def accept_invitation(*, member: User, invitation: Invitation, on_boards: str = "") -> Membership:
    """Joins as the invitation says. Who holds its link, or its address, may; a second time in the
    same institute changes nothing.

    Raises Conflict when it is withdrawn, expired or used up, and while the member belongs
    elsewhere.
    """
    current = member.current_membership()
    if current and current.institute_id == invitation.institute_id:
        return current
    change_privacy(member=member, on_boards=on_boards)
    return start_invited(member=member, invitation=invitation)


@transaction.atomic
def withdraw_invitation(*, invitation: Invitation, by: User) -> None:
    """Its link stops working. Twice does nothing; raises Conflict once it is accepted."""
    row = _locked(invitation, by)
    if row.state == State.ACCEPTED:
        raise Conflict(_("%s has accepted already.") % row.email, code="already_accepted")
    if row.state == State.WITHDRAWN:
        return
    row.state = State.WITHDRAWN
    row.save(update_fields=["state"])
    withdrawn = events.InvitationWithdrawn(institute_id=row.institute_id, invitation_id=row.pk)
    record(withdrawn, actor=by, subject=row.institute, topics=[f"admins:{row.institute_id}"])


def send_again(*, invitation: Invitation, by: User) -> None:
    """The same link once more, good for another 60 days.

    Raises Conflict for one that is not open, and TooMany for the fourth within a day.
    """
    permissions.demand(permissions.may_manage(by, invitation.institute))
    limits.take("accounts.invitation", invitation, times=3, per=86_400)
    with transaction.atomic():
        hold(invitation.institute)
        row = _locked(invitation, by)
        if row.state != State.OPEN:
            raise Conflict(_("This invitation is not open any more."), code="invitation_over")
        refused = roster.refused([row.email])
        if refused:
            text = _("%(address)s gets no mail from here: %(why)s.")
            why = {"address": row.email, "why": refused[row.email]}
            raise Conflict(text % why, code="address_refused")
        check_allowance(row.institute, 1)
        row.asked_at, row.sent_at, row.error, row.failed = clock.now(), None, "", False
        row.expires_at, row.mails, row.by = clock.now() + GOOD_FOR, row.mails + 1, by
        row.save()
        renewed = events.InvitationRenewed(institute_id=row.institute_id, invitation_id=row.pk)
        record(renewed, actor=by, subject=row.institute, topics=[f"admins:{row.institute_id}"])
        ask_by_mail([row.pk])


def note_sent(*, invitation: Invitation) -> None:
    """The mail server, or the outbox where there is none, has taken the mail."""
    mine = Invitation.objects.filter(pk=invitation.pk, mails=invitation.mails)
    mine.update(sent_at=clock.now(), error="", failed=False)


def note_error(*, invitation: Invitation, error: str, final: bool) -> None:
    """It was not taken this time; or never will be, came back, or its address wants no mail."""
    mine = Invitation.objects.filter(pk=invitation.pk, mails=invitation.mails)
    mine.update(error=error[:300], failed=final)


def _locked(invitation: Invitation, by: User) -> Invitation:
    rows = Invitation.objects.select_related("institute").select_for_update(of=("self",))
    row = rows.get(pk=invitation.pk)
    permissions.demand(permissions.may_manage(by, row.institute))
    return row
