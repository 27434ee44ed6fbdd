"""PostgreSQL, whose connections are made with the limits of `core.patience`.

They are sent along with the name and the password: a `SET` would cost another question, and behind
a pooler in transaction mode it would hold for jobs too. What is sent so it refuses, or ignores.
"""

from __future__ import annotations

from typing import Any

from django.db.backends.postgresql import base

from codetrack.core import patience


class DatabaseWrapper(base.DatabaseWrapper):
    def get_connection_params(self) -> dict[str, Any]:
        parameters: dict[str, Any] = super().get_connection_params()
        if limits := patience.options():
            own = parameters.get("options", "")
            parameters["options"] = f"{limits} {own}".rstrip()  # what DATABASE_URL says prevails
        return parameters
