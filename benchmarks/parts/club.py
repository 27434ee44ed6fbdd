"""Reads a club of 2,000 after one rated round and says how long it took and how much was asked.

The part of `sync` that needs Django: a process of its own for each database, while the pretend
Codeforces runs in another.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import batched
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from codetrack.demo.world import World

MEMBERS, PLAYERS, INTERVAL = 2_000, 300, 0.02


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="codetrack-bench-") as folder:
        os.environ |= {
            "CODETRACK_DATA": folder,
            "CODETRACK_CODEFORCES_INTERVAL": str(INTERVAL),
            "SECRET_KEY": "only-for-benchmarks",
            "DJANGO_SETTINGS_MODULE": "codetrack.config.settings",
        }
        import django

        django.setup()
        play_a_round(Path(folder))
        with pretend_codeforces(Path(folder)) as server:
            seconds = read_the_club()
            requests, _ = server.communicate()
    print(json.dumps({"seconds": seconds, "requests": int(requests)}))


def play_a_round(folder: Path) -> None:
    """The club as it was read a moment ago; since then 300 of it have been rated anew."""
    from django.core.management import call_command

    from codetrack.core.models import Job
    from codetrack.demo.world import World

    call_command("migrate", verbosity=0)
    world = World(size=MEMBERS, path=folder / "world.json")
    fill(world)
    Job.objects.all().delete()
    time.sleep(1)  # the platform counts in seconds
    rated = [one.handle for one in world.everybody() if one.rating is not None]
    world.play(rated[:PLAYERS])


def fill(world: World) -> None:
    """Members, handles and what was read of them, by the services that the jobs call."""
    from codetrack.accounts.models import User
    from codetrack.core import clock
    from codetrack.demo.codeforces import adapter
    from codetrack.ratings import services
    from codetrack.ratings.models import Claim, Handle

    site, at = adapter(world), clock.now()
    names = [one.handle for one in world.everybody()]
    users = [User(username=f"m{n}", email=f"m{n}@example.org") for n in range(len(names))]
    rows = [
        Handle(platform="codeforces", canonical=name.lower(), shown=name, state_at=at)
        for name in names
    ]
    members, handles = User.objects.bulk_create(users), Handle.objects.bulk_create(rows)
    Claim.objects.bulk_create(
        Claim(platform="codeforces", member=member, handle=handle, created_at=at, verified_at=at)
        for member, handle in zip(members, handles, strict=True)
    )
    services.apply_contests(platform="codeforces", read=site.contests())
    for some in batched(handles, 200):
        found = site.profiles([one.shown for one in some])
        services.apply_profiles(found={one.pk: found[one.shown] for one in some}, at=at)
        services.apply_history(read={one.pk: site.history(one.shown) for one in some}, at=at)
        services.apply_attempts(read={one.pk: site.attempts(one.shown) for one in some}, at=at)
    Handle.objects.update(next_sync_at=clock.now())


@contextmanager
def pretend_codeforces(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """The platform in a process of its own, with its own limit; at its end it says its requests."""
    from django.conf import settings

    command = [sys.executable, "-m", "benchmarks.parts.platform", str(folder), str(INTERVAL)]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as server:
        assert server.stdout
        settings.PLATFORMS["codeforces"]["url"] = server.stdout.readline().strip()
        yield server


def read_the_club() -> float:
    """The seconds from "it is time" until everything is read."""
    from django.db import transaction

    from codetrack.core import http, jobs
    from codetrack.core.jobs.worker import Worker
    from codetrack.core.models import Job
    from codetrack.ratings.models import Handle

    lacking = Handle.objects.select_related("current")
    assert not any(one.lacks_history or one.lacks_attempts for one in lacking)
    http.platform("codeforces")  # a worker that has run before has its connections
    worker = Worker(["sync"])
    worker.start()
    waiting = Job.objects.filter(queue="sync", status__lt=Job.Status.DONE)
    began = time.perf_counter()
    with transaction.atomic():
        jobs.later("ratings.sync_due")
    while waiting.exists():
        time.sleep(0.02)
    seconds = time.perf_counter() - began
    worker.stop()
    assert not Job.objects.filter(status=Job.Status.FAILED).exists()
    assert not any(one.lacks_history or one.lacks_attempts for one in lacking.all())
    return seconds


if __name__ == "__main__":
    main()
