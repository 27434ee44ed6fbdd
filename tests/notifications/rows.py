"""Events that are told of, and what came of them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from email.message import EmailMessage
from typing import ClassVar

from django.db import transaction

from codetrack.accounts.models import User
from codetrack.core import clock, events, notices
from codetrack.core.models import Event
from codetrack.core.testing import HeldClock, run_jobs
from codetrack.platforms.base import Profile
from codetrack.ratings import services
from codetrack.ratings.events import RatingChanged
from codetrack.ratings.models import Claim

QUEUES = ["default", "mail", "notices"]


@dataclass(frozen=True, kw_only=True)
class Invited(events.Payload):
    """Something that tells whoever it names, with an account or without; see the fixture."""

    tag: ClassVar[str] = "tests:invited"
    addresses: list[str]


class Invitation(notices.Kind):
    """Has the words of another kind."""

    @property
    def template(self) -> str:
        return "accounts/notices/membership_started"


def invited(events: Sequence[Event]) -> Iterator[notices.Told]:
    for event in events:
        for address in event.data["addresses"]:
            params = {"institute": "Hill"}
            yield notices.Told(
                event=event, address=address, thread="institute:1", url="/", params=params
            )


INVITATION = Invitation(
    key="invited",
    app="tests",
    tags=frozenset({Invited.tag}),
    label="I am invited",
    why="You get this mail because you were invited.",
    defaults={"web": notices.NOW, "email": notices.DAILY},
    always=frozenset(),
    concerns=notices.everyone,
    tell=invited,
)


def invite(*addresses: str) -> None:
    with transaction.atomic():
        events.record(Invited(addresses=list(addresses)))


def linked(member: User, handle: str = "nila_v", platform: str = "codeforces") -> Claim:
    return services.link_handle(member=member, platform=platform, text=handle)


def prove(claim: Claim) -> None:
    """Its owner has put the token into the profile."""
    proof = services.start_proof(claim=claim, method="organization", by=claim.member)
    found = Profile(handle="nila_v", texts={"organization": services.token_of(proof)})
    assert services.settle_proof(proof=proof, found=found, at=clock.now())


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


def told(held: HeldClock) -> None:
    """Everything that waits no longer than the moment in which others may join is told."""
    run_jobs(QUEUES)
    held.forward(seconds=61)
    run_jobs(QUEUES)


def body(mail: EmailMessage, kind: str = "plain") -> str:
    part = mail.get_body((kind,))
    assert part is not None
    return str(part.get_content())


def unsubscribe_path(wire: bytes) -> str:
    """The path of the link that mail programs post to, as it came over the wire."""
    found = re.search(rb"\r\nList-Unsubscribe: <https?://[^/]+(/[^>\r]+)>\r\n", wire)
    assert found, wire.decode()
    return found[1].decode()
