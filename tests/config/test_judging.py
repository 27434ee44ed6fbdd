"""The queue `judge` is served only while the self-test of this machine holds."""

from __future__ import annotations

import re
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.test import Client
from pytest_django.fixtures import Settings

from codetrack.config import judging
from codetrack.config.judging import Judging, self_test
from codetrack.config.work import Work
from codetrack.core import stations
from codetrack.core.models import Job, Station
from codetrack.core.stations import JUDGE, Outlook, Report, State
from codetrack.core.testing import hold_clock
from tests.core import work
from tests.core.names import later
from tests.core.waiting import until

SOURCES = Path(judging.__file__).parents[1]  # the judge has a worker of another kind
HELD = Report(state=State.READY, level="B")
ESCAPED = '{"name": "escape", "ok": false, "seen": "It got out.", "remedy": "Unplug it."}'


class Machine:
    """A machine that finds out about itself what the test says; it has no sandbox."""

    def __init__(self, state: State) -> None:
        self.state = state
        self.faults = 0
        self.looks = 0

    def examine(self, stopping: threading.Event) -> Report:
        self.looks += 1
        return Report(state=self.state, level="B" if self.state == State.READY else "X")


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch, settings: Settings) -> None:
    work.started.clear()
    monkeypatch.setattr(judging, "LOOK_SECONDS", 0.05)
    settings.JUDGE_WORKERS = 1
    settings.JOB_THREADS = {"judge": 1}


@contextmanager
def judging_on(machine: Machine) -> Iterator[Judging]:
    judging = Judging(examine=machine.examine, faults=lambda: machine.faults)
    judging.start()
    try:
        yield judging
    finally:
        judging.stop()


def outlook() -> Outlook:
    return stations.outlook(stations.known(JUDGE))


@pytest.mark.django_db(transaction=True)
def test_a_submission_waits_until_the_self_test_holds() -> None:
    job = later(work.judged, "a program")
    machine = Machine(State.REFUSED)
    with judging_on(machine):
        until(lambda: outlook() == Outlook.REFUSED)
        assert Job.objects.get(pk=job).status == Job.Status.READY
        machine.state = State.READY
        assert stations.ask(kind=JUDGE) == 1
        until(lambda: Job.objects.get(pk=job).status == Job.Status.DONE)
        until(lambda: outlook() == Outlook.READY)
    assert work.started == ["a program"]
    assert outlook() == Outlook.AWAY


@pytest.mark.django_db(transaction=True)
def test_nothing_is_judged_once_a_later_self_test_fails() -> None:
    machine = Machine(State.READY)
    with judging_on(machine):
        until(lambda: outlook() == Outlook.READY)
        machine.state = State.REFUSED
        stations.ask(kind=JUDGE)
        until(lambda: outlook() == Outlook.REFUSED)
        job = later(work.judged, "too late")
        threading.Event().wait(0.3)
        assert Job.objects.get(pk=job).status == Job.Status.READY
    assert work.started == []


