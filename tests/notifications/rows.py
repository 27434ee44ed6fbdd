"""Events that are told of, and what came of them."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.message import EmailMessage
from typing import ClassVar

from django.db import transaction

from codetrack.accounts.models import User
from codetrack.core import events
from codetrack.core.testing import HeldClock, run_jobs
from codetrack.ratings import services
from codetrack.ratings.events import RatingChanged
from codetrack.ratings.models import Claim


@dataclass(frozen=True, kw_only=True)
class Pinged(events.Payload):
    """Something that only tests tell of; see `kinds.py`."""

    tag: ClassVar[str] = "tests:pinged"
    to: list[int]
    thread: str = "ping:1"
    address: str = ""
    number: int = 1


def ping(*members: User, thread: str = "ping:1", address: str = "", number: int = 1) -> None:
    payload = Pinged(
        to=[member.pk for member in members], thread=thread, address=address, number=number
    )
    with transaction.atomic():
        events.record(payload)


def linked(member: User, handle: str = "nila_v", platform: str = "codeforces") -> Claim:
    return services.link_handle(member=member, platform=platform, text=handle)


def rate(claim: Claim, old: int | None, new: int, *, contests: int = 1, revised: int = 0) -> None:
    """What a reading records when a contest was added to the history of a handle."""
    changed = RatingChanged(
        handle_id=claim.handle_id,
        platform=claim.platform,
        old=old,
        new=new,
        contests=contests,
        revised=revised,
    )
    with transaction.atomic():
        events.record(changed, subject=claim.handle)


QUEUES = ["default", "mail"]


def told(held: HeldClock) -> None:
    """Everything that waits no longer than the moment in which others may join is told."""
    run_jobs(QUEUES)
    held.forward(seconds=61)
    run_jobs(QUEUES)


def body(mail: EmailMessage, kind: str = "plain") -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def unsubscribe_path(mail: EmailMessage) -> str:
    """The path of the link that mail programs post to."""
    found = re.fullmatch(r"<https?://[^/]+(/.+)>", mail["List-Unsubscribe"])
    assert found, mail["List-Unsubscribe"]
    return found[1]
