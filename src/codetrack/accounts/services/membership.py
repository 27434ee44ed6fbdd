"""Joining, asking, approving and leaving: one current institute a member."""

from __future__ import annotations

from contextlib import suppress

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from codetrack.accounts import events, people, permissions, queries
from codetrack.accounts.models import Institute, Invitation, Membership, User
from codetrack.accounts.services.privacy import change_privacy
from codetrack.core import clock, limits
from codetrack.core.errors import Conflict, Problem
from codetrack.core.events import record

State = Membership.State
Way = Membership.Way


@transaction.atomic
def join_by_link(*, member: User, invitation: str, on_boards: str = "") -> Membership:
    """Joins the institute whose invitation link was opened. Already in it: nothing changes.

    Whom an admin of it declined or removed only asks. `on_boards` is what the member chose there.
    """
    institute = queries.institute_of_invitation(invitation)
    if institute is None:
        raise Problem(
            _("This invitation link is no longer valid. Ask for a new one."), code="bad_invitation"
        )
    change_privacy(member=member, on_boards=on_boards)
    return _enter(member, institute, Way.LINK)


@transaction.atomic
def request_membership(*, member: User, institute: Institute, on_boards: str = "") -> Membership:
    """Asks to be let in. A confirmed address of the institute's domain is in at once."""
    change_privacy(member=member, on_boards=on_boards)
    addresses = queries.confirmed_addresses(member)
    if any(queries.institute_of_address(address) == institute for address in addresses):
        return _enter(member, institute, Way.DOMAIN)
    return _ask(member, institute)


@transaction.atomic
def approve(*, membership: Membership, by: User) -> Membership:
    """Lets in who asked."""
    row = _locked(membership)
    permissions.demand(permissions.may_manage(by, row.institute))
    if row.state != State.REQUESTED:
        raise Conflict(_("This request was answered already."), code="already_answered")
    return _start(row.member, row.institute, Way.REQUEST, by=by)


@transaction.atomic
def decline(*, membership: Membership, by: User) -> None:
    """Turns a request down, or takes one's own back, which leaves no trace against oneself."""
    row = _locked(membership)
    permissions.demand(by == row.member or permissions.may_manage(by, row.institute))
    if row.state not in Membership.WAITING:
        raise Conflict(_("This request was answered already."), code="already_answered")
    row.state = State.ENDED if by.pk == row.member_id else State.DECLINED
    row.ended_at = clock.now()
    row.save(update_fields=["state", "ended_at"])
    if row.state == State.DECLINED:
        _take_back_invitations(row)
    payload = events.MembershipDeclined(institute_id=row.institute_id, member_id=row.member_id)
    record(payload, actor=by, subject=row.institute, topics=_topics_of_request(row))


@transaction.atomic
def leave(*, member: User) -> None:
    """Ends one's own membership; the last admin of an institute with members hands over first."""
    row = Membership.objects.current().filter(member=member).first()
    if row is None:
        raise Conflict(_("You belong to no institute."), code="no_membership")
    _end(_locked(row), by=member)


@transaction.atomic
def remove(*, membership: Membership, by: User) -> None:
    """Ends somebody's membership for them."""
    row = _locked(membership)
    permissions.demand(permissions.may_manage(by, row.institute))
    _end(row, by=by)


def check_other_admin(row: Membership) -> None:
    """An institute with members keeps at least one admin."""
    if row == queries.only_admin_of(row.institute_id):
        raise Conflict(
            _("%(institute)s needs an admin. Make another member admin first.")
            % {"institute": row.institute},
            code="last_admin",
        )


def settle(member: User, email: str) -> Membership | None:
    """Lets a member in where they were invited, or where the domain of `email` belongs."""
    if member.current_membership():
        return None
    invited = member.memberships.filter(state=State.INVITED).select_related("institute").first()
    if invited:
        return _start(member, invited.institute, Way.LINK)
    for invitation in people.invitations_for(member):
        with suppress(Conflict):  # withdrawn a moment ago
            return start_invited(member=member, invitation=invitation)
    institute = queries.institute_of_address(email)
    return _enter(member, institute, Way.DOMAIN) if institute else None


def start_invited(*, member: User, invitation: Invitation) -> Membership:
    """Lets in who holds the link of an invitation, or the address that it was sent to.

    Raises Conflict unless it is still open: then it is held, and cannot be withdrawn meanwhile.
    """
    _hold(member.pk)
    if not Invitation.objects.open().filter(pk=invitation.pk).update(member=member):
        text = _("This invitation is no longer valid. Ask for a new one.")
        raise Conflict(text, code="invitation_over")
    return _start(member, invitation.institute, Way.MAIL)


