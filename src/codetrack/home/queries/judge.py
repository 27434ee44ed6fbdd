"""What the club's judges say of themselves: where programs run, and in which languages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from codetrack.core import stations
from codetrack.core.models import Station
from codetrack.core.stations import JUDGE, State


@dataclass(frozen=True)
class Language:
    """A language of the judge's table on one machine; `why` says why it is not usable there."""

    id: str
    name: str
    version: str
    usable: bool
    why: str


@dataclass(frozen=True)
class Probe:
    """One thing that a self-test tried, and what came of it."""

    name: str
    ok: bool
    seen: str


@dataclass(frozen=True)
class Place:
    """One machine, and what it found out about itself."""

    station: Station
    languages: list[Language]
    probes: list[Probe]

    @property
    def is_asked(self) -> bool:
        """Whether somebody is there who will look again soon, since he was asked to."""
        return self.station.is_asked and not self.station.is_away

    @property
    def failed(self) -> list[Probe]:
        return [probe for probe in self.probes if not probe.ok]


def judges() -> list[Place]:
    """Every machine that has said something, by name."""
    return [_place(station) for station in stations.known(JUDGE)]


def languages(places: Iterable[Place]) -> list[Language]:
    """The languages in which a program is judged now, each once, by name."""
    ready = [
        place
        for place in places
        if place.station.state == State.READY and not place.station.is_away
    ]
    offered = {one.id: one for place in ready for one in place.languages if one.usable}
    return sorted(offered.values(), key=lambda one: one.name.casefold())


def _place(station: Station) -> Place:
    return Place(
        station,
        [_language(told) for told in station.facts.get("languages", [])],
        [_probe(told) for told in station.facts.get("probes", [])],
    )


def _language(told: dict[str, Any]) -> Language:
    return Language(
        id=told["id"],
        name=told.get("name") or told["id"],
        version=told.get("version", ""),
        usable=bool(told.get("usable")),
        why=told.get("why", ""),
    )


def _probe(told: dict[str, Any]) -> Probe:
    return Probe(told["name"], bool(told["ok"]), told.get("seen", ""))
