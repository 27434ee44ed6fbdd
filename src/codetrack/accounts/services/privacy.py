"""What a member lets others see: their page, and their place on leaderboards."""

from __future__ import annotations

from django.db import transaction
from django.utils.translation import gettext as _

from codetrack.accounts import events
from codetrack.accounts.models import OnBoards, SeenBy, User
from codetrack.core.errors import Problem
from codetrack.core.events import record

CHOICES = {"seen_by": SeenBy, "on_boards": OnBoards}


@transaction.atomic
def change_privacy(*, member: User, seen_by: str = "", on_boards: str = "") -> None:
    """Writes what is chosen; what is empty stays as it is. Raises Problem for what is no choice.

    Who followed a member and may not see them any more still follows, and is shown nothing.
    """
    chosen = {"seen_by": seen_by, "on_boards": on_boards}
    for field, value in chosen.items():
        if value and value not in CHOICES[field].values:
            raise Problem(_("Choose one of what is offered."), code="bad_choice", field=field)
    row = User.objects.select_for_update(no_key=True).get(pk=member.pk)
    new = {field: value for field, value in chosen.items() if value}
    changed = [field for field, value in new.items() if getattr(row, field) != value]
    for field, value in new.items():
        setattr(member, field, value)
    if not changed:
        return
    member.save(update_fields=changed)
    told = events.PrivacyChanged(fields=changed)
    record(told, actor=member, subject=member, topics=_topics(member, changed))


def _topics(member: User, changed: list[str]) -> list[str]:
    """Whoever listens to the member's page is asked again whether they may."""
    own = [f"account:{member.pk}"]
    return [*own, f"member:{member.pk}"] if "seen_by" in changed else own
