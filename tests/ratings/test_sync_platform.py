"""The chain of jobs that reads a platform, against the three pretend platforms over HTTP."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import DataError

from codetrack.accounts.models import User
from codetrack.core import clock as house
from codetrack.core.models import Event, Job
from codetrack.core.testing import HeldClock, run_jobs
from codetrack.demo.platform import PretendPlatform
from codetrack.demo.servers import Pretend
from codetrack.demo.trouble import Mode
from codetrack.platforms.base import ChangedLayout, Platform, Private, Transient
from codetrack.platforms.registry import all_platforms
from codetrack.ratings import reading, services, tasks
from codetrack.ratings.models import (
    Attempt,
    CalendarDay,
    Claim,
    Handle,
    Problem,
    RatingChange,
    Solve,
)

pytestmark = [
    pytest.mark.slow,  # whole clubs over HTTP
    pytest.mark.usefixtures("clock"),
    pytest.mark.django_db(transaction=True),  # threads have connections of their own
]
KEYS = sorted(all_platforms())
COUNTING = ("leetcode", "codechef")


@pytest.fixture(params=KEYS)
def platform(request: pytest.FixtureRequest, pretend: Pretend) -> PretendPlatform:
    return pretend.platforms[request.param]


def link_everybody(platform: PretendPlatform) -> list[Handle]:
    """Everybody of a pretend world is a member here, and due."""
    for one in platform.world.everybody():
        name = f"{platform.key}-{one.number}"
        member = User.objects.create_user(name, f"{name}@example.org")
        Handle.objects.create(
            platform=platform.key,
            canonical=one.handle.lower(),
            shown=one.handle,
            state_at=house.now(),
            next_sync_at=house.now(),
        )
        services.link_handle(member=member, platform=platform.key, text=one.handle)
    Job.objects.all().delete()
    return list(Handle.objects.filter(platform=platform.key))


def sync() -> None:
    tasks.sync_due.call()
    run_jobs(["sync"])


def due_again(clock: HeldClock) -> None:
    clock.forward(hours=25)


def asked(platform: PretendPlatform, job: Callable[[], object]) -> int:
    before = platform.requests
    job()
    return platform.requests - before


def test_everything_that_the_platform_tells_is_here(platform: PretendPlatform) -> None:
    link_everybody(platform)
    sync()
    for handle in Handle.objects.select_related("current"):
        person = platform.world.find(handle.shown)
        assert (handle.state, handle.error) == (Handle.State.OK, "")
        assert handle.current is not None
        assert handle.current.rating == person.rating
        assert handle.current.max_rating == person.max_rating
        assert handle.current.contests == len(person.results)
        stored = RatingChange.objects.filter(handle=handle).order_by("at", "pk")
        assert [row.new for row in stored] == [result.new for result in person.results]
        sent = platform.world.attempts(person)
        accepted = {one.task.key for one in sent if one.verdict == "OK"}
        solved = set(Solve.objects.filter(handle=handle).values_list("problem__key", flat=True))
        assert solved <= accepted
        if platform.key in COUNTING:
            assert handle.current.solved == len(accepted)
            lately = any(one.at > house.timestamp() - 364 * 86_400 for one in sent)
            assert CalendarDay.objects.filter(handle=handle).exists() == lately
        else:
            assert solved == accepted
        assert not handle.lacks_history
        assert not handle.lacks_attempts
    assert not services.has_work(platform=all_platforms()[platform.key], at=house.now())


def test_an_account_with_nothing_new_costs_its_profile_alone(
    platform: PretendPlatform, clock: HeldClock
) -> None:
    link_everybody(platform)
    sync()
    due_again(clock)
    handles = list(Handle.objects.all())
    tables = (RatingChange, Attempt, Solve, Event, Problem, CalendarDay)
    before = [table.objects.count() for table in tables]
    requests = asked(platform, sync)
    expected = {"codeforces": 1, "codechef": len(handles), "leetcode": 2 * len(handles)}
    # Ratings of the last days are read again: they may have been corrected.
    lately = RatingChange.objects.filter(at__gt=house.now() - timedelta(days=9))
    corrected = lately.values("contest" if platform.world.flavour.key == "codeforces" else "handle")
    assert requests <= expected[platform.key] + corrected.distinct().count()
    assert [table.objects.count() for table in tables] == before


def test_a_round_reaches_everybody_who_was_in_it(
    platform: PretendPlatform, clock: HeldClock
) -> None:
    link_everybody(platform)
    sync()
    due_again(clock)
    rated = [one.handle for one in platform.world.everybody() if one.rating is not None]
    known = RatingChange.objects.count()
    platform.world.play(rated)
    clock.forward(hours=1)
    sync()
    assert RatingChange.objects.count() == known + len(rated)
    for handle in Handle.objects.select_related("current"):
        assert handle.current is not None
        assert handle.current.rating == platform.world.find(handle.shown).rating
        assert not handle.lacks_history


def test_many_accounts_are_read_portion_by_portion(
    platform: PretendPlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "PORTION", 3)
    monkeypatch.setattr(reading, "portion_of", lambda site: 3)
    link_everybody(platform)
    sync()
    jobs = Job.objects.filter(task__endswith="sync_platform")
    assert jobs.count() >= Handle.objects.count() / 3 > 1
    assert not Handle.objects.exclude(state=Handle.State.OK).exists()
    assert not Handle.objects.lacking_attempts().exists()


def test_one_job_a_platform_is_planned(pretend: Pretend) -> None:
    for platform in pretend.platforms.values():
        link_everybody(platform)
    tasks.sync_due.call()
    tasks.sync_due.call()
    planned = Job.objects.filter(task__endswith="sync_platform")
    assert sorted(job.args["args"][0] for job in planned) == KEYS


# --- a platform that fails


@pytest.mark.parametrize("mode", [Mode.DOWN, Mode.CHALLENGE])
def test_a_platform_that_is_down_is_not_asked_for_everybody(
    platform: PretendPlatform, mode: Mode
) -> None:
    handles = link_everybody(platform)
    platform.trouble.make(mode)
    # Three in a row, each tried twice by the client, from up to three threads.
    assert asked(platform, sync) <= 12
    states = set(Handle.objects.values_list("state", flat=True))
    assert states == {Handle.State.BLOCKED if mode == Mode.CHALLENGE else Handle.State.STALE}
    assert Handle.objects.filter(next_sync_at__gt=house.now()).count() == len(handles)
    assert Job.objects.filter(task__endswith="sync_platform").count() == 1


def test_the_chain_ends_while_a_platform_fails(
    platform: PretendPlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reading, "portion_of", lambda site: 5)
    link_everybody(platform)
    platform.trouble.make(Mode.DOWN)
    sync()
    assert Job.objects.filter(task__endswith="sync_platform").count() == 1
    assert Handle.objects.filter(state=Handle.State.NEW).count() > 0
    sync()
    assert Job.objects.filter(task__endswith="sync_platform").count() == 2


def test_a_day_with_the_platform_down_loses_nothing(
    platform: PretendPlatform, clock: HeldClock
) -> None:
    handles = link_everybody(platform)
    sync()
    clock.forward(hours=3)
    platform.trouble.make(Mode.DOWN)
    before = {row.pk: (row.fresh_at, row.current_id) for row in Handle.objects.all()}
    requests = 0
    for _ in range(24):
        clock.forward(hours=1)
        requests += asked(platform, sync)
    after = Handle.objects.all()
    assert {row.pk: (row.fresh_at, row.current_id) for row in after} == before
    assert {row.state for row in after} == {Handle.State.STALE}
    assert requests <= 24 * 14
    platform.trouble.mend()
    platform.world.play([one.handle for one in platform.world.everybody() if one.rating])
    # The next try of somebody, and then all the others within ten minutes.
    clock.forward(hours=6)
    sync()
    clock.forward(minutes=11)
    sync()
    rows = Handle.objects.select_related("current")
    assert {row.state for row in rows} == {Handle.State.OK}
    for row in rows:
        assert row.current is not None
        assert row.current.rating == platform.world.find(row.shown).rating
        assert not row.lacks_attempts
    assert len(rows) == len(handles)


def test_hidden_attempts_hide_nothing_else_and_are_not_asked_for_again(
    platform: PretendPlatform, monkeypatch: pytest.MonkeyPatch, clock: HeldClock
) -> None:
    def hidden(*args: object) -> object:
        raise Private("They are hidden.")

    link_everybody(platform)
    monkeypatch.setattr(all_platforms()[platform.key], "attempts", hidden)
    sync()
    assert set(Handle.objects.values_list("state", flat=True)) == {Handle.State.OK}
    assert not Attempt.objects.exists()
    for row in Handle.objects.select_related("current"):
        assert row.current is not None
        assert (row.current.solved is None) == (platform.key not in COUNTING)
    clock.forward(minutes=30)
    assert asked(platform, sync) == 0


def test_a_history_that_cannot_be_read_does_not_keep_the_attempts_away(
    pretend: Pretend, monkeypatch: pytest.MonkeyPatch, clock: HeldClock
) -> None:
    def odd(*args: object) -> object:
        raise ChangedLayout("LeetCode answers in another form.")

    platform = pretend.platforms["leetcode"]
    link_everybody(platform)
    monkeypatch.setattr(all_platforms()["leetcode"], "history", odd)
    sync()
    assert Attempt.objects.exists()
    rated = Handle.objects.filter(current__rating__isnull=False)
    assert set(rated.values_list("state", flat=True)) == {Handle.State.CHANGED}
    waits = set(rated.values_list("next_sync_at", flat=True))
    assert waits == {house.now() + timedelta(minutes=5)}


def test_a_calendar_that_cannot_be_read_does_not_keep_the_attempts_away(
    pretend: Pretend, monkeypatch: pytest.MonkeyPatch
) -> None:
    def odd(*args: object) -> object:
        raise ChangedLayout("LeetCode answers in another form.")

    link_everybody(pretend.platforms["leetcode"])
    monkeypatch.setattr(all_platforms()["leetcode"], "activity", odd)
    sync()
    assert Attempt.objects.exists()
    assert not CalendarDay.objects.exists()
    assert set(Handle.objects.values_list("state", flat=True)) == {Handle.State.OK}


def test_attempts_that_fail_for_ever_are_tried_less_and_less(
    platform: PretendPlatform, monkeypatch: pytest.MonkeyPatch, clock: HeldClock
) -> None:
    def odd(*args: object) -> object:
        raise ChangedLayout("The platform answers in another form.")

    monkeypatch.setattr(all_platforms()[platform.key], "attempts", odd)
    first = platform.world.everybody()[0].handle
    member = User.objects.create_user("a", "a@example.org")
    services.link_handle(member=member, platform=platform.key, text=first)
    run_jobs(["sync"])
    waits = []
    for _ in range(4):
        handle = Handle.objects.get()
        assert handle.next_sync_at is not None
        waits.append((handle.next_sync_at - house.now()) / timedelta(minutes=1))
        clock.forward(minutes=waits[-1])
        sync()
    assert waits == [5, 10, 20, 40]


@pytest.mark.parametrize("part", ["profiles", "attempts"])
def test_three_that_always_fail_keep_nobody_else_waiting(
    pretend: Pretend, monkeypatch: pytest.MonkeyPatch, clock: HeldClock, part: str
) -> None:
    platform = pretend.platforms["leetcode"]
    odd = {row.shown for row in link_everybody(platform)[:3]}
    whole = getattr(all_platforms()["leetcode"], part)

    def half(site: Platform, handle: list[str] | str, *args: object) -> object:
        if (handle if isinstance(handle, str) else handle[0]) in odd:
            raise Transient("Half an answer came back.")
        return whole(site, handle, *args)

    monkeypatch.setattr(all_platforms()["leetcode"], part, half)
    others = Handle.objects.exclude(shown__in=odd)
    for _ in range(3):  # whoever is new may have to wait for them once
        sync()
        clock.forward(minutes=6)
    assert not others.lacking_attempts().exists()
    for _ in range(3):
        due_again(clock)
        for one in platform.world.everybody():
            platform.world.submit(one.handle)
        sync()
        assert set(others.values_list("state", "fresh_at")) == {(Handle.State.OK, house.now())}
        assert not others.lacking_attempts().exists()


def test_an_answer_that_cannot_be_stored_keeps_nobody_else_away(
    platform: PretendPlatform, monkeypatch: pytest.MonkeyPatch
) -> None:
    odd = link_everybody(platform)[2]
    apply_profiles = services.apply_profiles

    def refuse(*, found: dict[int, object], at: datetime) -> None:
        if odd.pk in found:
            raise DataError("value too long for type character varying(40)")
        apply_profiles(found=found, at=at)  # type: ignore[arg-type]

    monkeypatch.setattr(services, "apply_profiles", refuse)
    sync()
    states = dict(Handle.objects.values_list("shown", "state"))
    assert states.pop(odd.shown) == Handle.State.CHANGED
    assert set(states.values()) == {Handle.State.OK}


# --- catalogues and rounds


def test_the_catalogue_is_read_once_a_day(platform: PretendPlatform) -> None:
    tasks.read_all_problems.call()
    tasks.read_all_problems.call()
    run_jobs(["sync"])
    keys = set(Problem.objects.filter(platform=platform.key).values_list("key", flat=True))
    assert {task.key for task in platform.world.catalogue()} <= keys
    assert Job.objects.filter(task__endswith="read_problems").count() == len(KEYS)


def test_corrected_ratings_of_a_round_are_read_by_one_request(
    pretend: Pretend, clock: HeldClock
) -> None:
    platform = pretend.codeforces
    link_everybody(platform)
    sync()
    due_again(clock)
    rated = [one.handle for one in platform.world.everybody() if one.rating is not None]
    platform.world.play(rated)
    clock.forward(hours=1)
    sync()
    contest = RatingChange.objects.latest("at").contest
    RatingChange.objects.filter(contest=contest).update(new=1)
    job = Job.objects.get(
        task__endswith="read_round", status=Job.Status.READY, key=f"ratings:round:{contest.pk}"
    )
    clock.forward(seconds=(job.run_at - house.now()).total_seconds())
    due = Job.objects.filter(task__endswith="read_round", run_at__lte=job.run_at).count()
    assert asked(platform, lambda: run_jobs(["sync"])) == due
    rows = RatingChange.objects.filter(contest=contest).select_related("handle")
    for row in rows:
        assert row.new == platform.world.find(row.handle.shown).rating
        assert row.first_new == 1
    assert len(rows) == len(rated)
    again = Job.objects.get(key=job.key, status=Job.Status.READY)
    assert again.run_at == job.run_at + timedelta(days=2)


def test_a_claim_is_read_at_once_on_each_platform(platform: PretendPlatform, cast: object) -> None:
    name = platform.world.everybody()[0].handle
    claim: Claim = services.link_handle(
        member=User.objects.get(username="alice"), platform=platform.key, text=name
    )
    run_jobs(["sync"])
    claim.handle.refresh_from_db()
    assert claim.handle.state == Handle.State.OK
    assert Attempt.objects.filter(handle=claim.handle).exists()
