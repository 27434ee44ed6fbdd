"""Reads clubs after one rated round and says how long it took and how much was asked.

The part of `sync` that needs Django: a process of its own for each database and choice of
platforms, while the pretend platforms run in another.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from importlib import import_module
from itertools import batched
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.parts.clubs import CLUBS, world_of

NEWEST = 20  # attempts of each account that are there

if TYPE_CHECKING:
    from codetrack.demo.world import World
    from codetrack.platforms.base import Platform


def main(keys: Sequence[str]) -> None:
    with tempfile.TemporaryDirectory(prefix="codetrack-bench-") as folder:
        os.environ |= {
            "CODETRACK_DATA": folder,
            "SECRET_KEY": "only-for-benchmarks",
            "DJANGO_SETTINGS_MODULE": "codetrack.config.settings",
        }
        os.environ |= {
            f"CODETRACK_{key.upper()}_INTERVAL": str(CLUBS[key].interval) for key in keys
        }
        import django

        django.setup()
        play_rounds(Path(folder), keys)
        with pretend_platforms(Path(folder), keys) as server:
            seconds = read_the_clubs(keys)
            told, _ = server.communicate()
    print(json.dumps({"seconds": seconds, "requests": json.loads(told)}))


def play_rounds(folder: Path, keys: Sequence[str]) -> None:
    """The clubs as they were read a moment ago; since then some of each have been rated anew."""
    from django.core.management import call_command

    from codetrack.core import clock
    from codetrack.core.models import Job
    from codetrack.ratings.models import Handle

    call_command("migrate", verbosity=0)
    worlds = {key: world_of(key, folder) for key in keys}
    for world in worlds.values():
        fill(world)
    Job.objects.all().delete()
    time.sleep(1)  # platforms count in seconds
    for key, world in worlds.items():
        rated = [one.handle for one in world.everybody() if one.rating is not None]
        world.play(rated[: CLUBS[key].players])
    Handle.objects.update(next_sync_at=clock.now())


def fill(world: World) -> None:
    """Members, handles and what was read of them, by the services that the jobs call."""
    from codetrack.accounts.models import User
    from codetrack.core import clock
    from codetrack.ratings import services
    from codetrack.ratings.models import Claim, Handle

    key, at = world.flavour.key, clock.now()
    site: Platform = import_module(f"codetrack.demo.{key}").adapter(world)
    names = [one.handle for one in world.everybody()]
    users = [User(username=f"{key}{n}", email=f"{key}{n}@example.org") for n in range(len(names))]
    rows = [Handle(platform=key, canonical=name.lower(), shown=name, state_at=at) for name in names]
    members, handles = User.objects.bulk_create(users), Handle.objects.bulk_create(rows)
    Claim.objects.bulk_create(
        Claim(platform=key, member=member, handle=handle, created_at=at, verified_at=at)
        for member, handle in zip(members, handles, strict=True)
    )
    services.apply_contests(platform=key, read=site.contests())
    for some in batched(handles, 200):
        shown = {one.pk: one.shown for one in some}
        found = site.profiles(list(shown.values()))
        services.apply_profiles(found={pk: found[name] for pk, name in shown.items()}, at=at)
        services.apply_history(read={pk: site.history(n) for pk, n in shown.items()}, at=at)
        # The newest alone: what is older was read long ago and is not looked at again.
        newest = {pk: site.attempts(name)[:NEWEST] for pk, name in shown.items()}
        services.apply_attempts(read=newest, at=at)


@contextmanager
def pretend_platforms(folder: Path, keys: Sequence[str]) -> Iterator[subprocess.Popen[str]]:
    """In a process of their own, with their own limits; at its end it says their requests."""
    from django.conf import settings

    command = [sys.executable, "-m", "benchmarks.parts.platform", str(folder), *keys]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as server:
        assert server.stdout
        for key, url in json.loads(server.stdout.readline()).items():
            settings.PLATFORMS[key]["url"] = url
        yield server


def read_the_clubs(keys: Sequence[str]) -> float:
    """The seconds from "it is time" until everything is read."""
    from django.db import transaction

    from codetrack.core import http, jobs
    from codetrack.core.jobs.worker import Worker
    from codetrack.core.models import Job
    from codetrack.ratings.models import Handle

    lacking = Handle.objects.select_related("current")
    assert not any(one.lacks_history or one.lacks_attempts for one in lacking)
    for key in keys:
        http.platform(key)  # a worker that has run before has its connections
    worker = Worker(["sync"])
    worker.start()
    waiting = Job.objects.filter(queue="sync", status__lt=Job.Status.DONE)
    waiting = waiting.exclude(task__endswith="read_round")  # in the days to come
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
    main(sys.argv[1:])
