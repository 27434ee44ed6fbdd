"""One member: on which days they were at work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from codetrack.accounts import zones
from codetrack.accounts.models import User
from codetrack.core import clock
from codetrack.ratings import queries as ratings
from codetrack.ratings.queries import DayCount, Days, Reading, Streaks
from codetrack.web import heat


@dataclass(frozen=True)
class Activity:
    """The days of 53 weeks, and the streaks of all time."""

    heat: heat.Heat
    streaks: Streaks
    shown: Days
    #: Those whose platform counts by days of its own, and counts submissions.
    by_calendar: list[Reading]
    #: Something was read: without that, nothing is not none.
    known: bool
    #: There was something on some day, if long ago.
    ever: bool
    #: Where the member lives, as people write it.
    place: str

    @property
    def active(self) -> int:
        """How many of the days shown there was anything on."""
        return len(self.shown.counts)

    @property
    def solved(self) -> int:
        return sum(one.solved for one in self.shown.counts.values())

    @property
    def submitted(self) -> int:
        return sum(one.submitted for one in self.shown.counts.values())

    @property
    def busiest(self) -> str:
        """The fullest day in words, the latest of several; empty when there is none."""
        counts = self.shown.counts
        day = max(counts, key=lambda day: (counts[day].total, day), default=None)
        return say(day, counts[day]) if day else ""


def activity(member: User, readings: Sequence[Reading]) -> Activity:
    """What all accounts of a member did, on the days of the member's own time zone."""
    zone = zones.zone(member.time_zone)
    today = clock.today(zone)
    found = ratings.days([one.handle.pk for one in readings], zone)
    counts = {day: one.total for day, one in found.counts.items()}
    drawn = heat.draw(counts, today, lambda day: say(day, found.counts.get(day, DayCount())))
    return Activity(
        heat=drawn,
        streaks=ratings.streaks(found.counts, today),
        shown=found.between(drawn.first, drawn.last),
        by_calendar=[one for one in readings if one.handle.pk in found.by_calendar],
        known=bool(found.counts) or any(one.handle.attempts_read_at for one in readings),
        ever=bool(found.counts),
        place=member.time_zone.replace("_", " "),
    )


def say(day: date, count: DayCount) -> str:
    """A day in words, such as "3 solved, 5 submitted on 4 May 2026"."""
    if not count.total:
        text = _("nothing on %(day)s")
    elif not count.submitted:
        text = ngettext(
            "%(solved)d solved on %(day)s", "%(solved)d solved on %(day)s", count.solved
        )
    elif not count.solved:
        text = ngettext(
            "%(submitted)d submitted on %(day)s",
            "%(submitted)d submitted on %(day)s",
            count.submitted,
        )
    else:
        text = _("%(solved)d solved, %(submitted)d submitted on %(day)s")
    return text % {
        "solved": count.solved,
        "submitted": count.submitted,
        "day": date_format(day, "j M Y"),
    }
