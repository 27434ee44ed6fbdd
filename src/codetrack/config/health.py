"""`/healthz` says that the process answers, `/readyz` that it can serve: for monitors, not people.

A middleware, and the first, because a monitor asks by address, over plain HTTP and without cookies.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse

from codetrack.core import limits, stations
from codetrack.core.db import outage


class HealthMiddleware:
    """Answers the two addresses before anything else is asked."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response
        self.migrated = False

    def __call__(self, request: HttpRequest) -> HttpResponse:
        match request.path:
            case "/healthz":
                return JsonResponse({"status": "ok", "version": settings.VERSION})
            case "/readyz":
                return self.ready()
            case _:
                return self.get_response(request)

    def ready(self) -> JsonResponse:
        """200 when the database has every migration and takes a row, else 503 with the reason.

        A club without a judge is ready: it says so, and submissions wait.
        """
        try:
            self.migrated = self.migrated or not pending_migrations()
            if self.migrated:
                limits.probe()
        except DatabaseError as error:
            known = outage(error)
            return _unavailable(known.code.replace("_", " ") if known else "no answer")
        if not self.migrated:
            return _unavailable("not migrated")
        outlook = stations.outlook(stations.known(stations.JUDGE))
        return JsonResponse({"status": "ok", "database": "ok", "judge": outlook})


def _unavailable(why: str) -> JsonResponse:
    return JsonResponse({"status": "unavailable", "database": why}, status=503)


def pending_migrations() -> list[str]:
    """The migrations that the database still lacks, as `app.0001_name`."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]
