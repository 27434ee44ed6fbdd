"""What becomes of one account: made, confirmed, changed, signed out elsewhere."""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from codetrack.accounts import countries, events, permissions, queries, zones
from codetrack.accounts.models import Membership, User
from codetrack.accounts.services.membership import settle
from codetrack.accounts.services.privacy import change_privacy
from codetrack.core.errors import Problem
from codetrack.core.events import record


@transaction.atomic
def register(*, member: User, time_zone: str, invitation: str, on_boards: str = "") -> None:
    """Completes a new account; `on_boards` is what was chosen by who was invited.

    An invitation is kept with the account until the address is confirmed, so that it holds
    whichever browser opens the mail. While no mail server is set it holds at once.
    """
    institute = queries.institute_of_invitation(invitation)
    permissions.demand(
        permissions.may_sign_up(invited=institute is not None),
        _("New accounts need an invitation. Ask your club for its link."),
    )
    member.time_zone = zones.known(time_zone)
    member.save(update_fields=["time_zone"])
    member.put_in_search()
    if institute:
        Membership.objects.create(
            member=member,
            institute=institute,
            state=Membership.State.INVITED,
            way=Membership.Way.LINK,
        )
    created = events.AccountCreated(invited_to=institute.pk if institute else None)
    record(created, actor=member, subject=member, topics=[f"account:{member.pk}"])
    change_privacy(member=member, on_boards=on_boards)
    if institute and not settings.MAIL_URL:
        settle(member, member.email)


@transaction.atomic
def confirm_address(*, member: User, email: str, on_boards: str = "") -> Membership | None:
    """The address is theirs: they join the institute that invited them or takes in its domain.

    `on_boards` is what they chose when they were told so.
    """
    confirmed = events.AddressConfirmed()
    record(confirmed, actor=member, subject=member, topics=[f"account:{member.pk}"])
    change_privacy(member=member, on_boards=on_boards)
    return settle(member, email)


@transaction.atomic
def update_profile(
    *, member: User, name: str, username: str, about: str, time_zone: str, country: str = ""
) -> None:
    """What others see of a member, and the zone their times are shown in. No country: not said."""
    name = " ".join(name.split())  # it stands in mails: lines of its own would look like ours
    zone, country = zones.canonical(time_zone), countries.known(country)
    _change(member, name=name, username=username, about=about, time_zone=zone, country=country)


@transaction.atomic
def set_time_zone(*, member: User, time_zone: str) -> None:
    """The zone in which this member reads times."""
    _change(member, time_zone=zones.canonical(time_zone))


@transaction.atomic
def end_sessions(*, member: User, sessions: Iterable[int]) -> int:
    """Signs `member` out of these sessions of theirs; gives how many there were."""
    from allauth.usersessions.models import UserSession

    rows = list(UserSession.objects.filter(user=member, pk__in=sessions))
    for row in rows:
        row.end()
    if rows:
        payload = events.SessionsEnded(count=len(rows))
        record(payload, actor=member, subject=member, topics=[f"account:{member.pk}"])
    return len(rows)


def _change(member: User, **new: str) -> None:
    """Writes what is different; nothing of it when one value cannot be used."""
    changed = [field for field, value in new.items() if getattr(member, field) != value]
    if not changed:
        return
    draft = copy(member)
    for field in changed:
        setattr(draft, field, new[field])
    _save(draft, changed)
    for field in changed:
        setattr(member, field, new[field])
    member.put_in_search()
    payload = events.ProfileChanged(fields=changed)
    record(payload, actor=member, subject=member, topics=[f"member:{member.pk}"])


def _save(draft: User, changed: list[str]) -> None:
    others = [field.name for field in User._meta.fields if field.name not in changed]
    try:
        draft.clean_fields(exclude=others)
        with transaction.atomic():
            draft.save(update_fields=changed)
    except ValidationError as error:
        field, (first, *_rest) = next(iter(error.error_dict.items()))
        text = first.messages[0]
        raise Problem(text, code=first.code or "invalid", field=field) from error
    except IntegrityError as error:
        text = _("Somebody already has this username.")
        raise Problem(text, code="username_taken", field="username") from error
