"""Work for workers that are killed; each piece leaves a row that counts how often it was done."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Never

from django.db import transaction
from django.db.models import F

from codetrack.core import events, jobs
from codetrack.core.models import Bucket, Event
from codetrack.ratings.events import RatingChanged
from codetrack.ratings.models import Claim


@dataclass(frozen=True, kw_only=True)
class Tallied(events.Payload):
    tag: ClassVar[str] = "tests:chore:tallied"
    number: int


@jobs.task(atomic=True)
def tally(number: int) -> None:
    """Writes rows and an event in the transaction that ends the job."""
    add(f"tally-{number}")
    time.sleep(0.002)
    events.record(Tallied(number=number))


@jobs.task()
def repeatable(number: int) -> None:
    """Is done outside, then written once however often it was run."""
    time.sleep(0.004)
    with transaction.atomic():
        if not Bucket.objects.select_for_update().filter(key=f"repeatable-{number}").exists():
            add(f"repeatable-{number}")


@events.consumer(Tallied.tag, name="tests.chores")
def note(batch: Sequence[Event]) -> None:
    """An event that came twice would break the primary key, and this for ever."""
    keys = [f"noted-{event.data['number']}" for event in batch]
    Bucket.objects.bulk_create(Bucket(key=key, tokens=1, at=0) for key in keys)


def add(key: str) -> None:
    """Count in a row that is made by the first."""
    if not Bucket.objects.filter(key=key).update(tokens=F("tokens") + 1):
        Bucket.objects.create(key=key, tokens=1, at=0)


def change_ratings() -> Never:
    """What the web process does until it is killed: one change after the other."""
    claims = list(Claim.objects.order_by("pk"))
    while True:
        with transaction.atomic():
            rating, claim = random.randrange(800, 3_000), random.choice(claims)
            changed = RatingChanged(
                handle_id=claim.handle_id,
                platform=claim.platform,
                old=rating,
                new=rating - 1,
                contests=1,
                revised=0,
            )
            events.record(changed, subject=claim.handle)
        time.sleep(random.uniform(0, 0.02))
