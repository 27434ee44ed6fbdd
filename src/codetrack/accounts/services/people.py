"""What an admin sets of one membership besides its role."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from codetrack.accounts import events, permissions
from codetrack.accounts.models import Membership, User
from codetrack.accounts.services.membership import remove
from codetrack.core.errors import Conflict, Problem
from codetrack.core.events import record

LONGEST = 40


def remove_other(*, membership: Membership, by: User) -> None:
    """Ends the membership of somebody else; one leaves by oneself on the page of the institute."""
    if membership.member_id == by.pk:
        text = _("That is you. To leave, use the page of the institute.")
        raise Conflict(text, code="not_possible")
    remove(membership=membership, by=by)


@transaction.atomic
def set_batch(*, membership: Membership, batch: str, by: User) -> None:
    """The year or group of a member; "" for none. The same again changes nothing."""
    batch = " ".join(batch.split())
    if len(batch) > LONGEST or not batch.isprintable():
        text = _("A batch has at most %d letters.") % LONGEST
        raise Problem(text, code="bad_batch", field="batch")
    row = Membership.objects.select_for_update().get(pk=membership.pk)
    permissions.demand(permissions.may_manage(by, membership.institute))
    if row.state != Membership.State.CURRENT:
        raise Conflict(_("This membership has ended already."), code="already_ended")
    if row.batch == batch:
        return
    row.batch = batch
    row.save(update_fields=["batch"])
    changed = events.BatchSet(institute_id=row.institute_id, member_id=row.member_id)
    topics = [f"institute:{row.institute_id}", f"member:{row.member_id}"]
    record(changed, actor=by, subject=membership.institute, topics=topics)