def _enter(member: User, institute: Institute, way: Membership.Way) -> Membership:
    """Begins a membership without an admin, unless an admin said no the last time."""
    if queries.was_refused(member, institute):
        return _ask(member, institute)
    return _start(member, institute, way)


def _ask(member: User, institute: Institute) -> Membership:
    _check_free(member, institute)
    row, created = Membership.objects.waiting().get_or_create(
        member=member,
        institute=institute,
        defaults={"state": State.REQUESTED, "way": Way.REQUEST},
    )
    if created:
        # Each time all admins get a mail. What is rolled back sent none, so it need not count.
        limits.take("accounts.ask", member, times=10, per=3_600)
        asked = events.MembershipRequested(institute_id=institute.pk, member_id=member.pk)
        record(asked, actor=member, subject=institute, topics=_topics_of_request(row))
    return row


def _start(
    member: User, institute: Institute, way: Membership.Way, by: User | None = None
) -> Membership:
    """The one place where a membership begins."""
    _hold(member.pk)
    current = member.current_membership()
    if current and current.institute_id == institute.pk:
        return current
    _check_free(member, institute)
    row = member.memberships.waiting().filter(institute=institute).first()
    row = row or Membership(member=member, institute=institute)
    row.state, row.way, row.joined_at = State.CURRENT, way, clock.now()
    invitation = _use_invitation(row)
    row.save()
    elsewhere = member.memberships.waiting().exclude(pk=row.pk)
    elsewhere.update(state=State.ENDED, ended_at=clock.now())
    payload = events.MembershipStarted(
        institute_id=institute.pk,
        member_id=member.pk,
        way=str(row.way),
        invitation_id=invitation.pk if invitation else None,
    )
    record(payload, actor=by or member, subject=institute, topics=_topics(row))
    return row


def _use_invitation(row: Membership) -> Invitation | None:
    """Whichever way they come in: what an admin's invitation says of them holds.

    It makes an admin only while whoever sent it looks after the institute.
    """
    sent = people.invitations_for(row.member)
    found = next((one for one in sent if one.institute_id == row.institute_id), None)
    if found is None:
        return None
    accepted = Invitation.objects.open().filter(pk=found.pk)
    if not accepted.update(state=Invitation.State.ACCEPTED, member=row.member):
        return None  # withdrawn a moment ago
    row.batch = found.batch or row.batch
    if found.is_admin and found.by is not None:
        row.is_admin = permissions.may_manage(found.by, row.institute)
    if row.way != Way.REQUEST:
        row.way = Way.MAIL
    return found


def _take_back_invitations(row: Membership) -> None:
    """The last word of an admin on this member is no."""
    mine = Q(email__in=queries.confirmed_addresses(row.member)) | Q(member=row.member)
    sent = Invitation.objects.waiting().filter(mine, institute=row.institute)
    sent.update(state=Invitation.State.WITHDRAWN)


def _check_free(member: User, institute: Institute) -> None:
    current = member.current_membership()
    if current is None:
        return
    if current.institute_id == institute.pk:
        text = _("You are a member of %(institute)s already.")
    else:
        text = _("You are a member of %(institute)s. Leave it before you join another institute.")
    raise Conflict(text % {"institute": current.institute}, code="has_institute")


def _end(row: Membership, *, by: User) -> None:
    if row.state != State.CURRENT:
        raise Conflict(_("This membership has ended already."), code="already_ended")
    check_other_admin(row)
    row.state = State.ENDED if by.pk == row.member_id else State.REMOVED
    row.ended_at, row.is_admin = clock.now(), False
    row.save(update_fields=["state", "ended_at", "is_admin"])
    if row.state == State.REMOVED:
        _take_back_invitations(row)
    payload = events.MembershipEnded(institute_id=row.institute_id, member_id=row.member_id)
    record(payload, actor=by, subject=row.institute, topics=_topics(row))


def _locked(membership: Membership) -> Membership:
    """The row as it is now, held until the end of the transaction.

    Its member is held first, as everywhere, so that nobody waits in a circle; its institute too,
    so that two admins cannot both leave as "not the last one".
    """
    _hold(membership.member_id)
    institute = Institute.objects.select_for_update(no_key=True).get(pk=membership.institute_id)
    row = Membership.objects.select_for_update().get(pk=membership.pk)
    row.institute = institute
    return row


def _hold(member_id: int) -> None:
    """Lets the memberships of one member change one after the other."""
    User.objects.select_for_update(no_key=True).get(pk=member_id)


def _topics_of_request(row: Membership) -> list[str]:
    return [f"admins:{row.institute_id}", f"account:{row.member_id}"]


def _topics(row: Membership) -> list[str]:
    return [f"institute:{row.institute_id}", f"member:{row.member_id}"]
