"""Work for later, kept in the same database: `task` declares, `later` enqueues, `every` repeats.

`task` is Django's own, with the options of our backend. Jobs run at least once: be safe to repeat.
"""

from codetrack.core.jobs.api import every, later, resolve, task

__all__ = ["every", "later", "resolve", "task"]
