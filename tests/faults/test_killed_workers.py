"""kill -9 of a worker: nothing is lost or doubled in the database, a mail stays the same mail."""

from __future__ import annotations

import time
from collections.abc import Iterator

import pytest
from django.core.mail import send_mail
from pytest_django.fixtures import Settings

from codetrack.core.models import Job, OutgoingMail
from tests.core.waiting import until
from tests.faults.kills import kill_during_jobs, kill_during_mail
from tests.faults.nursery import Nursery
from tests.faults.post import Post

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def post(settings: Settings) -> Iterator[Post]:
    settings.MAILERS = {"default": {"BACKEND": "codetrack.core.mail.QueuedBackend"}}
    with Post() as post:
        settings.MAIL_URL = post.url
        yield post


def test_five_kills_during_jobs(nursery: Nursery) -> None:
    report = kill_during_jobs(nursery, kills=5, seed=int(time.time()))
    assert (report.lost, report.doubled) == ([], []), report
    assert report.done > 100 and report.hits == 5


def test_five_kills_during_mail(nursery: Nursery, post: Post) -> None:
    report = kill_during_mail(nursery, post, kills=5, seed=int(time.time()))
    assert (report.lost, report.doubled) == ([], []), report
    assert report.hits == 5
    assert report.sent_twice <= 2 * report.kills  # two threads, so two mails in hand at a kill


def test_a_kill_between_the_servers_250_and_our_commit_sends_the_same_mail_again(
    nursery: Nursery, post: Post
) -> None:
    pid = nursery.start(mail_url=post.url)
    post.before_answer = lambda: nursery.kill(pid)
    send_mail("Hello", "You are tested.", None, ["alice@example.org"])
    until(lambda: len(post.arrivals) == 1)
    nursery.wait(pid)
    post.before_answer = lambda: None
    assert OutgoingMail.objects.get().state == OutgoingMail.State.WAITING
    nursery.start(mail_url=post.url)
    until(lambda: len(post.arrivals) == 2)
    first, second = post.arrivals
    assert first.message_id == second.message_id == OutgoingMail.objects.get().message_id
    until(lambda: not Job.objects.exclude(status=Job.Status.DONE).exists())
    assert OutgoingMail.objects.get().state == OutgoingMail.State.SENT
