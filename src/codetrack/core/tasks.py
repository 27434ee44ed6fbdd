"""The jobs of core itself: consuming events, sending mail, throwing away what is over."""

from __future__ import annotations

from datetime import timedelta

from codetrack.core import events, jobs, limits, mail, smtp, stations
from codetrack.core.jobs import lease, schedule


@jobs.task(atomic=True, max_attempts=1_000_000)
def consume(name: str) -> None:
    """Give a consumer its next events. It is never given up: it would miss all that follow."""
    events.consume(name)


@jobs.task(queue_name="mail", max_attempts=mail.TRIES, backoff=15)
def send_mail(pk: int) -> None:
    """Hand one mail to the mail server."""
    mail.deliver(pk)


schedule.each_second.append(smtp.leave)


@jobs.every(minutes=10)
@jobs.task()
def catch_up() -> None:
    """Wake the consumers that are behind."""
    events.catch_up()


@jobs.every(hours=1)
@jobs.task()
def prune() -> None:
    """Delete what is over: jobs, mails, short-lived events, limits, machines that are gone."""
    lease.prune(done=timedelta(days=1), failed=timedelta(days=30))
    schedule.prune()
    mail.prune(sent=timedelta(days=30))
    events.prune()
    limits.prune()
    stations.prune(away=timedelta(days=7))
