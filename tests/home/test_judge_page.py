"""What is said of the judge: to members in the foot of a page, to the site admin all of it."""

from __future__ import annotations

from dataclasses import replace

import pytest
from django.test import Client

from codetrack.accounts.models import User
from codetrack.core import clock, stations
from codetrack.core.models import Event, Station
from codetrack.core.stations import JUDGE, Report, State
from tests.cast import Cast

pytestmark = pytest.mark.django_db

PAGE = "/settings/judge/"
READY = Report(
    state=State.READY,
    level="B",
    facts={
        "probes": [{"name": "no network", "ok": True, "seen": "sockets are denied"}],
        "languages": [
            {"id": "c17", "name": "C17 (GCC)", "version": "gcc 12.2.0", "usable": True, "why": ""},
            {"id": "go", "name": "Go", "version": "", "usable": False, "why": "go is not here"},
        ],
    },
)
REFUSED = Report(
    state=State.REFUSED,
    level="X",
    reason="Bubblewrap is not installed.",
    remedy="Run: apt-get install bubblewrap\nThen look again.",
    facts={"probes": [{"name": "bubblewrap", "ok": False, "seen": "not found"}]},
)


def say(found: Report, host: str = "mill") -> Station:
    return stations.report(kind=JUDGE, host=host, found=replace(found, at=clock.now()))


def browser(member: User) -> Client:
    client = Client()
    client.force_login(member)
    return client


def page(member: User, path: str = PAGE) -> str:
    return browser(member).get(path).content.decode()


def foot(member: User) -> str:
    return page(member, "/institutes/").partition("<footer")[2]


def test_nobody_else_finds_the_page(client: Client, cast: Cast) -> None:
    say(READY)
    assert client.get(PAGE).url.startswith("/accounts/login/")
    for member in (cast.charlie, cast.alice, cast.dana):
        assert browser(member).get(PAGE).status_code == 404
        assert browser(member).post(f"{PAGE}ask/").status_code == 404
    assert Station.objects.get().asked_at is None
    assert PAGE not in page(cast.alice, "/settings/profile/")
    assert PAGE in page(cast.ada, "/settings/profile/")


def test_a_club_without_a_judge_is_told_how_to_start_one(cast: Cast) -> None:
    assert "codetrack worker" in page(cast.ada)
    assert "Look again now" not in page(cast.ada)


def test_the_admin_sees_level_languages_and_probes(cast: Cast) -> None:
    say(READY)
    html = page(cast.ada)
    for told in ("mill", "ready", "Level B", "C17 (GCC)", "gcc 12.2.0", "go is not here"):
        assert told in html
    assert "no network" in html and "sockets are denied" in html


def test_the_admin_sees_why_it_refuses_and_what_to_do(cast: Cast) -> None:
    say(REFUSED)
    html = page(cast.ada)
    assert "Bubblewrap is not installed." in html
    assert "apt-get install bubblewrap<br>Then look again." in html


def test_a_judge_that_went_away_is_not_shown_as_ready(cast: Cast) -> None:
    say(READY)
    stations.leave(kind=JUDGE, host="mill")
    assert "away" in page(cast.ada)
    assert "No judge here: submissions wait" in foot(cast.alice)


def test_asking_again_reaches_whoever_is_there(cast: Cast) -> None:
    admin = browser(cast.ada)
    told = admin.post(f"{PAGE}ask/", follow=True).content.decode()
    assert "No judge is running that could be asked" in told
    say(READY)
    told = admin.post(f"{PAGE}ask/", follow=True).content.decode()
    assert "Asked." in told and "asked for" in told
    part = admin.get(PAGE, headers={"HX-Request": "true"}).content.decode()
    assert part.strip().startswith('<div id="judges" hx-get="/settings/judge/"')
    say(REFUSED)
    assert "asked for" not in page(cast.ada)


def test_nothing_is_said_where_there_never_was_a_judge(cast: Cast) -> None:
    assert "judge" not in foot(cast.alice).lower()


@pytest.mark.parametrize(
    ("found", "said"),
    [
        (READY, "Judge ready"),
        (REFUSED, "No judge here: submissions wait"),
        (Report(state=State.OFF), "No judge here: submissions wait"),
    ],
    ids=lambda value: getattr(value, "state", None),
)
def test_the_foot_is_for_members(client: Client, cast: Cast, found: Report, said: str) -> None:
    say(found)
    assert said in foot(cast.alice)
    assert said not in client.get("/docs/").content.decode()


def test_the_admin_is_warned_on_every_other_page_while_it_refuses(cast: Cast) -> None:
    warning = "No judge here: submissions wait. Bubblewrap is not installed."
    say(READY)
    assert warning not in page(cast.ada, "/institutes/")
    say(REFUSED)
    assert warning in page(cast.ada, "/institutes/")
    assert "Then look again" not in page(cast.ada, "/institutes/")
    say(replace(REFUSED, remedy="Install it."))
    assert f"{warning} Install it." in page(cast.ada, "/institutes/")
    assert warning not in page(cast.ada)
    assert "Bubblewrap" not in page(cast.alice, "/institutes/")
    say(READY, "attic")
    assert warning not in page(cast.ada, "/institutes/")


def test_programs_can_ask_for_the_languages(client: Client, cast: Cast) -> None:
    assert client.get("/api/judge").status_code == 401
    api = browser(cast.charlie)
    assert api.get("/api/judge").json() == {"state": "unknown", "languages": []}
    say(REFUSED, "attic")
    assert api.get("/api/judge").json() == {"state": "refused", "languages": []}
    say(READY)
    say(READY, "barn")
    assert api.get("/api/judge").json() == {
        "state": "ready",
        "languages": [{"id": "c17", "name": "C17 (GCC)", "version": "gcc 12.2.0"}],
    }


def test_what_changed_is_in_the_log_and_names_nobody(cast: Cast) -> None:
    say(READY)
    say(READY)
    event = Event.objects.get(tag="core:station:changed")
    assert (event.actor_id, event.subject_type) == (None, "core.station")
