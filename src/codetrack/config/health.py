"""`/healthz` says that the process answers, `/readyz` that it can serve: for monitors, not people.

A middleware, and the first, because a monitor asks by address, over plain HTTP and without cookies.
"""

from __future__ import annotations

from collections.abc import Callable

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse


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
        """200 when the database answers and has every migration, else 503 with what is missing."""
        try:
            with connection.cursor() as cursor:
                cursor.execute("SELECT 1")
            self.migrated = self.migrated or not pending_migrations()
        except DatabaseError:
            return JsonResponse({"status": "unavailable", "database": "no answer"}, status=503)
        if not self.migrated:
            return JsonResponse({"status": "unavailable", "database": "not migrated"}, status=503)
        return JsonResponse({"status": "ok", "database": "ok"})


def pending_migrations() -> list[str]:
    """The migrations that the database still lacks, as `app.0001_name`."""
    executor = MigrationExecutor(connection)
    plan = executor.migration_plan(executor.loader.graph.leaf_nodes())
    return [f"{migration.app_label}.{migration.name}" for migration, _ in plan]
