"""The jobs of standings."""

from __future__ import annotations

from datetime import timedelta

from codetrack.core import jobs
from codetrack.standings import services
from codetrack.standings.services import feed


@jobs.every(hours=24)
@jobs.task()
def prune_feed() -> None:
    """Forget what was done long ago."""
    feed.prune()


@jobs.task(atomic=True)
def announce(board: int) -> None:
    """Tell open pages that a board changed."""
    services.announce(board=board)


@jobs.every(cron="0 0 * * *")
@jobs.task()
def open_periods() -> None:
    """At midnight: the boards of a new week or month, with the counts to compare with."""
    services.open_periods()


@jobs.every(cron="20 3 * * *")
@jobs.task()
def reconcile() -> None:
    """At night: put right what is wrong."""
    services.reconcile()


@jobs.every(hours=24)
@jobs.task()
def prune_boards() -> None:
    """Delete the boards of weeks and months that nobody looks at any more."""
    services.prune(weeks=timedelta(weeks=5), months=timedelta(days=93))
