"""The consumer writes what is told once, whatever happens while it does."""

from __future__ import annotations

import pytest

from codetrack.accounts.models import User
from codetrack.core import events
from codetrack.core.models import Position
from codetrack.core.testing import HeldClock, run_jobs
from codetrack.notifications.models import Delivery, Notice
from codetrack.notifications.services import telling
from tests.core.servers import MailServer
from tests.notifications.rows import QUEUES, invite, linked, rate, told

pytestmark = pytest.mark.django_db


class Crash(Exception):
    """The process dies here."""


@pytest.mark.parametrize("step", ["_deliver", "ring", "_notice"])
def test_a_crash_in_the_middle_writes_nothing_and_later_everything(
    post: MailServer,
    held: HeldClock,
    monkeypatch: pytest.MonkeyPatch,
    alice: User,
    step: str,
) -> None:
    def crash(*arguments: object) -> None:
        raise Crash

    rate(linked(alice), 1500, 1510)
    with monkeypatch.context() as patch:
        patch.setattr(telling, step, crash)
        with pytest.raises(Crash):
            run_jobs(QUEUES)
    assert not Notice.objects.exists() and not Delivery.objects.exists()
    held.forward(hours=1)
    told(held)
    assert Notice.objects.count() == Delivery.objects.count() == len(post.mails) == 1


def test_a_consumer_that_starts_anew_tells_nothing_twice(
    post: MailServer, held: HeldClock, alice: User
) -> None:
    rate(linked(alice), 1500, 1510)
    told(held)
    Position.objects.filter(consumer="notifications").delete()
    events.catch_up()
    rate(linked(alice), 1510, 1520)
    told(held)
    assert Notice.objects.count() == len(post.mails) == 2


@pytest.mark.usefixtures("invitations")
def test_one_address_written_in_two_ways_is_told_once(post: MailServer, held: HeldClock) -> None:
    invite("new@example.org", "NEW@example.org", " new@example.org ")
    told(held)
    assert post.envelopes == [["new@example.org"]]


def test_five_hundred_changes_at_once_are_each_told(
    post: MailServer, held: HeldClock, alice: User
) -> None:
    claim = linked(alice)
    for number in range(events.BATCH + 1):
        rate(claim, 1000 + number, 1001 + number)
    told(held)
    assert Notice.objects.filter(kind="rating_changed").count() == events.BATCH + 1
    assert len(post.mails) == 1
