"""Work for later, kept in the same database: `task` declares, `later` enqueues, `every` repeats,
`place` says how much comes before.

`task` is Django's own, with the options of our backend. Jobs run at least once: be safe to repeat.
"""

from codetrack.core.jobs.api import every, later, place, resolve, task

__all__ = ["every", "later", "place", "resolve", "task"]
