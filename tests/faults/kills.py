"""Kills workers at random moments while they work, and counts what was lost or doubled."""

from __future__ import annotations

import random
import time
from dataclasses import dataclass, field

from django.core.mail import send_mail

from codetrack.core.models import Bucket, Job, OutgoingMail
from tests.core.names import later
from tests.core.waiting import until
from tests.faults import chores
from tests.faults.nursery import Nursery
from tests.faults.post import Post

#: So much work waits whenever a worker starts.
BACKLOG = 120


@dataclass
class Report:
    kills: int = 0
    #: Kills that hit a worker with a job in hand.
    hits: int = 0
    done: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    #: Mails that arrived twice with one Message-ID, a kill lying between.
    sent_twice: int = 0

    def __str__(self) -> str:
        return (
            f"{self.kills} kills, {self.hits} with a job in hand: {self.done} pieces of work done, "
            f"{len(self.lost)} lost, {len(self.doubled)} doubled, "
            f"{self.sent_twice} mails sent twice with the same Message-ID"
        )


def kill_during_jobs(nursery: Nursery, *, kills: int, seed: int) -> Report:
    """Jobs of both kinds and a consumer of the events that they record; so many kills that hit."""
    moments, report, total = random.Random(seed), Report(), 0
    while report.hits < kills:
        while Job.objects.filter(status=Job.Status.READY).count() < BACKLOG:
            later(chores.tally, total)
            later(chores.repeatable, total)
            total += 1
        _start_and_kill(nursery, report, moments, {"threads": 2})
    nursery.finish(threads=2)
    for kind in ("tally", "noted", "repeatable"):
        _count(report, kind, total)
    return report


def kill_during_mail(nursery: Nursery, post: Post, *, kills: int, seed: int) -> Report:
    """Mails to a server that takes its time; it remembers when it said 250 to which. So many kills
    that hit."""
    moments, report, killed_at = random.Random(seed), Report(), list[float]()
    while report.hits < kills:
        while Job.objects.filter(status=Job.Status.READY).count() < BACKLOG // 2:
            send_mail("Hello", "You are tested.", None, ["alice@example.org"])
        _start_and_kill(nursery, report, moments, {"threads": 2, "mail_url": post.url})
        killed_at.append(time.time())
    nursery.finish(threads=2, mail_url=post.url)
    report.done = OutgoingMail.objects.filter(state=OutgoingMail.State.SENT).count()
    written = set(OutgoingMail.objects.values_list("message_id", flat=True))
    arrived = {arrival.message_id for arrival in post.arrivals}
    report.lost = sorted(written - arrived)
    report.sent_twice, report.doubled = post.repeated(killed_at)
    return report


def _start_and_kill(
    nursery: Nursery, report: Report, moments: random.Random, order: dict[str, object]
) -> None:
    """However long it takes a worker to begin, it is killed at some moment after that."""
    pid = nursery.start(**order)
    taken = Job.objects.filter(worker__contains=f":{pid}:")
    until(taken.exists, seconds=60)
    time.sleep(moments.uniform(0, 0.4))
    nursery.kill(pid)
    report.kills += 1
    report.hits += taken.filter(status=Job.Status.RUNNING).exists()


def _count(report: Report, kind: str, total: int) -> None:
    done = dict(Bucket.objects.filter(key__startswith=f"{kind}-").values_list("key", "tokens"))
    report.done += len(done)
    report.lost += [f"{kind}-{n}" for n in range(total) if f"{kind}-{n}" not in done]
    report.doubled += [key for key, times in done.items() if times != 1]
