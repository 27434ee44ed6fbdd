"""Kills the web process that changes ratings and the worker that tells of it, and counts."""

from __future__ import annotations

import random
import time
from collections import Counter
from dataclasses import dataclass, field

from codetrack.core.models import Event, Job
from codetrack.notifications import links
from codetrack.notifications.models import Delivery, Notice
from codetrack.ratings import services
from codetrack.ratings.events import RatingChanged
from tests.factories import MemberFactory
from tests.faults.nursery import Nursery
from tests.faults.post import Post

MEMBERS = 20


@dataclass
class Told:
    """What became of the events; everything but `sent_twice` has to be empty."""

    kills: int
    events: int = 0
    notices: int = 0
    mails: int = 0
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    #: Mails that the server took and that we could not write down before the kill.
    sent_twice: int = 0

    def __str__(self) -> str:
        return (
            f"{self.kills} kills of web and worker during {self.events} events: "
            f"inbox {self.notices} notices, e-mail {self.mails} mails; "
            f"{len(self.lost)} lost, {len(self.doubled)} doubled, "
            f"{self.sent_twice} mails sent twice with the same Message-ID"
        )


def kill_during_notices(nursery: Nursery, post: Post, *, least: int, seed: int) -> Told:
    """Until at least so many ratings changed. `post` remembers when it took which mail."""
    for member in MemberFactory.create_batch(MEMBERS):
        services.link_handle(member=member, platform="codeforces", text=member.username)
    Job.objects.all().delete()  # of reading them: nobody asks a platform here
    changes = Event.objects.filter(tag=RatingChanged.tag)
    moments, kills, killed_at = random.Random(seed), 0, list[float]()
    while changes.count() < least or kills < 4:
        web, worker = nursery.start(role="web"), nursery.start(threads=2, mail_url=post.url)
        for pid in moments.sample([web, worker], 2):
            time.sleep(moments.uniform(0.1, 0.8))
            nursery.kill(pid)
            kills += 1
            if pid == worker:
                killed_at.append(time.time())
    nursery.finish(threads=2, mail_url=post.url, seconds=120)
    return _count(Told(kills), post, killed_at)


def _count(told: Told, post: Post, killed_at: list[float]) -> Told:
    """`killed_at` is when workers were."""
    changes = Event.objects.filter(tag=RatingChanged.tag)
    told.events, told.notices = changes.count(), Notice.objects.count()
    by_event = Counter[int | None](Notice.objects.values_list("seq", flat=True))
    told.lost += [
        f"event {seq}" for seq in changes.values_list("seq", flat=True) if not by_event[seq]
    ]
    told.doubled += [f"event {seq}" for seq, times in by_event.items() if times > 1]
    for notice in Notice.objects.prefetch_related("deliveries"):
        states = [row.state for row in notice.deliveries.all()]
        if states != [Delivery.State.SENT]:
            told.lost.append(f"notice {notice.pk}: {states}")
    _count_mails(told, post, killed_at)
    return told


def _count_mails(told: Told, post: Post, killed_at: list[float]) -> None:
    written = {links.message_id(row) for row in Delivery.objects.all()}
    arrived = {arrival.message_id for arrival in post.arrivals}
    told.mails = len(arrived)
    told.lost += sorted(written - arrived)
    told.sent_twice, doubled = post.repeated(killed_at)
    told.doubled += doubled
