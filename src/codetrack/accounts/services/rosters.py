"""Lists of people: read for a look, then invited a part at a time, so that a kill loses nothing."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from codetrack.accounts import events, lines, people, permissions, roster, sheets
from codetrack.accounts.models import Institute, Invitation, Outcome, Roster, RosterLine, User
from codetrack.core import clock, jobs, limits
from codetrack.core.errors import Conflict, Missing, TooMany
from codetrack.core.events import record

PART = 200  # lines of one job
GOOD_FOR = timedelta(days=60)
BEHIND = -20  # priority: who signs up or is told something goes first
KEPT = timedelta(days=30)  # lists
REMEMBERED = timedelta(days=180)  # invitations that came to nothing


def read_roster(*, institute: Institute, raw: bytes, title: str, by: User) -> Roster:
    """Keep a list as it was understood, with what would become of each line. Nothing is sent.

    Raises Problem for what is no list of people, and TooMany for the 31st within ten minutes.
    """
    permissions.demand(permissions.may_manage(by, institute))
    limits.take("accounts.roster", by, times=30, per=600)
    columns = roster.columns()
    found, words = lines.understood(sheets.read(raw), columns)
    known = people.known(institute, found)
    taken: dict[tuple[str, str], int] = {}
    for line in found:
        lines.decide(line, known, columns, taken)
    with transaction.atomic():
        row = Roster.objects.create(institute=institute, by=by, title=title[:120], words=words)
        for line in found:
            line.roster = row
        RosterLine.objects.bulk_create(found, batch_size=1_000)
        read = events.RosterRead(institute_id=institute.pk, roster_id=row.pk, lines=len(found))
        record(read, actor=by, subject=institute, topics=[f"admins:{institute.pk}"])
    return row


@transaction.atomic
def invite_roster(*, row: Roster, by: User) -> None:
    """Begin to invite everybody in a list who can be. Twice does nothing.

    Raises TooMany when the institute would send more in a day than this site lets it.
    """
    hold(row.institute)
    row = _locked(row.pk)
    permissions.demand(permissions.may_manage(by, row.institute))
    if row.state in {Roster.State.INVITING, Roster.State.DONE}:
        return
    if row.state != Roster.State.DRAFT:
        raise Conflict(_("This list was cancelled. Hand it in again."), code="roster_cancelled")
    report = people.report_of(row)
    check_allowance(row.institute, report.to_mail)
    row.state, row.by = Roster.State.INVITING, by
    row.save(update_fields=["state", "by"])
    invited = events.PeopleInvited(
        institute_id=row.institute_id, roster_id=row.pk, count=report.to_mail
    )
    record(invited, actor=by, subject=row.institute, topics=[f"admins:{row.institute_id}"])
    _go_on(row)


@transaction.atomic
def invite_next(*, roster_id: int) -> None:
    """Invite the next part of a list, by what is known now, and have the rest invited later."""
    row = _locked(roster_id)
    if row.state != Roster.State.INVITING:
        return
    if row.by is None or not permissions.may_manage(row.by, row.institute):
        _stop(row)  # who sent it looks after nobody here any more
        return
    part = list(row.lines.to_do().order_by("number")[:PART])
    _invite(row, part)
    if len(part) == PART:
        _go_on(row)
    else:
        row.state = Roster.State.DONE
        row.save(update_fields=["state"])


@transaction.atomic
def cancel_roster(*, row: Roster, by: User) -> int:
    """Invite nobody more of a list, and withdraw what is not sent; gives how many were not."""
    row = _locked(row.pk)
    permissions.demand(permissions.may_manage(by, row.institute))
    if row.state == Roster.State.CANCELLED:
        return 0
    waited = row.lines.to_do().count() if row.state == Roster.State.INVITING else 0
    withdrawn = _stop(row)
    cancelled = events.RosterCancelled(
        institute_id=row.institute_id, roster_id=row.pk, count=waited + withdrawn
    )
    record(cancelled, actor=by, subject=row.institute, topics=[f"admins:{row.institute_id}"])
    return waited + withdrawn


def forget_rosters() -> int:
    """Delete lists and invitations that nobody needs any more; gives how many lists."""
    now = clock.now()
    over = Invitation.objects.filter(expires_at__lt=now - REMEMBERED)
    over.delete()
    return Roster.objects.filter(created_at__lt=now - KEPT).delete()[0]


def ask_by_mail(pks: Sequence[int]) -> None:
    """Have the mails of these invitations sent, after everything that somebody waits for."""
    for pk in pks:
        jobs.later("accounts.send_invitation", pk, key=f"invitation:{pk}", priority=BEHIND)


def hold(institute: Institute) -> None:
    """Lets what an institute sends be counted one after the other; held before anything of it."""
    Institute.objects.select_for_update(no_key=True).get(pk=institute.pk)


def check_allowance(institute: Institute, wanted: int) -> None:
    """Raises TooMany when so many more mails are more than this site lets an institute send.

    The institute is held: two lists at once are not each counted as if there were no other.
    """
    left = people.allowance(institute)
    if wanted <= left:
        return
    text = _(
        "Today %(left)d more invitations can be sent, and these are %(wanted)d. Send the rest "
        "tomorrow, or ask the admin of this server for more."
    )
    raise TooMany(text % {"left": left, "wanted": wanted}, retry_after=people.DAY.total_seconds())


def _locked(pk: int) -> Roster:
    """Raises Missing for a list that was forgotten meanwhile."""
    rows = Roster.objects.select_related("institute", "by").filter(pk=pk)
    if row := rows.select_for_update(of=("self",)).first():
        return row
    raise Missing


def _go_on(row: Roster) -> None:
    jobs.later("accounts.invite_next", row.pk, key=f"accounts:roster:{row.pk}", priority=BEHIND)


def _stop(row: Roster) -> int:
    row.state = Roster.State.CANCELLED
    row.save(update_fields=["state"])
    unsent = row.invitations.filter(state=Invitation.State.OPEN, sent_at=None)
    return unsent.update(state=Invitation.State.WITHDRAWN)


def _invite(row: Roster, part: Sequence[RosterLine]) -> None:
    """Write the invitations of these lines and have their mails sent."""
    columns, known = roster.columns(), people.known(row.institute, part)
    for line in part:
        lines.decide(line, known, columns)
        line.done = True
    new = [line for line in part if line.outcome in {Outcome.INVITE, Outcome.ASK}]
    _end_expired(known.invitations, new)
    rows = [_invitation(row, line) for line in new]
    Invitation.objects.bulk_create(rows, ignore_conflicts=True)  # another list may be faster
    mine = Invitation.objects.waiting().filter(roster=row, email__in=[one.email for one in rows])
    ask_by_mail(list(mine.filter(sent_at=None).values_list("pk", flat=True)))
    _update(row, [line for line in part if line.outcome == Outcome.UPDATE], known.invitations)
    fields = ["outcome", "trouble", "detail", "extras", "done"]
    RosterLine.objects.bulk_update(part, fields)


def _invitation(row: Roster, line: RosterLine) -> Invitation:
    now = clock.now()
    return Invitation(
        institute_id=row.institute_id,
        email=line.email,
        name=line.name,
        batch=line.batch,
        is_admin=line.is_admin,
        extras=line.extras,
        by=row.by,
        roster=row,
        expires_at=now + GOOD_FOR,
        asked_at=now,
    )


def _end_expired(waiting: Mapping[str, Invitation], new: Sequence[RosterLine]) -> None:
    """One that came too late makes room for its successor."""
    late = [waiting[line.email].pk for line in new if line.email in waiting]
    Invitation.objects.waiting().filter(pk__in=late).update(state=Invitation.State.WITHDRAWN)


def _update(row: Roster, part: Sequence[RosterLine], waiting: Mapping[str, Invitation]) -> None:
    """What the list says now holds for invitations that are open; no mail is sent again."""
    fields = ["name", "batch", "is_admin", "extras"]
    rows = []
    for line in part:
        invitation = waiting[line.email]
        invitation.by = row.by  # who says so now: whoever did before may be no admin any more
        for field in fields:
            setattr(invitation, field, getattr(line, field))
        rows.append(invitation)
    Invitation.objects.bulk_update(rows, [*fields, "by"])
