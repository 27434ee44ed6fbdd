"""Kills workers while they read three platforms, and counts what was lost or doubled."""

from __future__ import annotations

import random
import time
from collections.abc import Iterator
from importlib import import_module

from codetrack.accounts.models import User
from codetrack.core import clock
from codetrack.core.models import Event, Job
from codetrack.demo.platform import PretendPlatform
from codetrack.demo.servers import DemoServers
from codetrack.platforms.base import Platform, Profile
from codetrack.ratings import services
from codetrack.ratings.models import (
    Attempt,
    CalendarDay,
    Claim,
    Handle,
    Problem,
    RatingChange,
    Solve,
)
from tests.core.waiting import until
from tests.faults.kills import Report
from tests.faults.nursery import Nursery, wait_until_idle

THREADS = 4


def kill_during_sync(nursery: Nursery, servers: DemoServers, *, kills: int, seed: int) -> Report:
    """Everybody is read again and again, and something happens in each world between the kills."""
    moments, report = random.Random(seed), Report(kills=kills)
    worlds = servers.pretend.platforms
    for platform in worlds.values():
        link(platform)
    order = {"platforms": {key: servers.url(key) for key in worlds}, "threads": THREADS}
    for _ in range(kills):
        _plan()
        pid = nursery.start(**order)
        held = Job.objects.filter(status=Job.Status.RUNNING, worker__contains=f":{pid}:")
        until(held.exists)
        time.sleep(moments.uniform(0, 0.4))
        nursery.kill(pid)
        report.hits += held.exists()
        held.update(lease_until=clock.now())  # the next one need not wait for it
        _live(moments.choice(list(worlds.values())), moments)
    _finish(nursery, order)
    for platform in worlds.values():
        site = adapter(platform)
        for handle in Handle.objects.filter(platform=platform.key).select_related("current"):
            report.done += 1
            report.lost += lost(site, handle)
            report.doubled += doubled(handle)
    return report


def link(platform: PretendPlatform) -> None:
    now, people = clock.now(), platform.world.everybody()
    members = User.objects.bulk_create(
        User(username=f"{platform.key}-{one.number}", email=f"{one.number}@{platform.key}.example")
        for one in people
    )
    handles = Handle.objects.bulk_create(
        Handle(platform=platform.key, canonical=one.handle.lower(), shown=one.handle, state_at=now)
        for one in people
    )
    Claim.objects.bulk_create(
        Claim(handle=handle, platform=platform.key, member=member, created_at=now)
        for handle, member in zip(handles, members, strict=True)
    )


def _plan() -> None:
    Handle.objects.update(next_sync_at=clock.now())
    services.plan_reading(at=clock.now())


def _live(platform: PretendPlatform, moments: random.Random) -> None:
    """A rated round, or a few attempts at once."""
    if moments.random() < 0.2:
        platform.world.club_round()
    for account in moments.sample(platform.world.everybody(), 5):
        platform.world.submit(account.handle, moments.choice(["OK", "WRONG_ANSWER"]))


def _finish(nursery: Nursery, order: dict[str, object]) -> None:
    """Let one worker read everything, in peace."""
    time.sleep(1.1)  # platforms count in seconds: what has just happened is over
    waiting = Job.objects.filter(status__lt=Job.Status.DONE)
    jobs = waiting.exclude(task__endswith="read_round")  # in the days to come
    pid = nursery.start(**order)
    wait_until_idle(jobs, seconds=90)
    _plan()
    wait_until_idle(jobs, seconds=90)
    nursery.kill(pid)


def adapter(platform: PretendPlatform) -> Platform:
    """The platform as it is now, without HTTP."""
    site: Platform = import_module(f"codetrack.demo.{platform.key}").adapter(platform.world)
    return site


def lost(site: Platform, handle: Handle) -> Iterator[str]:
    """What the platform tells of an account and is not here."""
    profile = site.profiles([handle.shown])[handle.shown]
    last = handle.current
    assert isinstance(profile, Profile)
    if last is None or last.rating != profile.rating or handle.state != Handle.State.OK:
        yield f"{handle}: its profile"
        return
    changes = RatingChange.objects.filter(handle=handle).order_by("at", "pk")
    told = [(one.contest_key, one.rank, one.new) for one in site.history(handle.shown)]
    if [(one.contest.key, one.rank, one.new) for one in changes] != told:
        yield f"{handle}: its history"
    attempts = dict(Attempt.objects.filter(handle=handle).values_list("remote_id", "verdict"))
    listed = site.attempts(handle.shown)
    yield from (
        f"{handle}: {one.remote_id}" for one in listed if attempts.get(one.remote_id) != one.verdict
    )
    days = profile.activity.days if profile.activity else site.activity(handle.shown).days
    stored = dict(CalendarDay.objects.filter(handle=handle).values_list("day", "submissions"))
    yield from (f"{handle}: {day}" for day, count in days.items() if stored.get(day) != count)
    accepted = {one.problem.key for one in listed if one.verdict == "AC"}
    solved = set(Solve.objects.filter(handle=handle).values_list("problem__key", flat=True))
    yield from (f"{handle}: {key}" for key in accepted - solved)
    twins = dict(
        Problem.objects.filter(platform=site.key, key__in=accepted, twin__isnull=False).values_list(
            "key", "twin__key"
        )
    )
    ours = len({twins.get(key, key) for key in accepted})
    count = profile.solved if site.counts_solved else ours
    if last.solved != count:
        yield f"{handle}: {last.solved} solved of {count}"


def doubled(handle: Handle) -> Iterator[str]:
    """What was told twice. Rows cannot be there twice: the database refuses them."""
    told = Event.objects.filter(subject_type="ratings.handle", subject_id=handle.pk)
    if told.filter(tag="ratings:handle:read").count() != 1:
        yield f"{handle}: read for the first time"
    changed = told.filter(tag="ratings:rating:changed")
    if (
        sum(one.data["contests"] for one in changed)
        > RatingChange.objects.filter(handle=handle).count()
    ):
        yield f"{handle}: more contests than there are"
    solved = handle.current.solved if handle.current else None
    news = told.filter(tag="ratings:problems:solved")
    if sum(one.data["count"] for one in news) > (solved or 0):
        yield f"{handle}: more solved than there is"
