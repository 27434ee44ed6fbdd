"""The jobs of standings."""

from __future__ import annotations

from codetrack.core import jobs
from codetrack.standings.services import feed


@jobs.every(hours=24)
@jobs.task()
def prune_feed() -> None:
    """Forget what was done long ago."""
    feed.prune()
