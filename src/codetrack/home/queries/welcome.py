"""The way from a new account to a proven rating in four steps, and to others in a fifth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from codetrack.accounts import queries as accounts
from codetrack.accounts.models import Membership, User
from codetrack.platforms.registry import all_platforms
from codetrack.ratings.models import Claim

FOLLOWED = 2  # members; with them a feed has something to tell


class Stage(StrEnum):
    DONE = "done"
    WAITING = "waiting"
    TODO = "todo"


@dataclass(frozen=True)
class Step:
    """One step: what it is for, or what came of it, and where it is taken."""

    title: str
    text: str
    stage: Stage
    url: str = ""
    action: str = ""
    extra: bool = False  # nobody is led back to it

    @property
    def done(self) -> bool:
        return self.stage == Stage.DONE


def steps(member: User, claims: Sequence[Claim], membership: Membership | None) -> tuple[Step, ...]:
    """All of them, with how far the member has come; `claims` are those that are open now."""
    return (
        _address(member),
        _institute(member, membership),
        _link(claims),
        _prove(claims),
        _follow(member),
    )


def left(way: Sequence[Step]) -> list[Step]:
    """The steps that the member can take now or later; what waits for others is not among them."""
    return [step for step in way if step.stage == Stage.TODO and not step.extra]


def _address(member: User) -> Step:
    title = _("Confirm your address")
    if member.email in accounts.confirmed_addresses(member):
        return Step(title, _("%(email)s is confirmed.") % {"email": member.email}, Stage.DONE)
    if not settings.MAIL_URL and not settings.DEMO:
        text = _("This club sends no mail yet; you will be asked once it does.")
        return Step(title, text, Stage.WAITING)
    text = _("Open the link that we sent to %(email)s.") % {"email": member.email}
    return Step(title, text, Stage.TODO, reverse("account_email"), _("Send it again"))


def _institute(member: User, membership: Membership | None) -> Step:
    title = _("Join your institute")
    if membership:
        text = _("You are a member of %(name)s.") % {"name": membership.institute}
        return Step(title, text, Stage.DONE)
    find = reverse("accounts:institutes")
    asked = accounts.requests_of(member).first()
    if asked:
        text = _("%(name)s has been asked and has not answered yet.") % {"name": asked.institute}
        return Step(title, text, Stage.WAITING, find, _("See your request"))
    text = _("Your college, club or school: its members see each other, and share one board.")
    return Step(title, text, Stage.TODO, find, _("Find your institute"))


def _link(claims: Sequence[Claim]) -> Step:
    title = _("Link a handle")
    if claims:
        handles = ", ".join(map(_named, claims))
        return Step(title, _("Linked: %(handles)s.") % {"handles": handles}, Stage.DONE)
    text = _("Name an account of yours on a platform: its rating and contests are read for you.")
    return Step(title, text, Stage.TODO, reverse("ratings:handles"), _("Link a handle"))


def _prove(claims: Sequence[Claim]) -> Step:
    title = _("Prove that it is yours")
    proven = next((claim for claim in claims if claim.verified_at), None)
    if proven:
        text = _("%(handle)s is yours, and counts.") % {"handle": _named(proven)}
        return Step(title, text, Stage.DONE)
    text = _("By a one-time code or a compile error. From then on your rating is on the board.")
    if not claims:
        return Step(title, text, Stage.TODO)
    first = next((claim for claim in claims if not claim.handle.is_unknown), claims[0])
    url = reverse("ratings:proof", args=[first.pk])
    action = _("Prove %(handle)s") % {"handle": first.handle.shown}
    return Step(title, text, Stage.TODO, url, action)


def _follow(member: User) -> Step:
    title = _("Follow two people")
    count = accounts.followees_of(member).count()
    find = reverse("accounts:following")
    if count >= FOLLOWED:
        text = ngettext("You follow %(n)d member.", "You follow %(n)d members.", count)
        return Step(title, text % {"n": count}, Stage.DONE, extra=True)
    if not count and not accounts.followable_by(member).exists():
        text = _("Once you are in an institute with others, what they do is in your feed.")
        return Step(title, text, Stage.WAITING, extra=True)
    text = _("What they solve and reach is in your feed, and you have a board with them.")
    return Step(title, text, Stage.TODO, find, _("See whom"), extra=True)


def _named(claim: Claim) -> str:
    """The same handle may stand on every platform."""
    found = all_platforms().get(claim.platform)
    return f"{claim.handle.shown} ({found.name if found else claim.platform})"
