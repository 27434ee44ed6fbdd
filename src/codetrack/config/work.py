"""All that runs jobs in one process: every queue at once, but `judge` only where it is safe."""

from __future__ import annotations

from collections.abc import Sequence

from codetrack.config.judging import Judging
from codetrack.core.jobs.worker import Worker, until_told
from codetrack.core.stations import JUDGE


class Work:
    """Serves these queues, `threads` jobs of each at a time (as the settings say, if not given).

    How many programs are judged at a time is for CODETRACK_JUDGE_WORKERS alone to say.
    """

    def __init__(self, queues: Sequence[str], *, threads: int | None = None) -> None:
        others = [queue for queue in queues if queue != JUDGE]
        self.parts: list[Worker | Judging] = []
        if others:
            self.parts.append(Worker(others, threads=threads))
        if JUDGE in queues:
            self.parts.append(Judging())

    def start(self) -> None:
        for part in self.parts:
            part.start()

    def stop(self) -> None:
        """End after the jobs that run now."""
        for part in reversed(self.parts):
            part.stop()

    def run(self) -> None:
        """The whole life of a process that does nothing else."""
        until_told(self)
