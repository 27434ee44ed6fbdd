"""Django's development server, which here also runs the jobs."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.management.commands import runserver

from codetrack.config.health import pending_migrations
from codetrack.config.work import Work


class Command(runserver.Command):
    default_port = str(settings.PORT)
    work: Work | None = None

    def inner_run(self, *args: Any, **options: Any) -> None:
        """Runs in the reloaded process alone, so there is one set of job threads."""
        try:
            super().inner_run(*args, **options)
        finally:
            if self.work:
                self.work.stop()

    def on_bind(self, server_port: int) -> None:
        """The port is ours: work may begin, unless Django has just asked to migrate first."""
        super().on_bind(server_port)
        if pending_migrations():
            self.stdout.write(self.style.NOTICE("No jobs run until it is migrated and restarted."))
            return
        self.work = Work(settings.JOB_QUEUES)
        self.work.start()
