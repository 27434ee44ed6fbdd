"""What a member finds first: the next contest, where they stopped, their club."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from codetrack.accounts import queries as accounts
from codetrack.accounts.models import Membership, User
from codetrack.core import clock
from codetrack.home.queries.member import Played
from codetrack.home.queries.welcome import Step, left
from codetrack.ratings import adapters
from codetrack.ratings import queries as ratings
from codetrack.ratings.models import Claim, Contest, Handle, RatingChange
from codetrack.ratings.queries import Reading

SOON = timedelta(days=7)  # contests of this week
TRIED = timedelta(days=14)  # problems tried and not solved
CLUB = timedelta(days=30)  # rating changes of the others
LISTED = 6  # contests, problems, changes
LOOKED_AT = 100  # contests to come; one on a platform of the member's is among them


@dataclass(frozen=True)
class Upcoming:
    """A contest that has not begun."""

    contest: Contest
    starts_at: datetime

    @property
    def platform_name(self) -> str:
        return ratings.platform_name(self.contest.platform)

    @property
    def length(self) -> str:
        return length(self.contest.duration) if self.contest.duration else ""

    @property
    def countdown(self) -> tuple[int, int, int]:
        """Days, hours and minutes until it starts."""
        minutes = max(0, int((self.starts_at - clock.now()).total_seconds() // 60))
        return minutes // 1440, minutes // 60 % 24, minutes % 60


@dataclass(frozen=True)
class Stop:
    """Something begun and not finished: what, how it stands, and where to go on."""

    title: str
    note: str
    word: str
    tone: str
    icon: str
    url: str
    action: str
    detail: str = ""
    outside: bool = False


@dataclass(frozen=True)
class Fellow(Played):
    """A contest of another member of the club."""

    @property
    def reached(self) -> bool:
        """It brought a higher tier."""
        platform, old = self.reading.platform, self.change.old
        if platform is None or not old or self.change.new <= old:
            return False
        return platform.tier(old) != platform.tier(self.change.new)


def upcoming(platforms: set[str]) -> tuple[Upcoming | None, list[Upcoming]]:
    """The next contest on these platforms (of any, if there are none), and the week's on all."""
    now = clock.now()
    on = [one.key for one in adapters.enabled()]
    rows = Contest.objects.filter(starts_at__gt=now, platform__in=on).order_by("starts_at", "pk")
    coming = [Upcoming(row, row.starts_at) for row in rows[:LOOKED_AT] if row.starts_at]
    own = (one for one in coming if one.contest.platform in platforms or not platforms)
    week = [one for one in coming if one.starts_at < now + SOON]
    return next(own, None), week[:LISTED]


def stopped(member: User, readings: Sequence[Reading], way: Sequence[Step]) -> list[Stop]:
    """Welcome steps and proofs left, handles in trouble, and problems that resisted."""
    tried = ratings.tried_in_vain(member, clock.now() - TRIED)
    return [
        *_steps(way),
        *_proofs(readings),
        *[_trouble(one) for one in readings if one.trouble],
        *[_problem(one) for one in tried[:LISTED]],
    ]


def fellows(member: User, membership: Membership | None) -> list[Fellow]:
    """The last rating changes in the member's institute, of proven handles of whom they may see."""
    if membership is None:
        return []
    there = accounts.members_of(membership.institute).exclude(member=member).values("member")
    seen = accounts.visible_to(member).filter(pk__in=there)
    claims = Claim.objects.verified().filter(member__in=seen)
    rows = RatingChange.objects.filter(
        handle__in=claims.values("handle"), at__gte=clock.now() - CLUB
    )
    last = list(rows.select_related("contest").order_by("-at", "-pk")[:LISTED])
    owners = claims.filter(handle__in=[row.handle_id for row in last])
    by_handle = {one.handle_id: one for one in owners.select_related("member", "handle__current")}
    return [Fellow(Reading(by_handle[row.handle_id]), row) for row in last]


def length(duration: timedelta) -> str:
    """Such as "2 h 15 min" or "10 d"."""
    hours, minutes = divmod(int(duration.total_seconds()) // 60, 60)
    if hours >= 48:
        return _("%(n)d d") % {"n": hours // 24}
    if not hours:
        return _("%(n)d min") % {"n": minutes}
    if not minutes:
        return _("%(n)d h") % {"n": hours}
    return _("%(hours)d h %(minutes)d min") % {"hours": hours, "minutes": minutes}


def _steps(way: Sequence[Step]) -> list[Stop]:
    """The first step left; proving has rows of its own, a handle each."""
    todo = left(way[:3])
    if not todo:
        return []
    more = ngettext("one more step after it", "%(n)d more steps after it", len(todo) - 1)
    note = more % {"n": len(todo) - 1} if len(todo) > 1 else todo[0].text
    word, action = _("To begin"), _("Go on")
    return [Stop(todo[0].title, note, word, "", "open", reverse("home:welcome"), action)]


def _proofs(readings: Sequence[Reading]) -> list[Stop]:
    unproven = [one for one in readings if not one.verified and not one.handle.is_unknown]
    begun = ratings.open_proofs([one.claim.pk for one in unproven]) if unproven else {}
    return [_proof(one, begun.get(one.claim.pk)) for one in unproven]


def _proof(reading: Reading, until: datetime | None) -> Stop:
    title = _("Prove that %(handle)s is yours") % {"handle": reading.handle.shown}
    url = reverse("ratings:proof", args=[reading.claim.pk])
    if until is None:
        note = _("%(platform)s · it counts on no board until then") % {
            "platform": reading.platform_name
        }
        return Stop(title, note, _("Not proven"), "warn", "open", url, _("Prove it"))
    note = _("%(platform)s · the code is good until %(time)s") % {
        "platform": reading.platform_name,
        "time": date_format(localtime(until), "H:i"),
    }
    return Stop(title, note, _("Under way"), "live", "doing", url, _("Go on"))


def _trouble(reading: Reading) -> Stop:
    looks = {Handle.State.STALE: ("warn", "clock"), Handle.State.PRIVATE: ("warn", "lock")}
    tone, icon = looks.get(Handle.State(reading.handle.state), ("bad", "alert"))
    return Stop(
        title=_("%(handle)s on %(platform)s")
        % {"handle": reading.handle.shown, "platform": reading.platform_name},
        note=reading.trouble,
        word=_("Not read"),
        tone=tone,
        icon=icon,
        url=reverse("ratings:handles"),
        action=_("Look"),
        detail=_("since %(day)s") % {"day": _day(reading.handle.state_at)},
    )


def _problem(tried: ratings.Tried) -> Stop:
    last = tried.last
    tries = ngettext("%(n)d try", "%(n)d tries", tried.tries) % {"n": tried.tries}
    return Stop(
        title=last.problem.title,
        note=" · ".join(filter(None, (last.platform_name, last.difficulty))),
        word=str(last.look.word),
        tone=last.look.tone,
        icon=last.look.icon,
        url=last.problem.url,
        action=_("Open"),
        detail=f"{tries}, {_day(last.attempt.at)}",
        outside=True,
    )


def _day(when: datetime) -> str:
    return date_format(localtime(when), "j M")
