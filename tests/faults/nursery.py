"""Forks workers that are ready at once, for tests that kill them.

`Nursery` is used by the test; `python -m tests.faults.nursery` is the process that forks.
"""

from __future__ import annotations

import json
import os
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from tests.core.waiting import until

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from codetrack.core.models import Job

ROOT = Path(__file__).resolve().parents[2]


class Nursery:
    """`with Nursery() as nursery:` then `start(…)` and `kill(…)`; all children end with it."""

    def __init__(self) -> None:
        self.children: set[int] = set()

    def start(self, **order: Any) -> int:
        """Fork a process that does `order` on the test's own database; return its process id."""
        from django.db import connection

        order.setdefault("database", str(connection.settings_dict["NAME"]))
        assert self.process.stdin and self.process.stdout
        self.process.stdin.write(json.dumps(order) + "\n")
        self.process.stdin.flush()
        pid = int(self.process.stdout.readline())
        self.children.add(pid)
        return pid

    def kill(self, pid: int) -> None:
        """kill -9, and wait until it is gone with its locks and sockets."""
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
        self.wait(pid)

    def wait(self, pid: int, seconds: float = 30) -> None:
        end = time.monotonic() + seconds
        while alive(pid):
            assert time.monotonic() < end, f"Process {pid} did not end in {seconds} s."
            time.sleep(0.005)
        self.children.discard(pid)

    def finish(self, *, seconds: float = 60, **order: Any) -> None:
        """Let one worker end what there is, and leave it in peace until then."""
        from codetrack.core.models import Job

        pid = self.start(**order)
        wait_until_idle(Job.objects.exclude(status=Job.Status.DONE), seconds=seconds)
        self.kill(pid)

    def __enter__(self) -> Self:
        self.process = subprocess.Popen(
            [sys.executable, "-m", __name__],
            cwd=ROOT,
            env=os.environ | {"PYTHONWARNINGS": "ignore"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        return self

    def __exit__(self, *error: object) -> None:
        for pid in list(self.children):
            self.kill(pid)
        self.process.kill()  # it may not even have begun, where nobody was started
        self.process.communicate()


def wait_until_idle(jobs: QuerySet[Job], *, seconds: float) -> None:
    """Until none of these is open and no event waits for its number.

    Numbering wakes the consumers of a job's events, after the job is done. So both are asked for in
    one question: between two of them there may be an event, its consumer, and what that enqueues.
    """
    from codetrack.core.models import Event

    open_ones = jobs.values("pk").union(Event.objects.filter(seq=None).values("pk"))
    until(
        lambda: not open_ones.exists(),
        seconds=seconds,
        told=lambda: list(jobs.values("task", "status", "attempts", "failures", "error")[:5]),
    )


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def main() -> None:
    import django
    from django.core.mail import DNS_NAME

    django.setup()
    from tests.faults import chores  # noqa: F401 - its children need not read it

    DNS_NAME.get_fqdn()  # may be slow, and each child would ask again
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody asks how the children ended
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            signal.signal(signal.SIGCHLD, signal.SIG_DFL)
            sys.stdin.close()
            sys.stdout = sys.stderr
            os._exit(do(**json.loads(line)))
        print(pid, flush=True)  # noqa: T201 - the answer to the test


def do(
    *,
    database: str,
    mail_url: str = "",
    platforms: Mapping[str, str] | None = None,
    threads: int = 1,
    file_limit: int = 0,
    role: str = "worker",
) -> int:
    """The life of one child: migrate, or be the worker or the web process until killed.

    `platforms` are URLs by key.
    """
    import logging

    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    from tests.faults import chores

    connection.settings_dict["NAME"] = database
    settings.MAIL_URL = mail_url
    settings.NOTICES_JOIN_SECONDS = 0.05
    for key, url in (platforms or {}).items():
        settings.PLATFORMS[key] |= {"url": url, "interval": 0.005}
    logging.disable()
    if file_limit:
        resource.setrlimit(resource.RLIMIT_FSIZE, (file_limit, resource.RLIM_INFINITY))
    if role == "migrate":
        call_command("migrate", verbosity=0)
        return 0
    if role == "web":
        chores.change_ratings()
    from codetrack.core.jobs import schedule
    from codetrack.core.jobs.worker import Worker

    schedule.periodic.clear()  # only the test's work is done here
    Worker(settings.JOB_QUEUES, threads=threads, lease_seconds=2.5).run()
    return 0


if __name__ == "__main__":
    main()
