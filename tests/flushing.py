"""What a test that commits costs at its end, when all tables are emptied: little."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.core.management.commands import flush
from django.db import connection


def make_cheap(patch: pytest.MonkeyPatch) -> None:
    """Django finds out anew what migrations say of types and rights: it is put back as it was.
    PostgreSQL is slow to truncate: it locks out whoever is late, as before, but deletes."""
    types, rights = list(ContentType.objects.all()), list(Permission.objects.all())

    def put_back(*args: object) -> None:
        ContentType.objects.bulk_create(types)
        Permission.objects.bulk_create(rights)

    patch.setattr(flush, "emit_post_migrate_signal", put_back)
    if connection.vendor == "postgresql":
        patch.setattr(type(connection.ops), "sql_flush", _deletes)


def _deletes(self: Any, style: object, tables: list[str], **how: object) -> list[str]:
    names = [self.quote_name(table) for table in tables]
    locked = f"LOCK TABLE {', '.join(names)} IN ACCESS EXCLUSIVE MODE"
    return [locked, *(f"DELETE FROM {name}" for name in names)]  # noqa: S608
