"""Machines say what they can do; what was said last stands until nobody is there any more."""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from codetrack.core import clock, jobs, stations
from codetrack.core.models import Event, Station
from codetrack.core.stations import Outlook, Report, State
from codetrack.core.testing import hold_clock, run_jobs

pytestmark = pytest.mark.django_db

READY = Report(state=State.READY, level="B", facts={"languages": ["c17"]})
REFUSED = Report(state=State.REFUSED, reason="No bubblewrap.", remedy="Install it.")


def say(found: Report, host: str = "mill") -> Station:
    return stations.report(kind="judge", host=host, found=found)


def stay(state: State = State.READY, host: str = "mill") -> Station | None:
    return stations.stay(kind="judge", host=host, state=state)


def outlook() -> Outlook:
    return stations.outlook(stations.known("judge"))


def test_what_a_place_says_is_kept_and_told_once() -> None:
    for found in (READY, READY, REFUSED, READY):
        say(found)
    (place,) = stations.known("judge")
    assert (place.state, place.level, place.facts, place.remedy) == ("ready", "B", READY.facts, "")
    events = Event.objects.filter(tag="core:station:changed").order_by("pk")
    assert [event.data["state"] for event in events] == ["ready", "refused", "ready"]
    assert events[0].data == {"kind": "judge", "host": "mill", "state": "ready", "level": "B"}


def test_the_club_can_when_one_place_can() -> None:
    assert outlook() == Outlook.UNKNOWN
    say(Report(state=State.OFF), "attic")
    assert outlook() == Outlook.OFF
    say(REFUSED, "barn")
    assert outlook() == Outlook.REFUSED
    say(READY, "mill")
    assert outlook() == Outlook.READY
    assert [place.host for place in stations.known("judge")] == ["attic", "barn", "mill"]


def test_who_is_not_seen_for_five_minutes_is_away_and_comes_back() -> None:
    with hold_clock() as held:
        say(READY)
        held.forward(minutes=4)
        stay()
        held.forward(minutes=4)
        assert outlook() == Outlook.READY
        held.forward(minutes=2)
        assert outlook() == Outlook.AWAY
        stay()
        assert outlook() == Outlook.READY


def test_what_another_process_of_the_machine_said_is_not_kept_alive() -> None:
    with hold_clock() as held:
        say(READY)
        held.forward(minutes=4)
        stay(State.OFF)
        held.forward(minutes=4)
        assert outlook() == Outlook.AWAY


def test_staying_writes_once_a_minute(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    with hold_clock() as held:
        say(READY)
        with django_assert_num_queries(3):
            stay()
            held.forward(seconds=61)
            stay()


def test_who_leaves_is_away_at_once() -> None:
    say(READY)
    stations.leave(kind="judge", host="mill")
    assert outlook() == Outlook.AWAY


def test_only_an_asking_after_it_began_to_look_is_still_open() -> None:
    with hold_clock() as held:
        begun = clock.now()
        held.forward(seconds=5)
        assert stations.ask(kind="judge") == 0
        say(READY)
        assert stations.ask(kind="judge") == 1
        place = say(Report(state=State.READY, at=begun))
        assert place.is_asked
        held.forward(seconds=1)
        assert not say(Report(state=State.READY)).is_asked


def test_a_place_that_was_never_heard_of_is_not_made_by_staying() -> None:
    assert stay() is None
    assert outlook() == Outlook.UNKNOWN


def test_who_never_comes_back_is_forgotten_after_a_week() -> None:
    with hold_clock() as held:
        say(Report(state=State.READY), "gone")
        say(Report(state=State.READY), "here")
        held.forward(days=6)
        stay(host="here")
        held.forward(days=2)
        jobs.later("core.prune")
        run_jobs()
    assert [place.host for place in stations.known("judge")] == ["here"]
