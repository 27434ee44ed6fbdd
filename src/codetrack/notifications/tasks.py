"""The jobs of notifications: handing messages over, and looking after those left behind."""

from __future__ import annotations

from datetime import timedelta

from codetrack.core import jobs, mail
from codetrack.core.errors import Unavailable
from codetrack.notifications import channels, services
from codetrack.notifications.models import Blocked


@jobs.task(queue_name="notices", max_attempts=mail.TRIES, backoff=15)
def deliver(pk: int) -> None:
    """Hand one message over, if it is due and still wanted."""
    delivery = services.take_up(delivery=pk)
    if delivery is None:
        return
    try:
        channel = channels.named(delivery.channel)
        channel.deliver(delivery, services.still_wanted(delivery=delivery, channel=channel))
    except channels.Dropped as dropped:
        services.note_dropped(delivery=delivery, why=str(dropped))
    except channels.Unknown as error:
        services.block(address=delivery.recipient, why=Blocked.Why.REFUSED, error=error.message)
        services.note_failed(delivery=delivery, error=error.message, final=True)
    except Unavailable as error:
        final = error.permanent or delivery.attempts >= mail.TRIES
        services.note_failed(delivery=delivery, error=error.message, final=final)
        if not final:
            raise
    else:
        services.note_sent(delivery=delivery)


@jobs.every(minutes=10)
@jobs.task()
def wake_deliveries() -> None:
    """Have tried again what is overdue and waits in no queue: its job was given up, or lost."""
    services.wake_overdue(overdue=timedelta(minutes=10))


@jobs.every(hours=24)
@jobs.task()
def prune() -> None:
    """Forget what was told long ago."""
    services.prune(notices=timedelta(days=180), deliveries=timedelta(days=60))
