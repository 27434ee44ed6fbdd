"""The time zones a member can live in, by their IANA names."""

from __future__ import annotations

from functools import cache
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


@cache
def names() -> frozenset[str]:
    return frozenset(available_timezones())


@cache
def offered() -> tuple[str, ...]:
    """What the settings page lists: places, and UTC."""
    places = (name for name in names() if "/" in name and not name.startswith("Etc/"))
    return ("UTC", *sorted(places))


def known(name: str) -> str:
    """`name` when it is a time zone, else UTC: a browser may say anything."""
    return name if name in names() else "UTC"


def check(name: str) -> None:
    """The validator of the field."""
    if name not in names():
        raise ValidationError(_("Choose a time zone from the list."), code="bad_zone")


def zone(name: str) -> ZoneInfo:
    return ZoneInfo(known(name))
