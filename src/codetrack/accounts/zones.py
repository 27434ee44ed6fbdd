"""The time zones a member can live in, by their IANA names."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo, available_timezones

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _


@cache
def names() -> frozenset[str]:
    return frozenset(available_timezones())


@cache
def offered() -> tuple[str, ...]:
    """What the settings page lists: UTC and the places of today's names, each once."""
    lines = _lines("zone.tab")
    places = {line.split("\t")[2] for line in lines if not line.startswith("#")}
    return ("UTC", *sorted(places & names()))


@cache
def _aliases() -> dict[str, str]:
    """Former and other names of what is offered: Asia/Calcutta is Asia/Kolkata."""
    links = (line.split()[1:] for line in _lines("tzdata.zi") if line.startswith("L "))
    places = frozenset(offered())
    return {alias: name for name, alias in links if name in places and alias not in places}


def canonical(name: str) -> str:
    """The name of today for a zone; browsers say former ones. What is none comes back as it is."""
    return _aliases().get(name, name)


def known(name: str) -> str:
    """The name of today when `name` is a time zone, else UTC: a browser may say anything."""
    return canonical(name) if name in names() else "UTC"


def check(name: str) -> None:
    """The validator of the field."""
    if name not in names():
        raise ValidationError(_("Choose a time zone from the list."), code="bad_zone")


def zone(name: str) -> ZoneInfo:
    return ZoneInfo(known(name))


def _lines(name: str) -> list[str]:
    """A table of the time zone database."""
    return (files("tzdata") / "zoneinfo" / name).read_text(encoding="utf-8").splitlines()