@pytest.mark.django_db(transaction=True)
def test_it_looks_again_after_a_day_and_sooner_when_refused() -> None:
    for state, minutes in [(State.READY, 24 * 60), (State.REFUSED, 15)]:
        machine = Machine(state)
        with hold_clock() as held:
            watch = Judging(examine=machine.examine, faults=lambda: 0)
            rounds(watch, machine, 1)
            for _ in range(minutes // 4):
                held.forward(minutes=4)
                watch.look()
            assert machine.looks == 1 + (minutes % 4 == 0)
            held.forward(minutes=4)
            rounds(watch, machine, 2)
            end(watch)


def rounds(watch: Judging, machine: Machine, looks: int) -> None:
    watch.look()
    watch.look()
    assert machine.looks == looks


def end(watch: Judging) -> None:
    watch.start()
    watch.stop()


@pytest.mark.django_db
def test_three_faults_in_a_row_are_a_reason_to_look() -> None:
    machine = Machine(State.REFUSED)
    watch = Judging(examine=machine.examine, faults=lambda: machine.faults)
    rounds(watch, machine, 1)
    machine.faults = 2
    rounds(watch, machine, 1)
    machine.faults = 3
    rounds(watch, machine, 2)
    machine.faults = 0  # one went well
    rounds(watch, machine, 2)
    machine.faults = 3
    rounds(watch, machine, 3)


@pytest.mark.django_db
def test_switched_off_it_says_so_and_never_looks(settings: Settings) -> None:
    settings.JUDGE_WORKERS = 0
    machine = Machine(State.READY)
    watch = Judging(examine=machine.examine, faults=lambda: 0)
    rounds(watch, machine, 0)
    assert outlook() == Outlook.OFF


@pytest.mark.django_db
def test_switched_off_it_does_not_talk_over_another_process_of_the_machine(
    settings: Settings,
) -> None:
    settings.JUDGE_WORKERS = 0
    watch = Judging(examine=Machine(State.READY).examine, faults=lambda: 0)
    with hold_clock() as held:
        stations.report(kind=JUDGE, host=watch.host, found=HELD)
        watch.look()
        assert outlook() == Outlook.READY
        held.forward(minutes=6)
        watch.look()
        assert outlook() == Outlook.OFF


@pytest.mark.parametrize(
    ("says", "state", "reason"),
    [
        ('{"level": "B", "languages": [{"id": "c17"}]}', State.READY, ""),
        ('{"level": "B", "probes": [{"name": "a", "ok": true}]}', State.READY, ""),
        (f'{{"level": "B", "probes": [{ESCAPED}]}}', State.REFUSED, "It got out."),
        ('{"level": "X"}', State.REFUSED, judging.NO_ANSWER),
        ('{"level": "Z"}', State.REFUSED, judging.NO_ANSWER),
        ("Segmentation fault", State.REFUSED, judging.NO_ANSWER),
        ("", State.REFUSED, judging.NO_ANSWER),
    ],
)
def test_only_a_self_test_that_holds_is_believed(
    monkeypatch: pytest.MonkeyPatch, says: str, state: State, reason: str
) -> None:
    monkeypatch.setattr(judging, "SELF_TEST", ["printf", "%s", says])
    found = self_test(threading.Event())
    assert (found.state, found.reason) == (state, reason)
    assert bool(found.remedy) == (state == State.REFUSED)


@pytest.mark.parametrize(
    ("command", "reason"),
    [
        (["sh", "-c", 'echo \'{"level": "A"}\'; exit 1'], judging.NO_ANSWER),
        (["sh", "-c", "echo 'It fell over.' >&2; exit 2"], "It fell over."),
        (["/no/such/program"], "[Errno 2] No such file or directory: '/no/such/program'"),
    ],
)
def test_a_self_test_that_fails_is_a_refusal(
    monkeypatch: pytest.MonkeyPatch, command: list[str], reason: str
) -> None:
    monkeypatch.setattr(judging, "SELF_TEST", command)
    found = self_test(threading.Event())
    assert (found.state, found.reason) == (State.REFUSED, reason)


def test_only_linux_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "SELF_TEST", ["printf", "%s", '{"level": "B"}'])
    monkeypatch.setattr(sys, "platform", "darwin")
    found = self_test(threading.Event())
    assert (found.state, found.reason) == (State.REFUSED, "The judge needs Linux.")


def test_a_self_test_that_never_ends_is_ended_when_we_are_to_stop(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(judging, "SELF_TEST", ["sleep", "600"])
    stopping = threading.Event()
    stopping.set()
    assert self_test(stopping).state == State.REFUSED


def test_the_self_test_sees_no_secret_of_the_club(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "only-for-us")
    monkeypatch.setattr(judging, "SELF_TEST", ["sh", "-c", "env | tr '\\n' ' ' >&2"])
    told = self_test(threading.Event()).reason
    assert "PATH=" in told and "only-for-us" not in told


def test_nobody_but_the_guard_starts_a_worker_for_every_queue() -> None:
    """One without queues serves whatever there is: product code has to go through `Work`."""
    makes = re.compile(r"(?<!class )\bWorker\(")
    ours = [path for path in SOURCES.rglob("*.py") if "judge" not in path.parts]
    found = {path.name for path in ours if makes.search(path.read_text())}
    assert found == {"work.py", "judging.py", "testing.py"}
    (guarded,) = [part for part in Work(["mail", JUDGE]).parts if not isinstance(part, Judging)]
    assert guarded.queues == ["mail"]


@pytest.mark.django_db
def test_a_club_without_a_judge_is_ready_and_says_so(client: Client) -> None:
    assert client.get("/readyz").json()["judge"] == "unknown"
    stations.report(kind=JUDGE, host="mill", found=HELD)
    assert client.get("/readyz").json() == {"status": "ok", "database": "ok", "judge": "ready"}


@pytest.mark.django_db
def test_a_process_for_other_queues_says_nothing_of_the_judge() -> None:
    assert not any(isinstance(part, Judging) for part in Work(["mail", "sync"]).parts)
    assert not Station.objects.exists()
