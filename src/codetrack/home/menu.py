"""Where a member finds the dashboard and their own page, and what is said of the judge."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from codetrack.accounts.models import User
from codetrack.core import stations
from codetrack.core.models import Station
from codetrack.core.stations import JUDGE, Outlook
from codetrack.home import permissions
from codetrack.web import banners, menu, sources

if TYPE_CHECKING:
    from codetrack.web.menu import Visitor


def own_page(user: Visitor) -> str:
    return reverse("home:member", args=[user.get_username()])


def may_look_after_judges(user: Visitor) -> bool:
    return isinstance(user, User) and permissions.may_look_after_judges(user)


def judging() -> list[sources.Source]:
    """Nothing while no judge has ever said anything."""
    outlook = stations.outlook(stations.known(JUDGE))
    if outlook == Outlook.UNKNOWN:
        return []
    ready = outlook == Outlook.READY
    said = _("Judge ready") if ready else _("No judge here: submissions wait")
    return [sources.Source(JUDGE, None, fails=not ready, said=said)]


def judge_refuses_to(user: Visitor) -> bool:
    """Whether this is the site admin of a club whose only judges refuse."""
    return (
        may_look_after_judges(user) and stations.outlook(stations.known(JUDGE)) == Outlook.REFUSED
    )


def refusal() -> str:
    """What the judges that refuse say, and what they advise if it is short."""
    refusals = [one for one in stations.known(JUDGE) if one.state == stations.State.REFUSED]
    said = [_in_a_line(one) for one in refusals if not one.is_away]
    return " ".join([gettext("No judge here: submissions wait."), *said])


def _in_a_line(place: Station) -> str:
    return place.reason if "\n" in place.remedy else f"{place.reason} {place.remedy}"


sources.register(judging)
banners.register(
    banners.Banner(
        text=refusal,
        url="home:judge",
        action=_("See the judge"),
        visible=judge_refuses_to,
    )
)
menu.register(
    menu.Item(
        place=menu.SETTINGS,
        label=_("Judge"),
        url="home:judge",
        icon="code",
        order=90,
        visible=may_look_after_judges,
    ),
    menu.Item(
        place=menu.NAV,
        label=_("Dashboard"),
        url="home:dashboard",
        within=("/dashboard/", "/welcome/"),
        icon="gauge",
        order=5,
        keys="g d",
    ),
    menu.Item(place=menu.NAV, label=_("My page"), url=own_page, icon="chart", order=10, keys="g p"),
    menu.Item(place=menu.USER, label=_("My page"), url=own_page, icon="chart", order=10),
)
